# shellcheck shell=sh
# Sourced by engine.sh: the journal, the state, and the words of the user. Names used here are set there.
# shellcheck disable=SC2154

# Hundredths of a second since boot: no clock that anybody sets.
now() {
  read -r uptime _ < /proc/uptime
  echo "${uptime%.*}${uptime#*.}"
}

state() { cat "$dir/state" 2>/dev/null || echo UNKNOWN; }

# Onto the disk; a disk that hangs must not hold up a revert.
flush() { timeout 5 sync "$@" 2>/dev/null || timeout 5 sync || true; }

say() {
  printf '%s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(state)" "$(printf %s "$*" | tr '\n' ' ')" 2>/dev/null >> "$dir/journal" || return 0
  flush "$dir/journal"
}

# enter STATE SENTENCE. Fails when the disk is full: going back must go on even so.
enter() {
  { echo "$1" > "$dir/state.new"; } 2>/dev/null || return 1
  flush "$dir/state.new"
  mv -f "$dir/state.new" "$dir/state" || return 1
  flush "$dir"
  say "$2"
}

# asked WORD: whether the user who began this change has said so, with its token.
asked() { [ -f "$live/inbox/$1" ] && [ "$(word 1 "$1")" = "$token" ]; }

called_off() { [ -e "$live/revert" ] || [ -f "$live/inbox/revert" ]; }

# word N WORD: what was said with it. Whatever stands in that folder is not to be trusted: a little of it is read.
word() { head -c 100 "$live/inbox/$2" 2>/dev/null | head -n 1 | cut -d ' ' -f "$1"; }

# Confirming and going back are decided once, here, whoever comes first. Fails for the second.
decide() { mkdir "$live/decided" 2>/dev/null && echo "$1" > "$live/decided/by"; }

deadline() { cat "$live/deadline"; }
set_deadline() { echo "$1" > "$live/deadline.new" && mv -f "$live/deadline.new" "$live/deadline"; }

unlock() {
  [ "$(readlink "$pending" 2>/dev/null)" = "tx/$id" ] && rm -f "$pending"
  flush "$base"
}

# run_steps PHASE [on]: the commands of a phase, each with its own time limit. Ends with the first that fails, or goes on.
run_steps() {
  failures=0
  for step in "$dir/$1"/*; do
    [ -f "$step" ] || continue
    what=$(sed -n '1s/^# //p' "$step")
    say "$what"
    timeout -k 5 60 /bin/sh "$step" > "$live/output" 2>&1 < /dev/null
    code=$?
    [ "$code" -ne 0 ] || continue
    said=$(tail -n 3 "$live/output")
    say "failed with exit code $code: $said"
    echo "$what (exit code $code): $said" > "$live/failed"
    failures=1
    [ "${2:-}" = on ] || return 1
  done
  return "$failures"
}

# finish STATE SENTENCE: the last word, then everything goes but settings, state and journal. A full disk has room after that.
finish() {
  enter "$1" "$2"
  clean_up
  [ "$(state)" = "$1" ] || enter "$1" "$2"
  exit 0
}
