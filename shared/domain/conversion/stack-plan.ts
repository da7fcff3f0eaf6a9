import { quoteWord } from '../shell-quote';
import type { DocumentChange } from '../plan';
import { ConfigProblem } from './finding';
import type { ConversionFinding } from './finding';
import { contentOf, linkOf } from './facts';
import type { ConversionFacts, ConversionSpec, LinkFacts } from './facts';
import type { Transaction, TransactionFile, TransactionStep } from './transaction';

/** What a stack's planner makes of the facts. */
export interface StackPlan {
  transaction: Transaction;
  /** Files as they are and as they will be, for the review. */
  changes: DocumentChange[];
  /** What showed only while planning. */
  warnings: ConversionFinding[];
}

/** @throws ConfigProblem when there is no such device, or none with a MAC */
export function portOf(facts: ConversionFacts, spec: ConversionSpec): LinkFacts & { mac: string } {
  const link = linkOf(facts, spec.nic);
  if (!link) throw ConfigProblem.of('nic.missing', `There is no ${spec.nic}`, `The host has no network device ${spec.nic}.`);
  if (link.mac === null) throw ConfigProblem.of('nic.no-mac', `${spec.nic} is no Ethernet device`, 'Only a device with an Ethernet address can be a bridge\'s port.');
  return { ...link, mac: link.mac };
}

/** The files that last, as changes of what stands there now. */
export function changesOf(facts: ConversionFacts, files: readonly TransactionFile[]): DocumentChange[] {
  return files.flatMap((file) => (file.commitPath === null ? [] : [{
    title: file.commitPath, language: 'text' as const, before: contentOf(facts, file.commitPath) ?? null, after: file.content,
  }]));
}

/** New files must not replace what somebody else wrote. @throws ConfigProblem */
export function refuseTakenPaths(facts: ConversionFacts, files: readonly TransactionFile[]): void {
  const taken = files.flatMap(({ trialPath, commitPath }) => [trialPath, commitPath]).find((path) => path !== null && facts.files.some((file) => file.path === path));
  if (taken) throw ConfigProblem.of('config.taken', `${taken} is there already`, 'A file of that name is left from an earlier conversion.', 'Undo that conversion, or move the file away, first.');
}

/**
 * Makes the Open vSwitch bridge with the NIC's MAC in one step of its database: a bridge without a port, or with a MAC of its own,
 * never exists. Sources: ovs-vsctl(8), ovs-vswitchd.conf.db(5), other_config:hwaddr.
 */
export function addSwitch(spec: ConversionSpec, mac: string): TransactionStep {
  const [bridge, nic] = [quoteWord(spec.bridge), quoteWord(spec.nic)];
  return {
    says: `Make the Open vSwitch bridge ${spec.bridge} with the MAC address of ${spec.nic}, and ${spec.nic} its port`,
    command: `ovs-vsctl --timeout=10 -- --may-exist add-br ${bridge} -- set bridge ${bridge} other-config:hwaddr=\\"${mac}\\" -- --may-exist add-port ${bridge} ${nic}`,
  };
}

export function deleteSwitch(bridge: string): TransactionStep {
  return { says: `Delete the Open vSwitch bridge ${bridge}`, command: `ovs-vsctl --timeout=10 --if-exists del-br ${quoteWord(bridge)}` };
}

export function switchOn(bridge: string): TransactionStep {
  return { says: `Switch ${bridge} on`, command: `ip link set dev ${quoteWord(bridge)} up` };
}

/** No stack deletes a bridge that its configuration no longer names; deleting it frees the NIC. NetworkManager may be first in that. */
export function deleteBridge(bridge: string): TransactionStep {
  const name = quoteWord(bridge);
  const isGone = `! ip link show dev ${name} >/dev/null 2>&1`;
  return { says: `Delete the bridge ${bridge}`, command: `${isGone} || ip link delete dev ${name} || ${isGone}` };
}
