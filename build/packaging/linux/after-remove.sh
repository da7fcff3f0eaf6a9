#!/bin/sh
# After the files are gone: postrm of the .deb (called with what happens), %postun of the .rpm (called with the number of
# versions that stay). An upgrade comes here too, and must leave everything to the new version.
set -e
case "${1:-}" in
  remove|purge|0) ;;
  *) exit 0 ;;
esac

profile=/etc/apparmor.d/netwright
if [ -f "$profile" ]; then
  if apparmor_status --enabled >/dev/null 2>&1 && ! { command -v ischroot >/dev/null && ischroot; }; then
    apparmor_parser --remove "$profile" || true
  fi
  rm -f "$profile"
fi

if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true; fi
