# shellcheck shell=bash
# Tries who reaches whom on this host's networks, by bash, from network namespaces that are there for seconds. `main` takes the plan:
#   limit SECONDS      after which everything ends by itself, whatever becomes of this script
#   settle SECONDS     how long ports may take until they forward (spanning tree)
#   probe N KIND DEVICE MTU WIRE ADDRESSES PREFIX GATEWAY TAG OPTIONS ROUTES
#                      a namespace plugged into DEVICE (KIND: linux, ovs) as libvirt plugs machines in, with the address WIRE/16 and
#                      the first of ADDRESSES (with commas) that nobody answers for; ROUTES: SUBNET=ADDRESS, with semicolons, as OPTIONS;
#                      the words from ADDRESSES on may each be -
#   wait N FROM ADDRESS PORT SECONDS
#                      until the probe FROM connects to PORT there; of PORT -, until somebody on its wire says that he has ADDRESS
#   try N FROM TO PORTS
#                      FROM: a probe or `host`; TO: an address, @PROBE, or ~PROBE for its WIRE; PORTS: with commas
# and says on stdout, a line each:
#   removed OWNER | busy OWNER | missing TOOL | probe N up ADDRESS | probe N taken | probe N untagged WORDS | probe N failed WORDS | waited N yes | waited N no | tried N TCP PING | done
# TCP: PORT=open, refused, unreachable or silent, with commas; PING: yes, no, or - where there is no ping.
# `untagged`: the kernel makes no VLAN devices. Links are called nwp<pid of this script>-N, processes netwright-probe-<pid>: what a killed script leaves is found by that and removed
# by the next. A namespace lives as long as its processes do, and these have a time limit.

me=$$
port=47077
declare -A holder address wire at

# Keeps what a command says for `why`, and its exit code.
ok() { why=$("$@" 2>&1 </dev/null); }

# Probes' processes and the scripts they are of: two numbers a line.
processes() {
  local file name
  for file in /proc/[0-9]*/cmdline; do
    name=
    IFS= read -r -d '' name <"$file"
    case $name in netwright-probe-*) file=${file#/proc/}; echo "${file%/cmdline} ${name#netwright-probe-}" ;; esac
  done
} 2>/dev/null

# Probes' ports in the switches' database, where they outlive the host's restart.
switch_ports() {
  command -v ovs-vsctl >/dev/null && ovs-vsctl --timeout=10 --bare --columns=name list Port 2>/dev/null | grep '^nwp[0-9]*-[0-9]'
}

is_at_work() { tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -q -e '-s netwright-probe'; }

# Takes away all that the script $1 made.
remove() {
  local name pid owner
  local -a gone=()
  for name in $(switch_ports); do
    case $name in "nwp$1-"*) gone+=(-- --if-exists del-port "$name") ;; esac
  done
  # All at once: who stops a test has little time.
  [ ${#gone[@]} -eq 0 ] || ovs-vsctl --timeout=10 "${gone[@]}"
  for name in /sys/class/net/"nwp$1-"*; do
    [ -e "$name" ] && ip link del "${name##*/}"
  done
  processes | while read -r pid owner; do
    [ "$owner" = "$1" ] && kill "$pid"
  done
} >/dev/null 2>&1

remove_leftovers() {
  local name owner
  {
    for name in $(switch_ports) $(cd /sys/class/net && echo *); do
      case $name in nwp[0-9]*-[0-9]*) owner=${name#nwp}; echo "${owner%%-*}" ;; esac
    done
    processes | while read -r _ owner; do echo "$owner"; done
  } | sort -u | while read -r owner; do
    if is_at_work "$owner"; then echo "busy $owner"; else remove "$owner"; echo "removed $owner"; fi
  done
}

inside() { local n=$1; shift; nsenter -t "${holder[$n]}" -n "$@"; }

# In the namespace of the probe $1, under the name that says whose it is, until the limit.
listen() {
  # shellcheck disable=SC2016 # the inner bash expands it
  nsenter -t "${holder[$1]}" -n bash -c 'exec -a "$0" timeout "$@"' "netwright-probe-$me" "$limit" dnsmasq --keep-in-foreground --conf-file=/dev/null \
    --no-resolv --no-hosts --pid-file= --user=root --bind-interfaces --listen-address="${address[$1]},${wire[$1]}" --port=$port --log-facility=/dev/null </dev/null >/dev/null 2>&1 &
}

# By somebody who is no probe: the address $1, on the device $2, as the words after these see it.
is_answered() { "${@:3}" ip -4 neigh show to "$1" dev "$2" 2>/dev/null | grep lladdr | grep -v -q 'lladdr 5a:4e:57:'; }

is_here() { case $(ip -4 route get "$1" 2>/dev/null) in *" via "*) return 1 ;; *" dev $2 "*) return 0 ;; *) return 1 ;; esac; }

