/** Source: ovs-vsctl(8). */
export const switchVersionArgv: readonly string[] = ['ovs-vsctl', '--version'];

/** `ovs-vsctl (Open vSwitch) 3.1.0` as `3.1.0`; null for anything else. */
export function parseSwitchVersion(stdout: string): string | null {
  return /\(Open vSwitch\) (\d+(?:\.\d+)+)/.exec(stdout)?.[1] ?? null;
}
