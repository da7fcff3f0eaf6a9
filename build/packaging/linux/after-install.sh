#!/bin/sh
# After the files are in place: postinst of the .deb (called with "configure"), %post of the .rpm.
set -e
app=/opt/Netwright
profile=/etc/apparmor.d/netwright

setting() { cat "/proc/sys/$1" 2>/dev/null || echo "$2"; }

# Ubuntu 24.04 and later grant user namespaces, which Chromium's sandbox is made of, only to programs whose AppArmor
# profile says so. Older AppArmor does not know the rule (abi 4.0), and does not need it.
granted=$([ "$(setting kernel/apparmor_restrict_unprivileged_userns 0)" = 1 ] || echo yes)
if [ -d /etc/apparmor.d ] && apparmor_status --enabled >/dev/null 2>&1 &&
  apparmor_parser --skip-kernel-load --debug "$app/resources/apparmor-profile" >/dev/null 2>&1; then
  cp "$app/resources/apparmor-profile" "$profile"
  granted=yes
  # In a chroot (images being built) the running kernel is somebody else's.
  if ! { command -v ischroot >/dev/null && ischroot; }; then
    apparmor_parser --replace --write-cache --skip-read-cache "$profile" || granted=
  fi
fi

# Where the kernel grants user namespaces to nobody, a helper that is root stands in.
if [ -n "$granted" ] && [ -e /proc/self/ns/user ] && [ "$(setting user/max_user_namespaces 0)" -gt 0 ] &&
  [ "$(setting kernel/unprivileged_userns_clone 1)" = 1 ]; then
  chmod 0755 "$app/chrome-sandbox"
else
  chmod 4755 "$app/chrome-sandbox"
fi

# Desktops that keep caches of these folders.
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true; fi
