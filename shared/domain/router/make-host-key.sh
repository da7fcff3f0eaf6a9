#!/bin/sh
# make-host-key.sh FILE: makes the key by which those who log in to a jump box know it, and FILE.pub, its public half. libvirt gives it
# to qemu when the machine starts. Where it is already, nothing is done.
# Exit codes: 65 a program is missing, 73 no room or no right to write.
set -u
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
file=$1
folder=${file%/*}
[ ! -s "$file" ] || [ ! -s "$file.pub" ] || { echo "the key is there already"; exit 0; }
command -v ssh-keygen >/dev/null || { echo "programs are missing: ssh-keygen" >&2; exit 65; }
(umask 022; mkdir -p "$folder") || exit 73
umask 077
work=$(mktemp -d "$folder/.hostkey.XXXXXX") || exit 73
trap 'rm -rf "$work"; rmdir "$folder" 2>/dev/null' EXIT
trap 'exit 1' HUP INT TERM PIPE
ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/key" || exit 73
chmod 644 "$work/key.pub"
if ! mv -f "$work/key.pub" "$file.pub" || ! mv -f "$work/key" "$file"; then
  rm -f "$file" "$file.pub"
  exit 73
fi
ssh-keygen -lf "$file.pub"
