# shellcheck shell=sh
# Sourced by engine.sh: what the host itself can tell of its network. "Connected" or "has a lease" proves nothing: the
# gateway must answer.
# shellcheck disable=SC2154,SC2034

# Global addresses of an interface, one a line, sorted. Temporary IPv6 addresses come and go.
addresses_of() { ip -o "-$2" addr show dev "$1" scope global 2>/dev/null | grep -v ' temporary' | awk '{print $4}' | sort; }

# Default routes as "gateway interface metric", the winner first.
defaults() {
  ip "-$1" route show default | awk '{
    gateway = "-"; device = "-"; metric = 0
    for (i = 2; i < NF; i++) { if ($i == "via") gateway = $(i + 1); if ($i == "dev") device = $(i + 1); if ($i == "metric") metric = $(i + 1) }
    print gateway, device, metric }' | sort -k 3n -k 1
}

# gateway_of INTERFACE FOLDER: by what was kept, or by what is wanted.
gateway_of() { awk -v device="$1" '$2 == device && $1 != "-" { print $1; exit }' "$dir/$2/defaults4"; }

answers() { ping -c 1 -W 1 -I "$2" "$1" >/dev/null 2>&1; }

# For routers that don't answer ping: asked anew by ARP, since an old answer counts for half a minute.
answers_arp() {
  ip neigh flush to "$1" dev "$2" 2>/dev/null
  answers "$1" "$2" || ip neigh show "$1" dev "$2" | grep -q 'lladdr .*\(REACHABLE\|DELAY\|PROBE\)'
}

# A packet as long as the MTU, in one piece: 28 bytes of it are its headers.
answers_whole() { ping -c 1 -W 1 -I "$2" -M "do" -s $((mtu_wanted - 28)) "$1" >/dev/null 2>&1; }

resolves() { [ -n "$dns_name" ] && timeout 5 getent hosts "$dns_name" >/dev/null 2>&1; }

mtu_of() { cat "/sys/class/net/$1/mtu"; }
has_carrier() { [ "$(cat "/sys/class/net/$1/carrier" 2>/dev/null)" = 1 ]; }

# Before: what will have to be so again. A probe that fails now proves nothing later, and is left out.
remember_probes() {
  addresses_of "$source" 4 > "$dir/kept/ipv4"
  addresses_of "$source" 6 > "$dir/kept/ipv6"
  defaults 4 > "$dir/kept/defaults4"
  defaults 6 > "$dir/kept/defaults6"
  : > "$dir/kept/probes"
  has_carrier "$plug" && echo carrier >> "$dir/kept/probes"
  gateway=$(gateway_of "$source" kept)
  if [ -n "$gateway" ] && command -v ping >/dev/null; then
    if answers "$gateway" "$source"; then echo ping >> "$dir/kept/probes"
    elif answers_arp "$gateway" "$source"; then echo arp >> "$dir/kept/probes"; fi
  fi
  resolves && echo dns >> "$dir/kept/probes"
  remember_wanted
}
probed() { grep -qx "$1" "$dir/kept/probes"; }

# What is to be, where the change doesn't say it itself: as it was, on the interface that carries the network afterwards.
remember_wanted() {
  for name in ipv4 ipv6; do
    [ -e "$dir/wanted/$name" ] || cp "$dir/kept/$name" "$dir/wanted/$name" || return 1
  done
  # A NIC may take longer packets than its bridge did.
  if [ -n "$mtu_wanted" ]; then echo "$mtu_wanted" > "$dir/wanted/mtu"
  elif [ "$goal" != unbridge ]; then cp "$dir/kept/mtu" "$dir/wanted/mtu"; fi || return 1
  staying_defaults 4 > "$dir/wanted/staying4" || return 1
  staying_defaults 6 | sed "s/ $source / $target /" | sort -k 3n -k 1 > "$dir/wanted/defaults6" || return 1
  awk -v from="$source" -v to="$target" -v gateway="$gateway_wanted" '
    $2 == from { $2 = to; if (gateway != "") $1 = gateway; found = 1 }
    { print }
    END { if (!found && gateway != "") print gateway, to, 0 }' "$dir/wanted/staying4" | sort -k 3n -k 1 > "$dir/wanted/defaults4"
}
# staying_defaults FAMILY: what was kept, but for routes that the change leaves out with what brought them along.
staying_defaults() {
  case $no_default in
    *" ipv$1 "*) awk -v from="$source" '$2 != from' "$dir/kept/defaults$1" ;;
    *) cat "$dir/kept/defaults$1" ;;
  esac
}

