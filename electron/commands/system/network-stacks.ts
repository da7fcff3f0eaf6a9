import type { NetworkStack } from '../../../shared/domain/snapshot';

const units = ['NetworkManager.service', 'systemd-networkd.service', 'networking.service', 'wicked.service'] as const;

/** One word a unit, in this order; exits 3 when one is not active. Source: systemctl(1), is-active. */
export const serviceStatesArgv: readonly string[] = ['systemctl', 'is-active', ...units];

/** Names of netplan's files; they may hold Wi-Fi passwords, so the contents are not asked for. */
export const netplanFilesArgv: readonly string[] = ['ls', '-1', '/etc/netplan'];

/** Which interfaces ifupdown configures, without the options, which may hold passwords. Source: interfaces(5). */
export const ifupdownStanzasArgv: readonly string[] = [
  'grep', '-rhsE', '^[[:space:]]*iface[[:space:]]', '/etc/network/interfaces', '/etc/network/interfaces.d',
];

export interface StackEvidence {
  serviceStates: string;
  netplanFiles: string;
  ifupdownStanzas: string;
  tools: readonly string[];
  /** The device of the default route, if there is one. */
  uplink: string | null;
}

/**
 * Every stack that is installed and active, the most likely owner of the uplink first: netplan where it has files (the
 * others only carry out what it wrote), ifupdown where it names the uplink (NetworkManager leaves that one alone), then
 * whatever runs.
 */
export function findNetworkStacks(evidence: StackEvidence): NetworkStack[] {
  const words = evidence.serviceStates.split('\n').map((line) => line.trim());
  const active = (unit: typeof units[number]): boolean => words[units.indexOf(unit)] === 'active';
  const ifupdown: NetworkStack = evidence.tools.includes('ifreload') ? 'ifupdown2' : 'ifupdown';
  const stanzas = evidence.ifupdownStanzas.split('\n').flatMap((line) => /^\s*iface\s+(\S+)/.exec(line)?.[1] ?? []);
  const configures = stanzas.some((name) => name !== 'lo');
  const stacks: NetworkStack[] = [];
  if (evidence.tools.includes('netplan') && /\.yaml$/m.test(evidence.netplanFiles)) stacks.push('netplan');
  if (evidence.uplink !== null && stanzas.includes(evidence.uplink)) stacks.push(ifupdown);
  if (active('NetworkManager.service')) stacks.push('NetworkManager');
  if (active('systemd-networkd.service')) stacks.push('systemd-networkd');
  if (active('wicked.service')) stacks.push('wicked');
  if (!stacks.includes(ifupdown) && active('networking.service') && configures) stacks.push(ifupdown);
  return stacks;
}
