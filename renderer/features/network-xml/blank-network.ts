import type { NatSpec } from '../../../shared/domain/nat-spec';

/** What “From XML…” starts with: an isolated network that is free as it stands, with the elements people change first. */
export function blankNetwork({ name, ipv4 }: Pick<NatSpec, 'name' | 'ipv4'>): string {
  const ranges = ipv4.dhcp?.ranges.map(({ start, end }) => `\n      <range start="${start}" end="${end}"/>`).join('') ?? '';
  return `<network>\n  <name>${name}</name>\n  <ip address="${ipv4.address}" prefix="${ipv4.prefix}">\n    <dhcp>${ranges}\n    </dhcp>\n  </ip>\n</network>\n`;
}
