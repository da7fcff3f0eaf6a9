import { quoteArgv, quoteWord } from '../../shell-quote';
import type { ConversionSpec } from '../facts';
import type { TransactionStep } from '../transaction';

type Port = Pick<ConversionSpec, 'nic' | 'bridge' | 'kind'>;

/** What of a port of Open vSwitch, and of its interface, adding it again would not bring back. Source: ovs-vswitchd.conf.db(5). */
const portColumns = 'tag,trunks,vlan_mode,cvlans,qos,other_config';
const interfaceColumns = 'type,options,ofport_request,mtu_request';

/** Going back adds the port anew: one with settings of its own stays, before anything changes. Nothing to see on a Linux bridge, whose stacks keep them. */
export function refuseOwnSettings({ nic, kind }: Port): TransactionStep[] {
  if (kind === 'linux') return [];
  const list = (columns: string, table: string): string => quoteArgv(['ovs-vsctl', '--timeout=10', '--bare', `--columns=${columns}`, 'list', table, nic]);
  return [{
    says: `See whether ${nic} has settings of its own in Open vSwitch, which going back would lose`,
    command: `said=$(${list(portColumns, 'Port')} && ${list(interfaceColumns, 'Interface')}) && said=$(printf %s "$said" | tr -d '\\n') && if [ -n "$said" ]; then echo "it has: $said" >&2; false; fi`,
  }];
}

/** Done already where the network stack was first: both of these change nothing then. Sources: ip-link(8), ovs-vsctl(8). */
export function takeOut({ nic, bridge, kind }: Port): TransactionStep {
  const command = kind === 'linux' ? `ip link set dev ${quoteWord(nic)} nomaster` : quoteArgv(['ovs-vsctl', '--timeout=10', '--if-exists', 'del-port', bridge, nic]);
  return { says: `Take ${nic} out of ${bridge}`, command };
}

export function putIn({ nic, bridge, kind }: Port): TransactionStep {
  const command = kind === 'linux' ? `ip link set dev ${quoteWord(nic)} master ${quoteWord(bridge)}` : quoteArgv(['ovs-vsctl', '--timeout=10', '--may-exist', 'add-port', bridge, nic]);
  return { says: `Make ${nic} a port of ${bridge} again`, command };
}
