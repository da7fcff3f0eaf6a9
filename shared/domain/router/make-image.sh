#!/bin/sh
# make-image.sh BASE: makes BASE.vmlinuz and BASE.initrd, what routers of Netwright boot, of what this host has: its kernel with
# some modules, its own sh, ip, nft, dnsmasq and kmod with their libraries, and its sshd, where it has one, for jump boxes. Nothing is downloaded or
# installed. The two files are there whole or not at all; where both are there already, nothing is done.
#
# What tells one router from another is in its definition (virsh dumpxml: <sysinfo type='fwcfg'>), and the init below reads it.
# Exit codes: 65 a program is missing, 66 no kernel, 67 the kernel lacks a module, 73 no room or no right to write.
set -u
umask 022
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
base=$1
folder=${base%/*}
fail() { code=$1; shift; echo "$*" >&2; exit "$code"; }

# One made before this host had an sshd lacks it.
is_complete() { ! command -v sshd >/dev/null || gzip -dc "$base.initrd" 2>/dev/null | grep -qaF bin/sshd; }
if [ -s "$base.vmlinuz" ] && [ -s "$base.initrd" ] && is_complete; then echo "the image is there already"; exit 0; fi

lacking=
for tool in ip nft dnsmasq mount kmod modprobe ldd gzip setsid; do
  command -v "$tool" >/dev/null || lacking="$lacking $tool"
done
[ -z "$lacking" ] || fail 65 "programs are missing:$lacking"

# The kernel that runs here is known to work here; otherwise the newest that has its modules.
kernel_of() {
  [ -r "/lib/modules/$1/modules.dep" ] || return 1
  for kernel in "/boot/vmlinuz-$1" "/lib/modules/$1/vmlinuz" "/boot/Image-$1"; do [ -r "$kernel" ] && return 0; done
  return 1
}
release=$(uname -r)
if ! kernel_of "$release"; then
  release=
  for modules in $(printf '%s\n' /lib/modules/* | sort -Vr); do
    if kernel_of "${modules##*/}"; then release=${modules##*/}; break; fi
  done
  [ -n "$release" ] || fail 66 "no kernel with its modules is in /boot and /lib/modules"
  kernel_of "$release"
fi

mkdir -p "$folder" || fail 73 "$folder can't be made"
# Left by a host that lost its power in the middle.
find "$folder" -maxdepth 1 -name '.router.*' -mmin +60 -exec rm -rf {} +
work=$(mktemp -d "$folder/.router.XXXXXX") || fail 73 "$folder can't be written"
trap 'rm -rf "$work"; rmdir "$folder" 2>/dev/null' EXIT
trap 'exit 1' HUP INT TERM PIPE
root=$work/root
mkdir -p "$root/bin" "$root/modules" "$root/proc" "$root/sys" "$root/dev" "$root/run" "$root/tmp" "$root/etc" || fail 73 "there is no room in $folder"

put_file() { [ -e "$root$1" ] || { mkdir -p "$root${1%/*}" && cp -L "$1" "$root$1"; } || fail 73 "there is no room in $folder"; }
# A program, with the libraries it is linked to at the paths where it looks for them.
put_program() {
  program=$(command -v "$1") || return 1
  cp -L "$program" "$root/bin/${2:-$1}" || fail 73 "there is no room in $folder"
  for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*'); do put_file "$library"; done
}
for program in sh ip nft dnsmasq mount mkdir sleep cat head ls setsid; do put_program "$program"; done
put_program kmod insmod
put_program ping || :
# sshd becomes programs of its own for each login since OpenSSH 9.8, at paths that are compiled in, as is the folder it locks itself in.
if put_program sshd; then
  for helper in /usr/lib/openssh /usr/libexec/openssh /usr/libexec /usr/lib/ssh /usr/libexec/ssh; do
    for program in sshd-session sshd-auth; do
      [ -x "$helper/$program" ] || continue
      put_file "$helper/$program"
      for library in $(ldd "$helper/$program" 2>/dev/null | grep -o '/[^ ]*'); do put_file "$library"; done
    done
  done
  mkdir -p "$root/run/sshd" "$root/var/empty/sshd" "$root/var/lib/empty" "$root/var/lib/sshd" "$root/usr/share/empty.sshd" "$root/etc/ssh" "$root/home"
fi
# Who asks for an address where a network of the router has a DHCP server of its own.
if put_program busybox; then :
else
  for program in /usr/lib/initramfs-tools/bin/busybox /lib/initramfs-tools/bin/busybox; do
    if [ -x "$program" ]; then
      cp -L "$program" "$root/bin/busybox"
      for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*'); do put_file "$library"; done
      break
    fi
  done
fi
[ -x "$root/bin/busybox" ] || put_program dhclient || :
# Loaded by name and so unknown to ldd: users by name (before glibc 2.34), and what kmod reads compressed modules with.
for library in libnss_files.so.2 libzstd.so.1 liblzma.so.5 libz.so.1; do
  path=$(ldconfig -p 2>/dev/null | sed -n "s|.*[[:space:]]$library .*=> ||p" | head -n 1)
  [ -z "$path" ] || put_file "$path"
