/** Everything that listens, with the processes where root asks. Source: ss(8). */
export const listeningSocketsArgv: readonly string[] = ['ss', '-H', '-lntup'];

export interface DnsSocket {
  protocol: string;
  address: string;
  process: string | null;
}

/** Those on port 53. Columns: netid, state, two queues, local address and port, peer, processes. */
export function parseDnsSockets(stdout: string): DnsSocket[] {
  return stdout.split('\n').flatMap((line): DnsSocket[] => {
    const columns = line.trim().split(/\s+/);
    const local = columns[4] ?? '';
    if (!local.endsWith(':53')) return [];
    return [{ protocol: columns[0] ?? '', address: local.slice(0, -3), process: /users:\(\("([^"]+)"/.exec(line)?.[1] ?? null }];
  });
}
