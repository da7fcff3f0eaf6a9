/** Mode in octal and group, as `660 kvm`; fails when there is no such device. Source: stat(1). */
export const kvmDeviceArgv: readonly string[] = ['stat', '-c', '%a %G', '/dev/kvm'];
/** The CPU's flags, of the first CPU that names them. Source: proc_cpuinfo(5). */
export const cpuFlagsArgv: readonly string[] = ['grep', '-m1', '-E', '^flags[[:space:]]*:', '/proc/cpuinfo'];
/** `none`, or what this host runs in; exits 1 for `none`. Source: systemd-detect-virt(1). */
export const detectVirtArgv: readonly string[] = ['systemd-detect-virt'];

export function parseKvmDevice(stdout: string): { mode: string; group: string } | null {
  const found = /^([0-7]{1,4}) (\S+)$/.exec(stdout.trim());
  return found ? { mode: found[1]!, group: found[2]! } : null;
}

/** Null where the CPU has no such line: other architectures don't announce virtualization by flags. */
export function parseCpuVirtualization(stdout: string): 'vmx' | 'svm' | 'none' | null {
  if (!/^flags/.test(stdout)) return null;
  const flags = stdout.split(/\s+/);
  return flags.includes('vmx') ? 'vmx' : flags.includes('svm') ? 'svm' : 'none';
}

export function parseDetectVirt(stdout: string): string | null {
  const word = stdout.trim();
  return word === '' || word === 'none' ? null : word;
}