done

echo "kernel $release"
number=100
# modprobe tells files in the order they are to be loaded in, and `builtin` for what needs no file.
put_module() {
  modprobe -S "$release" --show-depends "$1" >"$work/needs" 2>/dev/null || return 1
  sed -n 's/^insmod \([^ ]*\).*/\1/p' "$work/needs" >"$work/files"
  while read -r file; do
    [ -r "$file" ] || return 1
    name=${file##*/}
    ls "$root/modules/"*"-${name%.ko*}.ko"* >/dev/null 2>&1 && continue
    number=$((number + 1))
    case $file in
      *.xz) xz -dc "$file" >"$root/modules/$number-${name%.xz}" 2>/dev/null && continue; rm -f "$root/modules/$number-${name%.xz}";;
      *.zst) zstd -dcq "$file" >"$root/modules/$number-${name%.zst}" 2>/dev/null && continue; rm -f "$root/modules/$number-${name%.zst}";;
      *.gz) gzip -dc "$file" >"$root/modules/$number-${name%.gz}" 2>/dev/null && continue; rm -f "$root/modules/$number-${name%.gz}";;
    esac
    # The guest's kmod reads it, as this host's does.
    cp "$file" "$root/modules/$number-$name" || fail 73 "there is no room in $folder"
  done <"$work/files"
}
for module in virtio_pci virtio_net af_packet nf_tables nft_ct nft_chain_nat nft_masq nft_redir nft_reject_inet qemu_fw_cfg; do
  put_module "$module" || fail 67 "the kernel $release has no module $module"
done
for module in 8021q button evdev; do put_module "$module" || :; done

printf 'root:x:0:0::/:/bin/sh\njump:x:1000:1000::/home:/bin/sh\nsshd:x:999:65534::/:/bin/false\nnobody:x:65534:65534::/:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\ntty:x:5:\njump:x:1000:\nnogroup:x:65534:\n' >"$root/etc/group"
cat >"$root/init" <<'INIT'
#!/bin/sh
# A router of Netwright. What it does its definition on the host says: $config/network and $config/rules (of nft).
export PATH=/bin HOME=/ TERM=vt100
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
for module in /modules/*; do insmod "$module" || echo "router: $module can't be loaded"; done
config=/sys/firmware/qemu_fw_cfg/by_name/opt/netwright
ipv4=/proc/sys/net/ipv4
read -r tty _ </sys/class/tty/console/active

# The host asks a guest to shut down by its power button.
for button in /dev/input/event*; do
  [ -e "$button" ] && { head -c 24 "$button" >/dev/null && echo o >/proc/sysrq-trigger; } &
done

find_nic() {
  for link in /sys/class/net/*; do
    read -r address <"$link/address"
    [ "$address" = "$1" ] && { nic=${link##*/}; return 0; }
  done
  return 1
}
ask_dhcp() {
  if [ -x /bin/busybox ]; then busybox udhcpc -f -i "$1" -t 5 -T 2 -A 5 -s /dhcp-busybox </dev/null >/dev/null 2>&1 &
  elif [ -x /bin/dhclient ]; then dhclient -4 -nw -sf /dhcp-isc -lf "/run/$1.leases" -pf "/run/$1.pid" "$1" </dev/null 2>/dev/null
  else echo "router: $1 asks for no address: its host had neither busybox nor dhclient"; fi
}
set_up() {
  echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null
  echo 1 >$ipv4/conf/all/rp_filter
  # Each network hears of the router's address in it alone.
  echo 1 >$ipv4/conf/all/arp_ignore
  ip link set lo up
  while read -r word one two three four; do
    case $word in
      hostname) echo "$one" >/proc/sys/kernel/hostname;;
      nic)
        tries=0
        until find_nic "$one"; do tries=$((tries + 1)); [ $tries -lt 100 ] || { echo "router: no NIC $one"; break; }; sleep 0.1; done
        ip link set "$nic" name "$two" && ip link set "$two" up;;
      vlan) ip link add link "$three" name "$one" type vlan id "$two" && ip link set "$one" up;;
      address) ip address add "$two" dev "$one";;
      dhcp) ask_dhcp "$one";;
      gateway) ip route replace default via "$one";;
      names)
        serves=yes
        case $one in
          none) echo port=0;;
          forward) echo no-resolv;;
          fake) echo no-resolv; echo local-ttl=60;;
        esac >>/etc/dnsmasq;;
      server) echo "server=$one" >>/etc/dnsmasq;;
      answer) echo "address=/#/$one" >>/etc/dnsmasq;;
      serve) echo "interface=$one" >>/etc/dnsmasq;;
      range) echo "dhcp-range=set:$one,$two,$three,$four,1h" >>/etc/dnsmasq;;
      forward) echo 1 >$ipv4/ip_forward;;
    esac
  done <"$config/network/raw"
}

