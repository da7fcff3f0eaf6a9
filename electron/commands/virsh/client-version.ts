/** Needs no daemon. Source: virsh(1). */
export const clientVersionArgv: readonly string[] = ['virsh', '--version'];

export function parseClientVersion(stdout: string): string | null {
  return /^\d+(?:\.\d+)+$/.exec(stdout.trim())?.[0] ?? null;
}
