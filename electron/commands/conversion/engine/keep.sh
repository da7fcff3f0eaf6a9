# shellcheck shell=sh
# Sourced by engine.sh: what is kept before anything changes, and the files of the change.
# shellcheck disable=SC2154

# Lines of `files`: name, permission bits, path on trial or -, path for good or -; between tabs.
tab=$(printf '\t')
each_file() { while IFS=$tab read -r name mode trial lasting; do "$@" || return 1; done < "$dir/files"; }

inert_name() { echo "$(dirname "$1")/.netwright-$id.$(basename "$1")"; }

# Every path that a revert puts back: what is protected, and where files of the change will stand.
keep() {
  mkdir -m 700 "$dir/kept" "$dir/kept/files" 2> "$dir/problem" || return 1
  cut -f 3,4 "$dir/files" | tr '\t' '\n' | grep '^/' | cat "$dir/protects" - | sort -u > "$dir/kept/paths" || return 1
  while IFS= read -r path; do
    [ -e "$path" ] || [ -L "$path" ] || continue
    { mkdir -p "$dir/kept/files$(dirname "$path")" && cp -a "$path" "$dir/kept/files$(dirname "$path")/"; } 2> "$dir/problem" || return 1
    same "$path" "$dir/kept/files$path" || { echo "$path changed while it was copied" > "$dir/problem"; return 1; }
  done < "$dir/kept/paths"
  { keep_network && keep_switches; } 2> "$dir/problem" || return 1
  each_file copy_inert 2> "$dir/problem" || return 1
  rm -f "$dir/problem"
}

# The file beside its place, so that there is room for it and the place can be written to. A dot file is nobody's configuration.
copy_inert() {
  [ "$lasting" != - ] || return 0
  [ -d "$(dirname "$lasting")" ] || return 0
  copy_whole "$dir/new/$name" "$(inert_name "$lasting")"
}
copy_whole() { cp "$1" "$2" && chmod "$mode" "$2" && chown 0:0 "$2"; }

remove_inert() { each_file remove_one_inert; }
remove_one_inert() { [ "$lasting" = - ] || rm -f "$(inert_name "$lasting")"; }

place_trial_files() { each_file place_on_trial; }
place_on_trial() {
  [ "$trial" != - ] || return 0
  make_folder "$(dirname "$trial")" && copy_whole "$dir/new/$name" "$trial.netwright" && mv -f "$trial.netwright" "$trial"
}
remove_from_trial() { [ "$trial" = - ] || [ "$trial" = "$lasting" ] || rm -f "$trial"; }

# First all copies, then all renames: the time in which only some of them stand is as short as can be.
copy_commit_files() { each_file copy_for_commit 2> "$dir/problem" && sync; }
copy_for_commit() {
  [ "$lasting" != - ] || return 0
  make_folder "$(dirname "$lasting")" && copy_whole "$dir/new/$name" "$(inert_name "$lasting")"
}
place_commit_files() { each_file place_for_good 2> "$dir/problem" && each_file remove_from_trial && remove_folders && sync; }
place_for_good() { [ "$lasting" = - ] || mv -f "$(inert_name "$lasting")" "$lasting"; }

# Folders that were missing are made, and go again once nothing is in them.
make_folder() {
  [ ! -d "$1" ] || return 0
  make_folder "$(dirname "$1")" && echo "$1" >> "$dir/kept/folders" && mkdir "$1"
}
remove_folders() {
  [ -e "$dir/kept/folders" ] || return 0
  sort -r "$dir/kept/folders" | while IFS= read -r folder; do rmdir "$folder" 2>/dev/null; done
  return 0
}

# same A B: type, content, permissions and owner.
same() {
  if [ -L "$1" ] || [ -L "$2" ]; then [ "$(readlink "$1")" = "$(readlink "$2")" ]; return; fi
  [ "$(stat -c '%F %a %u %g' "$1" 2>/dev/null | sed 's/^regular empty/regular/')" = "$(stat -c '%F %a %u %g' "$2" 2>/dev/null | sed 's/^regular empty/regular/')" ] || return 1
  [ ! -f "$1" ] || [ "$(sha256sum < "$1")" = "$(sha256sum < "$2")" ]
}

# What is not as it was kept, in the folders that are protected.
differing() {
  while IFS= read -r whole; do
    [ -d "$whole" ] || [ -d "$dir/kept/files$whole" ] || continue
    { find "$whole"; (cd "$dir/kept/files" && find ".$whole") | sed 's/^\.//'; } 2>/dev/null
  done < "$dir/kept/paths" | sort -u | while IFS= read -r found; do same "$dir/kept/files$found" "$found" || echo "$found"; done
}

