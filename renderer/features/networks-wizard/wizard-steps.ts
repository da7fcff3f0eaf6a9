/** The wizard's steps in their order; the first three hold fields. */
export const wizardSteps = [
  { id: 'addresses', title: 'Name and addresses' },
  { id: 'dhcp', title: 'DHCP and names' },
  { id: 'options', title: 'Options' },
  { id: 'review', title: 'Review' },
  { id: 'apply', title: 'Apply' },
] as const;

type FieldStepId = 'addresses' | 'dhcp' | 'options';

/** Fields by their first path segments; `ipv4.dhcp` comes before `ipv4`, for the longest start wins. */
const fieldHomes: readonly (readonly [string, FieldStepId])[] = [
  ['ipv4.dhcp', 'dhcp'],
  ['ipv4.tftpRoot', 'dhcp'],
  ['ipv6', 'dhcp'],
  ['domain', 'dhcp'],
  ['dnsHosts', 'dhcp'],
  ['dnsForwarders', 'dhcp'],
  ['dnsEnabled', 'dhcp'],
  ['dnsServices', 'dhcp'],
  ['dnsTexts', 'dhcp'],
  ['mtu', 'options'],
  ['guestIpv6', 'options'],
  ['portIsolation', 'options'],
  ['stp', 'options'],
  ['delaySeconds', 'options'],
  ['macTableManager', 'options'],
  ['zone', 'options'],
  ['bandwidth', 'options'],
  ['natAddresses', 'options'],
  ['natPorts', 'options'],
  ['routes', 'options'],
  ['forwardDev', 'options'],
  ['autostart', 'options'],
  ['start', 'options'],
];

/** The step that shows a field. What belongs nowhere else is on the first step, where every plan starts. */
export function stepOfField(path: string): FieldStepId {
  const home = fieldHomes.find(([start]) => path === start || path.startsWith(`${start}.`));
  return home?.[1] ?? 'addresses';
}
