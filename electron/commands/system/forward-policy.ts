/** The filter table as iptables-save(8) prints it; takes root. */
export const filterTableArgv: readonly string[] = ['iptables-save', '-t', 'filter'];

/** Policy of the FORWARD chain; null when the output has none. */
export function parseForwardPolicy(stdout: string): string | null {
  return /^:FORWARD (\S+)/m.exec(stdout)?.[1] ?? null;
}
