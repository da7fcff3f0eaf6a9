#!/bin/sh
# remove-image.sh BASE UUID...: removes what make-image.sh made, unless a machine of this host other than those with these UUIDs
# boots it. Nothing there is well, too.
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
base=$1
shift
for definition in /etc/libvirt/qemu/*.xml /run/libvirt/qemu/*.xml; do
  grep -qsF "$base.vmlinuz" "$definition" || continue
  leaving=no
  for uuid in "$@"; do grep -qF "<uuid>$uuid</uuid>" "$definition" && leaving=yes; done
  [ "$leaving" = yes ] || { echo "the image stays: ${definition##*/} boots it"; exit 0; }
done
rm -f "$base.vmlinuz" "$base.initrd" || exit 73
rmdir "${base%/*}" 2>/dev/null
exit 0
