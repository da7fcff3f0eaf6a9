export const iprouteVersionArgv: readonly string[] = ['ip', '-V'];

/** `ip utility, iproute2-6.1.0, libbpf 1.1.0`, or `iproute2-ss190708` before 5.5; null for any other ip. */
export function parseIprouteVersion(stdout: string): string | null {
  return /iproute2-(?:ss)?([\d.]+)/.exec(stdout)?.[1] ?? null;
}