# missing_routes INTERFACE FILE: the destinations of the file, where there is one, that no route over the interface leads to.
missing_routes() {
  [ -e "$2" ] || return 0
  while IFS= read -r range; do
    case $range in *:*) family=6 ;; *) family=4 ;; esac
    [ -n "$(ip "-$family" route show to exact "$range" dev "$1" 2>/dev/null)" ] || echo "$range"
  done < "$2"
}

# new_addresses INTERFACE FILE: whether it has the IPv6 addresses of the file, where there is one. The kernel asks first whether somebody
# else has them (RFC 4862), and says so. Sets `problems` and `hopeless`.
new_addresses() {
  [ -e "$2" ] || return 0
  while IFS= read -r address; do
    line=$(ip -o -6 addr show dev "$1" scope global | grep -F " inet6 $address ")
    case $line in
      '') problems="$1 has not the address $address"; return 1 ;;
      *dadfailed*) problems="somebody else has $address" hopeless="somebody else on the LAN has $address already"; return 1 ;;
      *tentative*) problems="$1 has not got the address $address yet"; return 1 ;;
    esac
  done < "$2"
}

# configured INTERFACE FOLDER: whether it has the addresses and routes that are noted there. Sets `problems`; `hopeless` where
# waiting won't help; `doubts`, which are no reason to go back.
configured() {
  problems='' hopeless='' doubts=''
  if [ "$(addresses_of "$1" 4)" != "$(cat "$dir/$2/ipv4")" ]; then
    problems="$1 has not the addresses it should have: $(cat "$dir/$2/ipv4")"
    # What it had before may take its time to go.
    new=$(addresses_of "$1" 4 | grep -vxF -f "$dir/$2/ipv4" | grep -vxF -f "$dir/kept/ipv4")
    [ -z "$new" ] || hopeless="$1 was given another address: $new"
    return 1
  fi
  # What was fixed before may be there still, and proves nothing of the DHCP server. A lease ends.
  if [ "$2" = wanted ] && [ -n "$leased_wanted" ] && ! ip -o -4 addr show dev "$1" dynamic | grep -qF " inet $leased_wanted/"; then
    problems="$1 has no lease of $leased_wanted: no DHCP server has given it"
    return 1
  fi
  at=$reached
  if [ "$2" = wanted ] && [ -n "$moves" ]; then at=$moves; fi
  case $at in
    *:*) ip -o -6 addr show dev "$1" | grep -q " inet6 $at/" || { problems="$1 has not the address $at"; return 1; } ;;
  esac
  new_addresses "$1" "$dir/$2/new6" || return 1
  if [ -e "$dir/$2/mtu" ] && [ "$(mtu_of "$1")" != "$(cat "$dir/$2/mtu")" ]; then
    problems="$1 has another MTU than it should have: $(mtu_of "$1"), not $(cat "$dir/$2/mtu")"
    return 1
  fi
  # What was left out must not be there; other addresses of IPv6 come and go.
  left=$(grep -vxF -f "$dir/$2/ipv6" "$dir/kept/ipv6")
  if [ -n "$left" ] && addresses_of "$1" 6 | grep -qxF "$left"; then
    problems="$1 has still what should be left out: $left"
    return 1
  fi
  missing=$(missing_routes "$1" "$dir/$2/routes")
  if [ -n "$missing" ]; then
    problems="$1 has no route to $missing"
    return 1
  fi
  [ "$(addresses_of "$1" 6)" = "$(cat "$dir/$2/ipv6")" ] || doubts="other IPv6 addresses than before"
  if [ "$(defaults 4)" != "$(cat "$dir/$2/defaults4")" ]; then
    problems="another default route than there should be (gateway, interface, metric): $(defaults 4)"
    return 1
  fi
  if [ "$2" = wanted ] && [ -n "$gateway6_wanted" ]; then
    defaults 6 | grep -q "^$gateway6_wanted $1 " || { problems="$1 has no default route of IPv6 by $gateway6_wanted"; return 1; }
  else
    [ "$(defaults 6)" = "$(cat "$dir/$2/defaults6")" ] || doubts="$doubts; another IPv6 default route"
  fi
}

