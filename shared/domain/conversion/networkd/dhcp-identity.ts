/**
 * The IAID within a DHCPv4 client identifier of RFC 4361: type 255, four bytes of IAID, the DUID. Null for an identifier of another
 * kind, such as the MAC address, which moves to the bridge with it. `clientId` is hexadecimal, with or without colons.
 */
export function iaidOf(clientId: string | null): number | null {
  const bytes = clientId?.replaceAll(':', '').toLowerCase() ?? '';
  return /^ff[0-9a-f]{12,}$/.test(bytes) ? Number.parseInt(bytes.slice(2, 10), 16) : null;
}