# What differs when the trial begins is the change's own doing; what differs after that, somebody else's, and is left alone.
note_ours() { differing > "$dir/kept/ours.new" && mv -f "$dir/kept/ours.new" "$dir/kept/ours"; }
note_theirs() {
  [ -e "$dir/kept/ours" ] && [ ! -e "$live/theirs" ] || return 0
  if [ -e "$dir/kept/theirs" ]; then cp "$dir/kept/theirs" "$live/theirs"
  else differing | grep -vxF -f "$dir/kept/ours" | grep -vxF -f "$dir/kept/paths" > "$live/theirs"; fi
  [ ! -s "$live/theirs" ] || say "leaves alone what others have changed: $(cat "$live/theirs")"
}
# Files of the change are its own, whoever writes to them.
is_theirs() { [ "$1" != "$path" ] && [ -e "$live/theirs" ] && grep -qxF -- "$1" "$live/theirs"; }

# put_files_back [etc]: what was kept stands again; what differs is replaced whole, what was not there goes. `etc`: after a
# reboot, when /run is new anyway. Needs no room on any disk but for what it puts back.
put_files_back() {
  remove_inert
  note_theirs
  left=0
  while IFS= read -r path; do
    case ${1:-}$path in etc/run/*) continue ;; esac
    if [ -e "$path" ] || [ -L "$path" ]; then
      find "$path" -depth > "$live/found"
      while IFS= read -r found; do
        [ -e "$dir/kept/files$found" ] || [ -L "$dir/kept/files$found" ] || is_theirs "$found" || remove "$found" || left=1
      done < "$live/found"
    fi
    [ -e "$dir/kept/files$path" ] || [ -L "$dir/kept/files$path" ] || continue
    (cd "$dir/kept/files" && find ".$path") | sed 's/^\.//' > "$live/found"
    while IFS= read -r found; do is_theirs "$found" || put_back "$found" || left=1; done < "$live/found"
  done < "$dir/kept/paths"
  remove_folders
  sync
  return "$left"
}
# A folder stays while something of others is in it.
remove() { rm -f "$1" 2>/dev/null || rmdir "$1" 2>/dev/null || [ -d "$1" ]; }
put_back() {
  kept=$dir/kept/files$1
  same "$kept" "$1" && return 0
  if [ -d "$kept" ] && [ ! -L "$kept" ]; then
    mkdir -p "$1" && chmod "$(stat -c %a "$kept")" "$1" && chown "$(stat -c %u:%g "$kept")" "$1"
  else
    mkdir -p "$(dirname "$1")" && cp -a "$kept" "$1.netwright" && mv -f "$1.netwright" "$1"
  fi
}

# What netplan writes for others from its files, which stand as before.
regenerate() { case $stack in netplan-*) timeout 20 netplan generate ;; esac }

# What NetworkManager remembers of the NIC while it is stopped.
device_state() { echo "/run/NetworkManager/devices/$(cat "/sys/class/net/$nic/ifindex")"; }

# JSON for whoever reads it later; plain lines for going back, and for comparing.
keep_network() {
  mkdir "$dir/kept/before" || return 1
  ip -j -d link show > "$dir/kept/before/link.json" || return 1
  ip -j -d addr show > "$dir/kept/before/addr.json" || return 1
  ip -j -4 route show table all > "$dir/kept/before/route4.json" || return 1
  ip -j -6 route show table all > "$dir/kept/before/route6.json" || return 1
  ip -j rule show > "$dir/kept/before/rule.json" || return 1
  cat /etc/resolv.conf > "$dir/kept/before/resolv.conf" 2>/dev/null || true
  cat "/sys/class/net/$nic/mtu" > "$dir/kept/mtu" || return 1
  [ ! -e "$(device_state)" ] || cp "$(device_state)" "$dir/kept/device" || return 1
  ip -o addr show dev "$nic" > "$dir/kept/addresses" || return 1
  ip -4 route show table all dev "$nic" > "$dir/kept/routes4" || return 1
  ip -6 route show table all dev "$nic" > "$dir/kept/routes6" || return 1
  ip rule show > "$dir/kept/rules4" && ip -6 rule show > "$dir/kept/rules6" || return 1
  remember_probes
}

# OVSDB is on disk at once: the whole database, for the guard at boot.
keep_switches() {
  [ "$kind" = ovs ] || return 0
  ovsdb-client backup > "$dir/kept/conf.db"
}
restore_switches() {
  [ "$kind" = ovs ] && [ -s "$dir/kept/conf.db" ] || return 0
  cp "$dir/kept/conf.db" /etc/openvswitch/conf.db.netwright && mv -f /etc/openvswitch/conf.db.netwright /etc/openvswitch/conf.db
}
