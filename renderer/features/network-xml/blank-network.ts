/** What is free on the host, as the wizards propose it. */
interface Free {
  name: string;
  ipv4?: { address: string; prefix: number; dhcp: { ranges: { start: string; end: string }[] } | null } | null;
}

/** What “From XML…” starts with: an isolated network that is free as it stands, with the elements people change first. */
export function blankNetwork({ name, ipv4 }: Free): string {
  const ranges = ipv4?.dhcp?.ranges.map(({ start, end }) => `\n      <range start="${start}" end="${end}"/>`).join('') ?? '';
  const ip = ipv4 ? `  <ip address="${ipv4.address}" prefix="${ipv4.prefix}">\n    <dhcp>${ranges}\n    </dhcp>\n  </ip>\n` : '';
  return `<network>\n  <name>${name}</name>\n${ip}</network>\n`;
}