# answered INTERFACE FOLDER: whether what answered before does so again, through it; a new gateway has to in any case.
answered() {
  gateway=$(gateway_of "$1" "$2")
  if [ "$2" = wanted ] && [ -n "$gateway_wanted" ]; then
    answers "$gateway" "$1" || answers_arp "$gateway" "$1" || { problems="the gateway $gateway does not answer through $1"; return 1; }
  elif [ -z "$gateway" ]; then
    # Left out with what brought it along: nothing is proved by it.
    :
  elif { probed ping && ! answers "$gateway" "$1"; } || { probed arp && ! answers_arp "$gateway" "$1"; }; then
    problems="the gateway $gateway does not answer through $1"
    return 1
  fi
  if [ "$2" = wanted ] && [ -n "$gateway6_wanted" ]; then
    answers "$gateway6_wanted" "$1" || answers_arp "$gateway6_wanted" "$1" || { problems="the gateway $gateway6_wanted does not answer through $1"; return 1; }
  fi
  if [ "$2" = wanted ] && [ -n "$mtu_wanted" ] && probed ping && ! answers_whole "$gateway" "$1"; then
    problems="the gateway $gateway does not answer to packets of $mtu_wanted bytes: the network between has a smaller MTU"
    return 1
  fi
  if [ "${ask_dns:-yes}" = yes ] && probed dns && ! resolves; then
    problems="DNS no longer answers"
    return 1
  fi
}

# A stack takes addresses away by itself without a carrier: that is then the reason, and not what follows from it.
unplugged() {
  probed carrier && ! has_carrier "$plug" || return 1
  problems="$plug has lost its carrier: is the cable plugged in, and the switch on?"
}

# systemd-networkd (252) may hold a lease and yet never give the interface its address: when it is told to set the interface up in the
# moment between the two. Nor may it ever set the default route again after a carrier that went and came (systemd's issue 24999). A start
# anew helps, and nothing else; once in each wait.
watch_withheld() { withheld_since='' freed=''; }
# free_withheld INTERFACE FOLDER: of what is noted there.
free_withheld() {
  case $stack in *networkd) ;; *) return 0 ;; esac
  lacks=''
  if withheld "$1"; then lacks="has a lease for $1 and does not give it the address"
  elif routeless "$1" "$2"; then lacks="does not set the default route over $1"; fi
  if [ -n "$freed" ] || [ -z "$lacks" ]; then withheld_since=''; return 0; fi
  : "${withheld_since:=$(now)}"
  [ $(($(now) - withheld_since)) -ge 150 ] || return 0
  freed=yes
  say "systemd-networkd $lacks: it is restarted"
  timeout 20 systemctl restart systemd-networkd.service
}
# routeless INTERFACE FOLDER: it has its addresses, and no default route where it should have one.
routeless() {
  [ -n "$(gateway_of "$1" "$2")" ] && [ "$(addresses_of "$1" 4)" = "$(cat "$dir/$2/ipv4")" ] && [ -z "$(ip -4 route show default dev "$1")" ]
}
withheld() {
  lease=/run/systemd/netif/leases/$(cat "/sys/class/net/$1/ifindex" 2>/dev/null)
  leased=$(sed -n 's/^ADDRESS=//p' "$lease" 2>/dev/null)
  [ -n "$leased" ] && ! ip -o -4 addr show dev "$1" | grep -qF " inet $leased/"
}

converted() {
  hopeless='' doubts=''
  shaped "$shape_after" || return 1
  if unplugged; then return 1; fi
  configured "$target" wanted && answered "$target" wanted || return 1
  if [ "$target" = "$bridge" ] && [ "$nic" != "$bridge" ] && [ -n "$(addresses_of "$nic" 4)" ]; then
    problems="$nic has still an address"
    return 1
  fi
}

# Back is what is configured as before. That a gateway is silent, or a cable is out, is nothing that going back could mend.
configured_as_before() {
  shaped "$shape_before" || return 1
  unplugged || configured "$source" kept
}
as_before() { configured_as_before && ! unplugged && answered "$source" kept; }