# People log in with a key and go on from here, with no rights and nothing to take along.
serve_ssh() {
  [ -x /bin/sshd ] || { echo "router: nobody can log in: its host had no sshd"; return; }
  mkdir -p /dev/pts && mount -t devpts -o mode=620,gid=5 devpts /dev/pts
  (umask 077; cat "$config/hostkey/raw" >/etc/ssh/host_key) || { echo "router: it has no host key"; return; }
  cat "$config/keys/raw" >/etc/ssh/keys
  printf '%s\n' 'HostKey /etc/ssh/host_key' 'AuthorizedKeysFile /etc/ssh/keys' 'PidFile none' 'AllowUsers jump' 'AuthenticationMethods publickey' \
    'UsePAM no' 'UseDNS no' 'PrintMotd no' 'PrintLastLog no' 'AllowTcpForwarding local' 'AllowAgentForwarding no' 'AllowStreamLocalForwarding no' \
    'X11Forwarding no' 'PermitTunnel no' 'PermitUserEnvironment no' 'SetEnv PATH=/bin' >/etc/ssh/sshd_config
  while :; do /bin/sshd -D -e -f /etc/ssh/sshd_config; sleep 1; done &
}

: >/etc/resolv.conf
printf '%s\n' user=root group=root no-hosts bind-interfaces except-interface=lo log-facility=- dhcp-authoritative dhcp-leasefile=/run/leases >/etc/dnsmasq
serves=no
# Without its rules it would let everything pass: it then has no network at all.
if nft -f "$config/rules/raw"; then
  set_up
  if [ "$serves" = yes ]; then
    while :; do dnsmasq --keep-in-foreground --conf-file=/etc/dnsmasq --pid-file; sleep 1; done &
  fi
  [ ! -e "$config/keys/raw" ] || serve_ssh
  read -r up _ </proc/uptime
  echo "router: ready after $up s"
else
  echo "router: its rules can't be loaded"
fi
while :; do setsid -c sh <"/dev/$tty" >"/dev/$tty" 2>&1; sleep 1; done
INIT
cat >"$root/dhcp-busybox" <<'SCRIPT'
#!/bin/sh
# What to do with an answer: $1 and the variables are udhcpc's.
case $1 in bound|renew) ;; deconfig) exec ip address flush dev "$interface";; *) exit 0;; esac
ip address replace "$ip/$mask" dev "$interface"
[ -z "${router:-}" ] || ip route replace default via "${router%% *}"
: >/etc/resolv.conf
for server in ${dns:-}; do echo "nameserver $server" >>/etc/resolv.conf; done
SCRIPT
cat >"$root/dhcp-isc" <<'SCRIPT'
#!/bin/sh
# The same, for dhclient-script(8).
case $reason in BOUND|RENEW|REBIND|REBOOT) ;; EXPIRE|RELEASE|STOP) exec ip address flush dev "$interface";; PREINIT) exec ip link set "$interface" up;; *) exit 0;; esac
ip address replace "$new_ip_address/$new_subnet_mask" dev "$interface"
[ -z "${new_routers:-}" ] || ip route replace default via "${new_routers%% *}"
: >/etc/resolv.conf
for server in ${new_domain_name_servers:-}; do echo "nameserver $server" >>/etc/resolv.conf; done
SCRIPT
chmod 755 "$root/init" "$root/dhcp-busybox" "$root/dhcp-isc"

# The archive as the kernel reads it (Documentation/driver-api/early-userspace/buffer-format.rst, newc): many hosts have no cpio.
inode=0
pad() { case $(($1 % 4)) in 1) printf '\0\0\0';; 2) printf '\0\0';; 3) printf '\0';; esac; }
# entry NAME MODE SIZE
entry() {
  inode=$((inode + 1))
  printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0' "$inode" "0x$2" 0 0 1 0 "$3" 0 0 0 0 $((${#1} + 1)) 0 "$1"
  pad $((110 + ${#1} + 1))
}
archive() {
  cd "$root" || return 1
  # With the root itself: sshd trusts no key below a folder that everybody may write to.
  find . -exec stat -c '%f %s %n' {} + | sort -k 3 >"$work/list" || return 1
  while read -r mode size name; do
    if [ -d "$name" ]; then entry "${name#./}" "$mode" 0
    else entry "${name#./}" "$mode" "$size" && cat "$name" && pad "$size"
    fi || return 1
  done <"$work/list"
  entry TRAILER!!! 0 0
}
{ archive || : >"$work/failed"; } | gzip -n -6 >"$work/initrd" || : >"$work/failed"
[ ! -e "$work/failed" ] || fail 73 "there is no room in $folder"
cp -L "$kernel" "$work/vmlinuz" || fail 73 "there is no room in $folder"
chmod 644 "$work/vmlinuz" "$work/initrd"
if ! mv -f "$work/vmlinuz" "$base.vmlinuz" || ! mv -f "$work/initrd" "$base.initrd"; then fail 73 "$base can't be written"; fi
echo "made of kernel $release: $(stat -c %s "$base.initrd") bytes beside it"
