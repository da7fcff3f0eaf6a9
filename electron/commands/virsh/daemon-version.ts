/** For the persistent virsh. Source: virsh(1), version. */
export const daemonVersionArgv: readonly string[] = ['version', '--daemon'];

/** The daemon's version as `9.0.0`, else the library's; null when neither is said. */
export function parseDaemonVersion(stdout: string): string | null {
  const found = /^Running against daemon: (\d+(?:\.\d+)+)/m.exec(stdout) ?? /^Using library: libvirt (\d+(?:\.\d+)+)/m.exec(stdout);
  return found?.[1] ?? null;
}