# A namespace and its cable, without an address.
plug() {
  local n=$1 kind=$2 device=$3 mtu=$4 tag=$9 options=${10} link=nwp$me-$1 mac own each
  local -a columns=()
  wire[$n]=$5
  at[$n]=eth0
  # shellcheck disable=SC2016 # the inner bash expands it
  unshare -n bash -c 'exec -a "$0" sleep "$1"' "netwright-probe-$me" "$limit" </dev/null >/dev/null 2>&1 &
  holder[$n]=$!
  own=$(readlink /proc/self/ns/net)
  why='the kernel gives no network namespace'
  for each in {1..100}; do
    [ "$(readlink "/proc/${holder[$n]}/ns/net")" = "$own" ] || break
    sleep 0.02
  done
  [ -e "/proc/${holder[$n]}/ns/net" ] && [ "$(readlink "/proc/${holder[$n]}/ns/net")" != "$own" ] || return 1
  # A bridge takes the lowest MAC of its ports for its own: this one is higher than a NIC's. The MTU is the bridge's for the same reason.
  printf -v mac '%02x:%02x:%02x' $((me >> 8 & 255)) $((me & 255)) "$n"
  ok ip link add "$link" address "fe:4e:57:$mac" mtu "$mtu" type veth peer name eth0 address "5a:4e:57:$mac" mtu "$mtu" netns "${holder[$n]}" || return 1
  ok ip link set "$link" addrgenmode none
  case $kind in
    linux)
      ok ip link set "$link" master "$device" || return 1
      if [ "$options" = isolated ]; then ok bridge link set dev "$link" isolated on || return 1; fi ;;
    ovs)
      [ "$options" = - ] || read -ra columns <<<"${options//;/ }"
      ok ovs-vsctl --timeout=10 add-port "$device" "$link" "${columns[@]}" -- set Interface "$link" "external_ids:netwright-probe=$me" || return 1
      # A datapath in user space completes no checksums.
      if command -v ethtool >/dev/null; then ok inside "$n" ethtool -K eth0 tx off; fi ;;
  esac
  ok ip link set "$link" up || return 1
  ok inside "$n" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
  ok inside "$n" ip link set lo up && ok inside "$n" ip link set eth0 up || return 1
  if [ "$tag" != - ]; then
    at[$n]=eth0.$tag
    ok inside "$n" ip link add link eth0 name "${at[$n]}" type vlan id "$tag" || return 3
    ok inside "$n" ip link set "${at[$n]}" up || return 1
  fi
  ok inside "$n" ip address add "${wire[$n]}/16" dev "${at[$n]}"
}

# Has the addresses $6 asked for where the host is on the wire, and in the namespace: who has one says so to either.
ask() {
  local n=$1 device=$3 each
  for each in ${6//,/ }; do
    if is_here "$each" "$device"; then (echo >"/dev/udp/$each/9") 2>/dev/null; fi
    ok inside "$n" ip route add "$each/32" dev "${at[$n]}"
    ok inside "$n" bash -c "echo >/dev/udp/$each/9"
  done
}

# The first address that nobody has, the ways on, and somebody who listens.
settle_in() {
  local n=$1 device=$3 prefix=$7 gateway=$8 routes=${11} each
  address[$n]=$5
  if [ "$6" != - ]; then
    address[$n]=
    for each in ${6//,/ }; do
      is_answered "$each" "$device" || is_answered "$each" "${at[$n]}" inside "$n" || { address[$n]=$each; break; }
    done
    [ -n "${address[$n]}" ] || return 2
    for each in ${6//,/ }; do ok inside "$n" ip route del "$each/32" dev "${at[$n]}"; done
    ok inside "$n" ip address add "${address[$n]}/$prefix" dev "${at[$n]}" || return 1
  fi
  if [ "$gateway" != - ]; then ok inside "$n" ip route add default via "$gateway" || return 1; fi
  if [ "$routes" != - ]; then
    for each in ${routes//;/ }; do ok inside "$n" ip route add "${each%%=*}" via "${each#*=}" || return 1; done
  fi
  listen "$n"
  for each in {1..100}; do
    ok inside "$n" bash -c "exec 3<>/dev/tcp/${address[$n]}/$port" && return 0
    sleep 0.02
  done
  why='dnsmasq does not listen there'
  return 1
}

# Until the port passes frames on, as spanning tree has it.
settled() {
  local link=nwp$me-$1 until=$((SECONDS + settle))
  while :; do
    case $2 in
      linux) [ "$(cat "/sys/class/net/$link/brport/state" 2>/dev/null)" = 3 ] && return ;;
      ovs) case $(ovs-vsctl --timeout=10 get Port "$link" status 2>/dev/null) in *listening*|*learning*) ;; *) return ;; esac ;;
    esac
    [ "$SECONDS" -ge "$until" ] && return
    sleep 0.1
  done
}

