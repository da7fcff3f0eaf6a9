import { ipSchema } from '../../../shared/domain/address';
import type { GatheredFile } from '../gathered-files';

/** What the host's programs ask, and whom systemd-resolved asks where that is what they ask. Sources: resolv.conf(5), systemd-resolved.service(8). */
export const nameServerFiles: readonly string[] = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];

/** The name servers outside, in the order in which they are asked. */
export const parseNameServers = (files: readonly GatheredFile[]): string[] => serversIn(outsideFile(files));

/** The last line counts. `domain` is the elder word for a single one. */
export function parseSearchDomains(files: readonly GatheredFile[]): string[] {
  const lines = outsideFile(files).split('\n').flatMap((line) => /^\s*(?:search|domain)\s+([^#;]*)/.exec(line)?.[1] ?? []);
  return (lines.at(-1) ?? '').split(/\s+/).filter((domain) => domain !== '' && domain !== '.');
}

/** Of the files, the one that tells of the world outside. */
function outsideFile(files: readonly GatheredFile[]): string {
  const [asked = '', upstream = ''] = nameServerFiles.map((path) => files.find((file) => file.path === path)?.content ?? '');
  return serversIn(asked).some((server) => !server.startsWith('127.')) ? asked : upstream;
}

/** A link-local one names its interface: fe80::1%eth0. */
function serversIn(text: string): string[] {
  const named = text.split('\n').flatMap((line) => /^\s*nameserver\s+([^\s#;]+)/.exec(line)?.[1] ?? []).filter((server) => ipSchema.safeParse(server.replace(/%.+$/, '')).success);
  return [...new Set(named)];
}
