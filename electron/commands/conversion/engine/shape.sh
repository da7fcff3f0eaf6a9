# shellcheck shell=sh
# Sourced by engine.sh: how the NIC and the bridge stand to each other before and after, and which of them carries the network.
# shellcheck disable=SC2154,SC2034

# `port`: the NIC is a port of the bridge. `free`: it is none, and there is no such bridge. `out`: it is none, and the bridge is there.
# `any`: nothing is made or taken away. `plug`: whose carrier has to stay.
plug=$nic
case $goal in
  unport) source=$bridge target=$bridge plug=$bridge shape_before=port shape_after=out aim="$nic leaves $bridge, which stays" ;;
  unbridge) source=$bridge target=$nic shape_before=port shape_after=free aim="$nic leaves $bridge, which goes" ;;
  address) source=$nic target=$nic shape_before=any shape_after=any aim="$nic gets other addresses or routes" ;;
  *) source=$nic target=$bridge shape_before=free shape_after=port aim="$nic becomes a port of $bridge" ;;
esac

# shaped SHAPE. Sets `problems`.
shaped() {
  problems=''
  case $1 in
    port)
      is_port || problems="$nic is no port of $bridge" ;;
    free)
      if [ -e "/sys/class/net/$nic/master" ]; then problems="$nic is a port already or still"
      elif [ -e "/sys/class/net/$bridge" ]; then problems="there is a network interface $bridge"; fi ;;
    out)
      if [ -e "/sys/class/net/$nic/master" ] || is_port; then problems="$nic is a port already or still"
      elif [ ! -e "/sys/class/net/$bridge" ]; then problems="there is no network interface $bridge"; fi ;;
  esac
  [ -z "$problems" ]
}

master_of() { master=$(readlink "/sys/class/net/$1/master") && basename "$master"; }
is_port() {
  if [ "$kind" = ovs ]; then [ "$(ovs-vsctl --timeout=5 port-to-br "$nic" 2>/dev/null)" = "$bridge" ]
  else [ "$(master_of "$nic")" = "$bridge" ]; fi
}

# By ip(8) alone, as it was: for the way back, where the stack's own has failed.
restore_shape() {
  case $shape_before in
    free)
      if [ "$kind" = ovs ]; then ovs-vsctl --timeout=10 --if-exists del-br "$bridge"; fi
      ip link set dev "$nic" nomaster
      if [ -e "/sys/class/net/$bridge" ]; then ip link del dev "$bridge"; fi ;;
    port)
      ip addr flush dev "$nic" scope global
      if [ "$kind" = ovs ]; then
        ovs-vsctl --timeout=10 -- --may-exist add-br "$bridge" -- set bridge "$bridge" other-config:hwaddr="\"$(cat "$dir/kept/mac")\"" -- --may-exist add-port "$bridge" "$nic"
      else
        [ -e "/sys/class/net/$bridge" ] || ip link add name "$bridge" address "$(cat "$dir/kept/mac")" type bridge stp_state 0 forward_delay 0
        ip link set dev "$nic" master "$bridge" up
      fi ;;
  esac
}
