#!/bin/sh
# remove-host-key.sh FILE: removes what make-host-key.sh made. Nothing there is well, too.
rm -f "$1" "$1.pub" || exit 73
rmdir "${1%/*}" 2>/dev/null
exit 0
