# shellcheck shell=sh
# Sourced by engine.sh: what sees to it that the old network comes back. Nothing is changed unless all of it stands.
# shellcheck disable=SC2154,SC2034

unit() { echo "netwright-$1-$id"; }

# KillMode=process: a DHCP client that the change starts must outlive the unit it was started in.
in_unit() {
  name=$1; shift
  systemd-run --quiet --collect --unit="$name" --property=KillMode=process "$@"
}

arm() {
  [ -d /run/systemd/system ] || give_up "systemd does not run here, and nothing else could bring the network back"
  [ "$(state)" = STAGED ] || { echo "it is ${dir##*/} in state $(state)" >&2; exit 69; }
  make_inbox || give_up "/run/netwright can't be written"
  arm_guard || give_up "the guard for the next boot could not be set up"
  arm_timer $((trial_seconds + grace_seconds)) || give_up "the timer that would bring the network back could not be set"
  in_unit "$(unit supervisor)" /bin/sh "$dir/engine.sh" supervise || give_up "the supervisor could not be started"
  is_supervised || give_up "the supervisor does not run"
  enter ARMED "waits $go_seconds s for the word to begin" || give_up "the journal can't be written"
}
make_inbox() { mkdir -p "$live/inbox" && chown "$user" "$live/inbox" && chmod 700 "$live/inbox"; }

give_up() {
  echo "$1" >&2
  kill_supervisor
  enter REVERTED "$1; nothing was changed"
  clean_up
  exit 69
}

# arm_timer SECONDS: a name nobody has used yet: of a name that exists systemd would make no timer.
arm_timer() {
  count=0
  while [ -e "$live/timer-$count" ]; do count=$((count + 1)); done
  timer=$(unit "deadman$count")
  in_unit "$timer" --on-active="$1" --timer-property=AccuracySec=1s /bin/sh "$dir/engine.sh" expire || return 1
  systemctl is-active --quiet "$timer.timer" || return 1
  case $(systemctl show --property=NextElapseUSecMonotonic --value "$timer.timer") in '' | 0 | infinity) return 1 ;; esac
  : > "$live/timer-$count"
  [ "$count" = 0 ] || systemctl stop "$(unit "deadman$((count - 1))").timer"
  return 0
}

# Found at boot, it takes back what is on disk before any network service starts.
arm_guard() {
  mkdir -p /etc/systemd/system/sysinit.target.wants || return 1
  cat > "$guard" << END || return 1
[Unit]
Description=Netwright: undo a network change that was not confirmed
Documentation=file:$dir/engine.sh
DefaultDependencies=no
ConditionPathExists=$pending
RequiresMountsFor=$dir /etc
After=local-fs.target systemd-remount-fs.service
Before=sysinit.target network-pre.target systemd-networkd.service NetworkManager.service networking.service wickedd.service
Before=ovsdb-server.service ovs-vswitchd.service openvswitch-switch.service openvswitch.service
Wants=network-pre.target

[Service]
Type=oneshot
ExecStart=/bin/sh $dir/engine.sh guard
END
  ln -sf "$guard" "/etc/systemd/system/sysinit.target.wants/${guard##*/}" || return 1
  flush "$guard"
  flush /etc/systemd/system/sysinit.target.wants
}

is_supervised() { systemctl is-active --quiet "$(unit supervisor).service"; }
kill_supervisor() { systemctl kill --signal=KILL "$(unit supervisor).service" 2>/dev/null || true; }

# The change runs in a unit of its own, so that all it has started can be found and ended. A step may wait for longer than a host may be without
# an address, for a DHCP server that is silent. `stopped` says where no step failed.
run_apply() {
  stopped='' dark_since=''
  rm -f "$live/applied" "$live/apply-ended"
  in_unit "$(unit apply)" --no-block --property=Type=oneshot /bin/sh "$dir/engine.sh" apply || return 1
  until [ -e "$live/apply-ended" ]; do
    if called_off; then stopped="asked to go back"; return 1; fi
    if [ "$(now)" -ge "$(deadline)" ]; then stopped="the time is up, and a step still runs"; return 1; fi
    if [ -n "$(addresses_of "$source" 4)$(addresses_of "$target" 4)" ]; then dark_since=''
    else
      : "${dark_since:=$(now)}"
      if [ $(($(now) - dark_since)) -ge $((settle_seconds * 100)) ]; then
        stopped="a step still runs, and there was no address for $settle_seconds s"
        return 1
      fi
    fi
    sleep 0.1
  done
  [ -e "$live/applied" ]
}
apply_in_unit() {
  if run_steps apply; then : > "$live/applied"; fi
  : > "$live/apply-ended"
}
kill_apply() { systemctl kill --signal=KILL "$(unit apply).service" 2>/dev/null || true; }

# What an undo needs comes before the lock goes: the next change may write to the same files. The lock goes before the guard: a guard
# without a lock does nothing. Whoever is killed in the middle of this leaves it to the timer, which goes last, with the engine itself.
clean_up() {
  remove_inert
  if [ "$(state)" = DONE ] && ! keep_for_undo; then rm -rf "$dir/kept"; fi
  unlock
  rm -f "/etc/systemd/system/sysinit.target.wants/${guard##*/}" "$guard"
  rm -rf "$live"
  for entry in "$dir"/*; do
    case ${entry##*/} in
      settings | state | journal | *.sh) ;;
      kept) [ "$(state)" = DONE ] || rm -rf "$entry" ;;
      *) rm -rf "$entry" ;;
    esac
  done
  systemctl stop "netwright-deadman*-$id.timer" 2>/dev/null
  rm -f "$dir"/*.sh
}
