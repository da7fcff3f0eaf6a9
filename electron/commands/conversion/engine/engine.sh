#!/bin/sh
# Netwright's guard over one change to this host's network: it makes network interface `nic` a port of bridge `bridge` (goal
# `bridge`), or takes it out again and the bridge away (`unbridge`), or takes it out of a bridge that stays (`unport`), or gives
# `nic` other addresses (`address`), on trial, and takes that back by itself unless somebody who has reached this host over a new
# connection says that it shall stay.
#
# You may be reading this because something went wrong. As root, in this folder:
#
#   cat state journal        what has happened
#   sh engine.sh revert      go back to the old network now
#
# settings        what is changed, and how long everything may take (seconds)
# apply commit revert      the commands of each phase, one file each, in their order
# files new/      files the change writes; removes: those it takes away
# kept/ wanted/   what it found: files, addresses, routes, and the same as JSON; and what addresses and routes are to be
# state journal   the state it is in, and how it came there. Times are UTC.
#
# States: STAGED, ARMED (waits for a word to begin), APPLYING, TRIAL, VERIFIED (reached from outside), COMMITTING, DONE;
# from any of them REVERTING, then REVERTED or REVERT_FAILED.
# While it runs, /run/netwright/ID/inbox takes words from the user who began it, each with the token of this change.
set -u
umask 022
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL

dir=$(cd "$(dirname "$0")" && pwd -P) || exit 1
base=$(dirname "$(dirname "$dir")")
setting() { sed -n "s/^$1=//p" "$dir/settings"; }
id=$(setting id)
stack=$(setting stack)
kind=$(setting kind)
nic=$(setting nic)
bridge=$(setting bridge)
goal=$(setting goal)
gateway_wanted=$(setting gateway)
gateway6_wanted=$(setting gateway6)
mtu_wanted=$(setting mtu)
leased_wanted=$(setting leased)
no_default=" $(setting no_default) "
user=$(setting user)
reached=$(setting reached)
moves=$(setting moves)
dns_name=$(setting dns_name)
trial_seconds=$(setting trial_seconds)
grace_seconds=$(setting grace_seconds)
go_seconds=$(setting go_seconds)
settle_seconds=$(setting settle_seconds)
unwell_seconds=$(setting unwell_seconds)
reboot_if_lost=$(setting reboot_if_lost)
live=/run/netwright/$id
# The lock: one change at a time on a host. Also what the guard at boot asks for.
pending=$base/pending
guard=/etc/systemd/system/netwright-guard-$id.service

# shellcheck source=electron/commands/conversion/engine/journal.sh
. "$dir/journal.sh"
# shellcheck source=electron/commands/conversion/engine/keep.sh
. "$dir/keep.sh"
# shellcheck source=electron/commands/conversion/engine/shape.sh
. "$dir/shape.sh"
# shellcheck source=electron/commands/conversion/engine/probe.sh
. "$dir/probe.sh"
# shellcheck source=electron/commands/conversion/engine/arm.sh
. "$dir/arm.sh"
# shellcheck source=electron/commands/conversion/engine/revert.sh
. "$dir/revert.sh"

# Exit codes: 64 wrong use, 69 could not be armed, 73 could not be staged, 75 another change is under way.

# Checks, takes the lock and keeps what is there. Nothing of the network is touched.
stage() {
  for tool in ip sed awk find sha256sum timeout stat sync; do
    command -v "$tool" >/dev/null || refuse 73 "$tool is missing on this host"
  done
  now > "$dir/staged" && drop_abandoned
  # -n: a link to a folder that is there already is not gone into.
  ln -sn "tx/$id" "$pending" 2>/dev/null || refuse 75 "another change is under way: $(readlink "$pending")"
  [ -e "/sys/class/net/$nic" ] || refuse 73 "there is no network interface $nic"
  shaped "$shape_before" || refuse 73 "$problems"
  keep || refuse 73 "$(cat "$dir/problem" 2>/dev/null)"
  enter STAGED "everything is kept; nothing was changed" || refuse 73 "the journal can't be written"
}

# refuse EXIT-CODE SENTENCE: for stage, which leaves nothing behind.
refuse() {
  echo "$2" >&2
  remove_inert
  unlock
  rm -rf "$dir"
  exit "$1"
}

# A change that was not even armed within five minutes, or before the host was restarted, holds nobody up; nor does one that has ended.
drop_abandoned() {
  other=$base/$(readlink "$pending" 2>/dev/null) || return 0
  [ -d "$other" ] || { rm -f "$pending"; return 0; }
  case $(cat "$other/state" 2>/dev/null) in DONE | REVERTED) await_clearing; return 0 ;; esac
  [ ! -e "$other/state" ] || [ "$(cat "$other/state")" = STAGED ] || return 0
  age=$(($(now) - $(cat "$other/staged" 2>/dev/null || echo 0)))
  if [ "$age" -lt 0 ] || [ "$age" -gt 30000 ]; then sh "$other/engine.sh" drop; fi
  return 0
}

# It is being cleared away, which takes a moment. Whoever was at it may have been killed: then it is done for it.
await_clearing() {
  patience=$(($(now) + 500))
  while [ "$base/$(readlink "$pending" 2>/dev/null)" = "$other" ]; do
    if [ "$(now)" -ge "$patience" ]; then sh "$other/engine.sh" expire; return; fi
    sleep 0.1
  done
}