connect() {
  local said
  said=$("${enter[@]}" timeout 3 bash -c "exec 3<>/dev/tcp/$1/$2" 2>&1 </dev/null) && { echo "$2=open"; return; }
  case $said in
    *refused*) echo "$2=refused" ;;
    *unreachable*|*'No route'*) echo "$2=unreachable" ;;
    *) echo "$2=silent" ;;
  esac
}

# A router that boots has its rules before its addresses, and its name server last.
wait_for() {
  local n=$1 from=$2 to=$3 port=$4 until=$((SECONDS + $5))
  local -a enter=(nsenter -t "${holder[$from]}" -n)
  while :; do
    if [ "$port" = - ]; then
      ok inside "$from" bash -c "echo >/dev/udp/$to/9"
      is_answered "$to" "${at[$from]}" inside "$from" && break
    else
      case $(connect "$to" "$port") in *=open|*=refused) break ;; esac
    fi
    [ "$SECONDS" -ge "$until" ] && { echo "waited $n no"; return; }
    sleep 0.2
  done
  echo "waited $n yes"
}

attempt() {
  local n=$1 from=$2 to=$3 ports=$4 tcp ping=- each
  local -a enter=()
  [ "$from" = host ] || enter=(nsenter -t "${holder[$from]}" -n)
  case $to in
    @*) to=${address[${to#@}]} ;;
    '~'*) to=${wire[${to#'~'}]} ;;
  esac
  if command -v ping >/dev/null; then
    ping=no
    "${enter[@]}" ping -n -q -c 3 -i 0.3 -W 1 "$to" </dev/null >/dev/null 2>&1 &
  fi
  tcp=$(for each in ${ports//,/ }; do connect "$to" "$each" & done; wait)
  if [ $ping = no ]; then wait $! && ping=yes; fi
  echo "tried $n ${tcp//$'\n'/,} $ping"
}

# Says of a probe why there is none; false: there is one.
failed() {
  case $2 in
    0) return 1 ;;
    2) echo "probe $1 taken" ;;
    3) echo "probe $1 untagged ${why//$'\n'/ }" ;;
    *) echo "probe $1 failed ${why//$'\n'/ }" ;;
  esac
}

main() {
  local -a plan plugged=() trying=()
  local -A up=()
  local line words leftovers tool each running=0 asked=no
  mapfile -t plan
  for tool in ip unshare nsenter timeout dnsmasq; do
    command -v $tool >/dev/null || { echo "missing $tool"; return; }
  done
  leftovers=$(remove_leftovers)
  [ -n "$leftovers" ] && echo "$leftovers"
  case $leftovers in *busy*) return ;; esac
  trap 'remove $me' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  for line in "${plan[@]}"; do
    read -ra words <<<"$line"
    case ${words[0]} in
      limit)
        limit=${words[1]}
        bash -c 'exec -a "$0" timeout "$1" sh -c "sleep $2; kill $3"' "netwright-probe-$me" "$limit" $((limit - 5)) $me </dev/null >/dev/null 2>&1 & ;;
      settle) settle=${words[1]} ;;
      probe)
        plug "${words[@]:1}"
        failed "${words[1]}" $? || plugged+=("$line") ;;
    esac
  done
  for line in "${plugged[@]}"; do read -ra words <<<"$line"; settled "${words[@]:1:2}"; done
  for line in "${plugged[@]}"; do
    read -ra words <<<"$line"
    [ "${words[6]}" = - ] || { ask "${words[@]:1}"; asked=yes; }
  done
  # Answers to that come within it, from whoever is on the wire.
  [ $asked = no ] || sleep 1
  for line in "${plugged[@]}"; do
    read -ra words <<<"$line"
    each=${words[1]}
    settle_in "${words[@]:1}"
    failed "$each" $? || { echo "probe $each up ${address[$each]}"; up[$each]=yes; }
  done
  for line in "${plan[@]}"; do
    read -ra words <<<"$line"
    [ "${words[0]}" = wait ] || continue
    [ -n "${up[${words[2]}]}" ] || continue
    wait_for "${words[@]:1}" &
    trying+=($!)
  done
  if [ ${#trying[@]} -gt 0 ]; then wait "${trying[@]}"; trying=(); fi
  for line in "${plan[@]}"; do
    read -ra words <<<"$line"
    [ "${words[0]}" = try ] || continue
    [ "${words[2]}" = host ] || [ -n "${up[${words[2]}]}" ] || continue
    case ${words[3]} in [@~]*) [ -n "${up[${words[3]#?}]}" ] || continue ;; esac
    # As many at once as a small host bears.
    if [ "$running" -ge 60 ]; then wait -n; running=$((running - 1)); fi
    attempt "${words[@]:1}" &
    trying+=($!) running=$((running + 1))
  done
  [ ${#trying[@]} -gt 0 ] && wait "${trying[@]}"
  echo 'done'
}

