#!/bin/bash
# Stands in for virsh(1) where there is no libvirt: prompts and echoes as the real one does without a terminal.
answer() {
  case $1 in
    uri) echo qemu:///system ;;
    echo) if [ "$2" = --err ]; then printf 'error: %s\n' "$3" >&2; else printf '%s' "$2"; fi ;;
    words) shift; printf '<%s>' "$@"; echo ;;
    pid) echo $$ ;;
    big) head -c "$2" /dev/zero | tr '\0' x; echo ;;
    fail) echo 'error: it failed' >&2; return 1 ;;
    hang) sleep 1000 ;;
    die) exit 3 ;;
    *) echo "error: unknown command: '$1'" >&2; return 1 ;;
  esac
}
while [ "${1#-}" != "$1" ]; do if [ "$1" = -c ]; then shift; fi; shift; done
if [ $# -gt 0 ]; then answer "$@"; exit; fi
while printf 'virsh # ' && IFS= read -r line; do
  printf '%s\n' "$line"
  eval "set -- $line"
  answer "$@"
done