# The supervisor, in a unit of its own that outlives every SSH session.
supervise() {
  token=$(cat "$dir/token")
  expires=$(($(now) + go_seconds * 100))
  until asked go && [ "$(state)" = ARMED ]; do
    if called_off; then withdraw "it was called off before it began"; fi
    if [ "$(now)" -ge "$expires" ]; then withdraw "no word to begin came within $go_seconds s"; fi
    sleep 0.1
  done
  set_deadline $(($(now) + (2 + trial_seconds) * 100))
  say "begins in 2 s"
  sleep 2
  [ -e "/sys/class/net/$nic" ] || withdraw "$nic is gone"
  enter APPLYING "$aim"
  place_trial_files || fall_back "the files for the trial can't be written"
  run_apply || fall_back "${stopped:-a step failed: $(cat "$live/failed" 2>/dev/null)}"
  settle || fall_back "$problems"
  note_ours 2>/dev/null
  enter TRIAL "$target carries the network; waits to be confirmed"
  hold_trial
}

# What the host itself can see must be as before, within settle_seconds. Sets `problems`.
settle() {
  until=$(($(now) + settle_seconds * 100))
  watch_withheld
  while ! converted; do
    free_withheld "$target" wanted
    if [ -n "$hopeless" ]; then problems=$hopeless; return 1; fi
    if called_off; then problems="asked to go back"; return 1; fi
    if [ "$(now)" -ge "$until" ] || [ "$(now)" -ge "$(deadline)" ]; then return 1; fi
    sleep 0.2
  done
  [ -z "$doubts" ] || say "noticed: $doubts"
}

# Until somebody decides, or the time is up, or the host is unwell for too long.
hold_trial() {
  unwell_since=
  next_look=$(($(now) + 100))
  # Asked over and over, a name server would only be bothered.
  ask_dns=no
  while :; do
    if asked confirm; then decide confirm && commit; exit; fi
    if called_off; then fall_back "asked to go back"; fi
    if [ "$(now)" -ge "$(deadline)" ]; then fall_back "nobody confirmed in time"; fi
    if asked extend; then extend "$(word 2 extend)"; fi
    if asked verified && [ "$(state)" = TRIAL ]; then enter VERIFIED "reached over a new connection"; fi
    if [ "$(now)" -ge "$next_look" ]; then
      next_look=$(($(now) + 200))
      if converted; then
        unwell_since=
      else
        : "${unwell_since:=$(now)}"
        if [ $(($(now) - unwell_since)) -ge $((unwell_seconds * 100)) ]; then fall_back "$problems"; fi
      fi
    fi
    sleep 0.1
  done
}

# Confirmed: from trial to lasting. DONE, on disk, is the point from which a reboot finds the new network.
commit() {
  ask_dns=yes
  enter COMMITTING "confirmed" || revert "the journal can't be written"
  note_theirs
  [ ! -e "$live/theirs" ] || cp "$live/theirs" "$dir/kept/theirs" || revert "no room is left"
  { copy_commit_files && place_commit_files; } || revert "the files can't be written: $(cat "$dir/problem" 2>/dev/null)"
  run_steps commit || revert "a step failed: $(cat "$live/failed" 2>/dev/null)"
  sync
  until=$(($(now) + settle_seconds * 100))
  until converted; do
    if [ "$(now)" -ge "$until" ]; then revert "after it was made lasting: $problems"; fi
    sleep 0.2
  done
  finish DONE "the network is as it was on trial, and lasts"
}

# Longer, counted from the begin of the trial, and never beyond 600 s. Only when the dead man's switch follows.
extend() {
  rm -f "$live/inbox/extend"
  case $1 in '' | *[!0-9]*) return ;; esac
  seconds=$1
  [ "$seconds" -le 600 ] || seconds=600
  later=$(($(deadline) + (seconds - trial_seconds) * 100))
  [ "$later" -gt "$(deadline)" ] || return 0
  if arm_timer $(((later - $(now)) / 100 + grace_seconds)); then
    trial_seconds=$seconds
    set_deadline "$later"
    say "the trial lasts $seconds s now"
  else
    say "it can't be made longer: no second timer could be armed"
  fi
}

# The dead man's switch: the supervisor should have ended this long ago.
expire() {
  exit_if_ended
  if ! decide expired; then
    # The supervisor may be at it.
    patience=$(($(now) + 12000))
    while is_supervised && [ "$(now)" -lt "$patience" ]; do sleep 0.5; done
    exit_if_ended
  fi
  why="the supervisor is gone"
  ! is_supervised || why="the time is up, and a step still runs"
  kill_supervisor
  case $(state) in STAGED | ARMED) finish REVERTED "$why; nothing was changed" ;; esac
  revert "$why"
}

# Nothing is left to decide, only to clear away where that was cut short.
exit_if_ended() {
  case $(state) in
    DONE | REVERTED) clean_up; exit 0 ;;
    REVERT_FAILED) exit 0 ;;
  esac
}

# At boot, before any network service: whatever was not DONE is undone on disk.
guard_boot() {
  [ ! -d "$live" ] || exit 0
  mkdir -p "$live"
  case $(state) in
    DONE | REVERTED) ;;
    *) put_files_back etc
       restore_switches
       # netplan's generator has run already, on what was there before.
       regenerate
       enter REVERTED "the host was restarted before the change was confirmed" ;;
  esac
  clean_up
}

case ${1:-} in
  stage) stage ;;
  arm) arm ;;
  drop) case $(state) in STAGED | UNKNOWN) finish REVERTED "it was given up before it began" ;; esac ;;
  supervise) supervise ;;
  apply) apply_in_unit ;;
  expire) expire ;;
  guard) guard_boot ;;
  revert) revert_by_hand ;;
  *) sed -n '2,/^set -u/s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
