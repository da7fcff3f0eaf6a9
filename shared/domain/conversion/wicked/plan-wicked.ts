import { contentOf } from '../facts';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem, unproven } from '../finding';
import { refuseLeave } from '../leave/leave-problem';
import { changesOf, deleteBridge, portOf, refuseTakenPaths } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionFile, TransactionRemoval } from '../transaction';
import { formatIfcfg, ifcfgLine, parseIfcfg } from './ifcfg';
import type { IfcfgLine } from './ifcfg';

const folder = '/etc/sysconfig/network';
/** Settings about addresses, numbered or not (`IPADDR_1`): the bridge has them from now on. Source: ifcfg(5). */
const addressKey = /^(BOOTPROTO|IPADDR|PREFIXLEN|NETMASK|BROADCAST|REMOTE_IPADDR|LABEL|SCOPE|DHCLIENT\d?_|DHCLIENT|DHCLIENT6|AUTO6|ZONE|FIREWALL|INTERFACETYPE|SEND_GRATUITOUS_ARP|CHECK_DUPLICATE_IP|IPV6)/;
/** Settings about the device. */
const deviceKey = /^(NAME|STARTMODE|MTU|ETHTOOL_OPTIONS|USERCONTROL|LINK_REQUIRED|WIRE_.*|ETHERDEVICE|VLAN.*|BONDING.*|LLADDR|NETWORK)$/;
/** What both need. */
const sharedKey = /^(STARTMODE|MTU|USERCONTROL)$/;

/**
 * What the NIC's ifcfg file says about addresses goes to one of the bridge's, its routes to a file of the bridge's. wicked reads /etc alone, so
 * that the files change for the trial already, under the guard at boot. Sources: ifcfg(5), ifcfg-bridge(5), ifroute(5), wicked(8). Never run on a
 * real host.
 * @throws ConfigProblem for what is not understood
 */
export function planWicked(facts: ConversionFacts, spec: ConversionSpec): StackPlan {
  const port = portOf(facts, spec);
  refuseLeave(spec, 'wicked');
  if (spec.kind === 'ovs') throw ConfigProblem.of('ovs.wicked', 'Open vSwitch bridges of wicked are not supported', 'They were never tried.', 'Make a Linux bridge.');
  const source = `${folder}/ifcfg-${spec.nic}`;
  const content = contentOf(facts, source);
  if (content === undefined) throw ConfigProblem.of('config.unreadable', `${source} can't be read`, 'What it says about the network would be lost.');
  const lines = parseIfcfg(source, content);
  for (const { key, line } of lines) {
    if (key === null || addressKey.test(key) || deviceKey.test(key)) continue;
    throw ConfigProblem.at(source, line, /^(WIRELESS|BRIDGE|TEAM|OVS)/.test(key) ? `${spec.nic} can't be a bridge's port with ${key}.` : `It is not known whether ${key} is about the device or about its addresses.`);
  }
  const isAddress = ({ key }: IfcfgLine): boolean => key !== null && addressKey.test(key);
  const bridge = [
    { text: `# Bridge with port ${spec.nic}, made by Netwright.`, key: null, value: '', line: 0 },
    ...lines.filter((line) => isAddress(line) || (line.key !== null && sharedKey.test(line.key))),
    ...lines.some(({ key }) => key === 'STARTMODE') ? [] : [ifcfgLine('STARTMODE', 'auto')],
    ifcfgLine('BRIDGE', 'yes'), ifcfgLine('BRIDGE_PORTS', spec.nic), ifcfgLine('BRIDGE_STP', 'off'), ifcfgLine('BRIDGE_FORWARDDELAY', '0'), ifcfgLine('LLADDR', port.mac),
  ];
  const made = [file(`ifcfg-${spec.bridge}`, formatIfcfg(bridge)), ...routes(facts, spec)];
  refuseTakenPaths(facts, made);
  const files = [file(`ifcfg-${spec.nic}`, formatIfcfg([...lines.filter((line) => !isAddress(line)), ifcfgLine('BOOTPROTO', 'none')]), modeOf(facts, source)), ...made];
  const former = `${folder}/ifroute-${spec.nic}`;
  const removes: TransactionRemoval[] = contentOf(facts, former) === undefined ? [] : [{ path: former, when: 'trial' }];
  const reload = { says: 'Have wicked set everything up as its files say', command: 'wicked ifreload all' };
  return {
    transaction: {
      stack: 'wicked', kind: 'linux', nic: spec.nic, bridge: spec.bridge, files, removes,
      protects: [...files.map(({ commitPath }) => commitPath!), ...removes.map(({ path }) => path)],
      apply: [reload], commit: [], revert: [deleteBridge(spec.bridge), reload], needsBootGuard: true, expectedGap: 10,
    },
    changes: [...changesOf(facts, files), ...removes.map(({ path }) => ({ title: path, language: 'text' as const, before: contentOf(facts, path) ?? null, after: null }))],
    warnings: [unproven('wicked')],
  };
}

function file(name: string, content: string, mode = 0o644): TransactionFile {
  return { name, content, mode, trialPath: `${folder}/${name}`, commitPath: `${folder}/${name}` };
}
const modeOf = (facts: ConversionFacts, path: string): number => facts.files.find((entry) => entry.path === path)?.mode ?? 0o644;

/** `DESTINATION GATEWAY NETMASK INTERFACE …`; the interface may be left out or `-`. Source: ifroute(5). */
function routes(facts: ConversionFacts, { nic, bridge }: ConversionSpec): TransactionFile[] {
  const path = `${folder}/ifroute-${nic}`;
  const content = contentOf(facts, path);
  if (content === undefined) return [];
  const text = content.split('\n').map((line) => {
    const words = line.split(/(\s+)/);
    if (words[6] === nic) words[6] = bridge;
    return words.join('');
  }).join('\n');
  return [file(`ifroute-${bridge}`, text, modeOf(facts, path))];
}
