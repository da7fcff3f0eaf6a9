/** Outside PATH: where RHEL and CentOS keep theirs. */
const hiddenEmulator = '/usr/libexec/qemu-kvm';
export const hiddenEmulatorArgv: readonly string[] = ['ls', '-1', hiddenEmulator];

/** Commands that libvirt looks for, by architecture as uname(1) names it. Source: libvirt, qemu_capabilities. */
export function emulatorNames(architecture: string): string[] {
  const alias = /^i\d86$/.test(architecture) ? 'i386' : architecture === 'ppc64le' ? 'ppc64' : /^armv/.test(architecture) ? 'arm' : architecture;
  return [`qemu-system-${alias}`, 'qemu-kvm', 'kvm'];
}

/** Every emulator that one of the architectures a host may have would use; asked for before the architecture is known. */
export const allEmulatorNames: readonly string[] = [...new Set(['x86_64', 'i386', 'aarch64', 'arm', 'ppc64', 's390x', 'riscv64', 'loongarch64'].flatMap(emulatorNames))];

export const parseHiddenEmulator = (stdout: string): string[] => (stdout.trim() === hiddenEmulator ? [hiddenEmulator] : []);
