import type { SshConfigEntry } from '../../../shared/domain/host';
import { formatJumpHosts, parseJumpHosts } from '../../../shared/domain/jump-hosts';

/** What is followed of an entry of `~/.ssh/config`, as one sentence. */
export function describeEntry(entry: SshConfigEntry): string {
  const parts = [`address ${entry.address}`, `port ${entry.port}`];
  if (entry.user !== null) parts.push(`user ${entry.user}`);
  if (entry.keyPath !== null) parts.push(`key ${entry.keyPath}`);
  const jumps = parseJumpHosts(entry.proxyJump ?? '') ?? [];
  if (jumps.length > 0) parts.push(`by way of ${formatJumpHosts(jumps).replaceAll(',', ', then ')}`);
  return `Followed: ${parts.join(', ')}.`;
}
