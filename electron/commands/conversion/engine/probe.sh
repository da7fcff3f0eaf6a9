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

gateway_of() { awk -v device="$nic" '$2 == device && $1 != "-" { print $1; exit }' "$dir/kept/defaults4"; }

answers() { ping -c 1 -W 1 -I "$2" "$1" >/dev/null 2>&1; }

# For routers that don't answer ping: asked anew by ARP, since an old answer counts for half a minute.
answers_arp() {
  ip neigh flush to "$1" dev "$2" 2>/dev/null
  answers "$1" "$2" || ip neigh show "$1" dev "$2" | grep -q 'lladdr .*\(REACHABLE\|DELAY\|PROBE\)'
}

resolves() { [ -n "$dns_name" ] && timeout 5 getent hosts "$dns_name" >/dev/null 2>&1; }

mtu_of() { cat "/sys/class/net/$1/mtu"; }
master_of() { master=$(readlink "/sys/class/net/$1/master") && basename "$master"; }
has_carrier() { [ "$(cat "/sys/class/net/$1/carrier" 2>/dev/null)" = 1 ]; }

is_port() {
  if [ "$kind" = ovs ]; then [ "$(ovs-vsctl --timeout=5 port-to-br "$nic" 2>/dev/null)" = "$bridge" ]
  else [ "$(master_of "$nic")" = "$bridge" ]; fi
}

# Before: what will have to be so again. A probe that fails now proves nothing later, and is left out.
remember_probes() {
  addresses_of "$nic" 4 > "$dir/kept/ipv4"
  addresses_of "$nic" 6 > "$dir/kept/ipv6"
  defaults 4 > "$dir/kept/defaults4"
  defaults 6 > "$dir/kept/defaults6"
  : > "$dir/kept/probes"
  has_carrier "$nic" && echo carrier >> "$dir/kept/probes"
  gateway=$(gateway_of)
  if [ -n "$gateway" ] && command -v ping >/dev/null; then
    if answers "$gateway" "$nic"; then echo ping >> "$dir/kept/probes"
    elif answers_arp "$gateway" "$nic"; then echo arp >> "$dir/kept/probes"; fi
  fi
  resolves && echo dns >> "$dir/kept/probes"
  return 0
}
probed() { grep -qx "$1" "$dir/kept/probes"; }

# configured INTERFACE: whether it has the addresses and routes that the NIC had. Sets `problems`; `hopeless` where waiting
# won't help; `doubts`, which are no reason to go back.
configured() {
  problems='' hopeless='' doubts=''
  if [ "$(addresses_of "$1" 4)" != "$(cat "$dir/kept/ipv4")" ]; then
    problems="$1 has not the addresses $nic had: $(cat "$dir/kept/ipv4")"
    new=$(addresses_of "$1" 4 | grep -vxF -f "$dir/kept/ipv4")
    [ -z "$new" ] || hopeless="$1 was given another address: $new"
    return 1
  fi
  case $reached in
    *:*) ip -o -6 addr show dev "$1" | grep -q " inet6 $reached/" || { problems="$1 has not the address $reached"; return 1; } ;;
  esac
  if [ "$(mtu_of "$1")" != "$(cat "$dir/kept/mtu")" ]; then
    problems="$1 has another MTU than $nic had: $(mtu_of "$1"), not $(cat "$dir/kept/mtu")"
    return 1
  fi
  [ "$(addresses_of "$1" 6)" = "$(cat "$dir/kept/ipv6")" ] || doubts="other IPv6 addresses than before"
  if [ "$(defaults 4)" != "$(sed "s/ $nic / $1 /" "$dir/kept/defaults4" | sort -k 3n -k 1)" ]; then
    problems="another default route than before (gateway, interface, metric): $(defaults 4)"
    return 1
  fi
  [ "$(defaults 6)" = "$(sed "s/ $nic / $1 /" "$dir/kept/defaults6" | sort -k 3n -k 1)" ] || doubts="$doubts; another IPv6 default route"
}

# answered INTERFACE: whether what answered before does so again, through it.
answered() {
  gateway=$(gateway_of)
  if { probed ping && ! answers "$gateway" "$1"; } || { probed arp && ! answers_arp "$gateway" "$1"; }; then
    problems="the gateway $gateway does not answer through $1"
    return 1
  fi
  if [ "${ask_dns:-yes}" = yes ] && probed dns && ! resolves; then
    problems="DNS no longer answers"
    return 1
  fi
}

# A stack takes addresses away by itself without a carrier: that is then the reason, and not what follows from it.
unplugged() {
  probed carrier && ! has_carrier "$nic" || return 1
  problems="$nic has lost its carrier: is the cable plugged in, and the switch on?"
}

converted() {
  if ! is_port; then
    problems="$nic is no port of $bridge" hopeless='' doubts=''
    return 1
  fi
  if unplugged; then hopeless=''; return 1; fi
  configured "$bridge" && answered "$bridge" || return 1
  if [ -n "$(addresses_of "$nic" 4)" ]; then
    problems="$nic has still an address"
    return 1
  fi
}

# Back is what is configured as before. That a gateway is silent, or a cable is out, is nothing that going back could mend.
configured_as_before() {
  if [ -e "/sys/class/net/$nic/master" ]; then problems="$nic is still a port"; return 1; fi
  if [ -e "/sys/class/net/$bridge" ]; then problems="$bridge is still there"; return 1; fi
  unplugged || configured "$nic"
}
as_before() { configured_as_before && ! unplugged && answered "$nic"; }
