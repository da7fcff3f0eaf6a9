# shellcheck shell=sh
# Sourced by engine.sh: the way back. The network stack's own first, then by ip(8) alone.
# shellcheck disable=SC2154

# Nothing was changed yet.
withdraw() {
  decide revert || exit 0
  finish REVERTED "$1; nothing was changed"
}

fall_back() {
  decide revert || exit 0
  revert "$1"
}

# Never returns.
revert() {
  enter REVERTING "$1"
  kill_apply
  put_files_back || say "not every file could be put back"
  run_steps revert on || say "the stack's own way back did not go well"
  if back_soon "$settle_seconds"; then finish REVERTED "the old network is back"; fi
  say "$problems"
  if ! configured_as_before; then
    restore_past_stack
    if back_soon 10; then finish REVERTED "the old network is back, by ip(8)"; fi
  fi
  if configured_as_before; then as_before; finish REVERTED "the old network is back, but: $problems"; fi
  # The guard and all that was kept stay: a restart of the host tries again.
  enter REVERT_FAILED "$problems"
  if [ "$reboot_if_lost" = yes ]; then
    say "restarts the host, as was agreed before"
    systemctl reboot
  fi
  exit 1
}

back_soon() {
  until=$(($(now) + $1 * 100))
  watch_withheld
  until as_before; do
    free_withheld "$source" kept
    [ "$(now)" -lt "$until" ] || return 1
    sleep 0.2
  done
}

# By hand, or for somebody who has lost the app. Where the supervisor lives, it is told.
revert_by_hand() {
  make_inbox
  case $(state) in
    REVERT_FAILED) revert "tried again" ;;
    *) if is_supervised; then : > "$live/revert"; else decide revert || true; revert "by hand"; fi ;;
  esac
}

# By ip(8), whatever the stack makes of it. NetworkManager still knows the profiles of the trial and would make the bridge again: it
# is stopped for that, and may take over with the old files afterwards, unless the host would be lost by it.
restore_past_stack() {
  case $stack in
    *NetworkManager)
      timeout 30 systemctl stop NetworkManager.service
      restore_network
      regenerate
      # By which profile it has the NIC. It would else take the addresses it finds for somebody else's.
      [ ! -e "$dir/kept/device" ] || cp "$dir/kept/device" "$(device_state)"
      timeout 30 systemctl start NetworkManager.service
      timeout 15 nm-online -q -s -t 10
      if ! back_soon 5; then
        say "NetworkManager is stopped: by it the old network does not come back"
        timeout 30 systemctl stop NetworkManager.service
        restore_network
      fi ;;
    *)
      restore_network
      regenerate ;;
  esac
}

# As it was, by the lines kept of ip(8). Addresses are given for ever: nobody may be there to renew them.
restore_network() {
  [ -s "$dir/kept/addresses" ] || { say "nothing is kept to restore"; return; }
  say "restores addresses and routes by ip(8)"
  restore_shape
  ip link set dev "$source" mtu "$(cat "$dir/kept/mtu")" up
  ip -4 addr flush dev "$source" scope global
  awk '{
    line = $4
    for (i = 5; i < NF; i++) {
      if ($i == "peer" || $i == "brd" || $i == "scope" || $i == "metric") line = line " " $i " " $(i + 1)
      if ($i == "noprefixroute") line = line " " $i
    }
    print line }' "$dir/kept/addresses" | while read -r address; do
    case $address in fe80:*) continue ;; esac
    # shellcheck disable=SC2086  # words of ip(8)
    ip addr replace $address dev "$source" || say "address $address could not be restored"
  done
  restore_routes 4
  restore_routes 6
  restore_rules 4
  restore_rules 6
}

# Routes through a gateway need the route to that gateway: twice over, and only the second time is told.
restore_routes() {
  for pass in first second; do
    grep -v 'table local\|fe80::' "$dir/kept/routes$1" | sed 's/ expires [0-9]*sec//; s/ linkdown//; s/ dead//; s/ error -[0-9]*//' |
      while read -r route; do
        # shellcheck disable=SC2086
        ip "-$1" route replace $route dev "$source" 2>/dev/null || [ "$pass" = first ] || say "route $route could not be restored"
      done
  done
}
restore_rules() {
  ip "-$1" rule show > "$live/rules"
  grep -vxF -f "$live/rules" "$dir/kept/rules$1" | sed 's/^\([0-9]*\):[[:space:]]*/\1 /' | while read -r priority rule; do
    # shellcheck disable=SC2086
    ip "-$1" rule add priority "$priority" $rule || say "rule $rule could not be restored"
  done
}
