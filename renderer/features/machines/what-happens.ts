import { isOn } from '../../../shared/domain/machine-state';
import type { Machine, NicSettings } from '../../../shared/domain/machine';
import type { NicExtent, NicSource, NicSpec } from '../../../shared/domain/machine-intent';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { specOfNic } from './nic-draft';
import { addressingOf } from './nic-places';

type Known = Pick<HostSnapshot, 'networks'>;

const placeOf = (source: NicSource): string => JSON.stringify(source);
const isNow = (machine: Pick<Machine, 'state'>, extent: NicExtent): boolean => isOn(machine) && extent !== 'definition';

/** Where a guest's address will come from at the other end of the cable. */
function addressing(source: NicSource, { networks }: Known): string {
  const network = source.kind === 'network' ? networks.find((candidate) => candidate.name === source.network) : undefined;
  return network ? addressingOf(network) : 'It gets its address from whatever serves that LAN.';
}

/** An address that is kept for this NIC on the network it goes to. */
function reservation(spec: NicSpec, { networks }: Known): string[] {
  const { source } = spec;
  if (source.kind !== 'network') return [];
  const kept = networks.find((network) => network.name === source.network)?.ips.flatMap((ip) => ip.dhcp?.hosts ?? []).find((host) => host.mac?.toLowerCase() === spec.mac);
  return kept?.ip ? [`${kept.ip} is reserved for this MAC there.`] : [];
}

function ofAttach(machine: Pick<Machine, 'name' | 'state'>, spec: NicSpec, extent: NicExtent, known: Known): string[] {
  if (!isNow(machine, extent)) return [`The next start of ${machine.name} finds one more NIC. ${addressing(spec.source, known)}`, ...reservation(spec, known)];
  return [
    `The guest sees a new NIC at once, as if a card were put in. ${addressing(spec.source, known)} Many systems have to be told to use it.`,
    ...reservation(spec, known),
    ...spec.linkUp ? [] : ['Its cable is pulled at first: the guest sees the NIC without a link.'],
  ];
}

/** Whether libvirt moves the cable in place: between Linux bridges it does, to and from Open vSwitch and macvtap the NIC is plugged anew. */
function isOnLinuxBridge(source: NicSource, { networks }: Known): boolean {
  if (source.kind !== 'network') return source.kind === 'bridge' && !source.isOvs;
  const kind = networks.find((candidate) => candidate.name === source.network)?.kind;
  return kind !== 'ovs' && kind !== 'macvtap' && kind !== 'sriov' && source.portgroup === null;
}

function ofChange(machine: Pick<Machine, 'name' | 'state'>, before: NicSpec, spec: NicSpec, extent: NicExtent, known: Known): string[] {
  const sentences: string[] = [];
  const now = isNow(machine, extent);
  const isMoved = placeOf(before.source) !== placeOf(spec.source);
  const isOther = before.mac.toLowerCase() !== spec.mac || before.model !== spec.model;
  if (isOther && now) sentences.push('A MAC or model can’t be changed while the guest uses the NIC: the old NIC is pulled out and a new one put in. The guest has to let go of the old one.');
  else if (isOther) sentences.push('The guest meets a NIC it doesn’t know: its configuration may hang on the old MAC or name.');
  if (before.mac.toLowerCase() !== spec.mac) sentences.push('Leases and reserved addresses go by the MAC: they are not its own any more.');
  const isReplugged = isMoved && !(isOnLinuxBridge(before.source, known) && isOnLinuxBridge(spec.source, known));
  if (isReplugged && now && !isOther) sentences.push(`The NIC is unplugged and plugged in again, for its cable can’t be moved between these two in place. ${addressing(spec.source, known)}`);
  else if (isMoved && now && !isOther) sentences.push(`The cable is moved while ${machine.name} runs. The guest keeps its old address until it asks for a new one. ${addressing(spec.source, known)}`);
  else if (isMoved) sentences.push(addressing(spec.source, known));
  sentences.push(...isMoved || isOther ? reservation(spec, known) : []);
  if (before.linkUp && !spec.linkUp) sentences.push('The guest sees the cable pulled; the NIC and its settings stay.');
  if (!before.linkUp && spec.linkUp) sentences.push('The guest sees the cable plugged in again.');
  if (JSON.stringify(before.bandwidth) !== JSON.stringify(spec.bandwidth)) sentences.push(now && !isOther ? 'The limits hold at once; nothing is interrupted.' : 'The limits hold from then on.');
  return sentences;
}

/** What follows from a NIC as the form has it, in sentences; empty when nothing would change. `before` null: a new NIC. */
export function whatHappens(machine: Pick<Machine, 'name' | 'state'>, before: NicSettings | null, spec: NicSpec, extent: NicExtent, known: Known): string[] {
  if (before === null) return ofAttach(machine, spec, extent, known);
  const old = specOfNic(before);
  return old === null ? [] : ofChange(machine, old, spec, extent, known);
}

/** Whether the form says just what the NIC is already. */
export function isUnchanged(before: NicSettings, spec: NicSpec): boolean {
  const old = specOfNic(before);
  return old !== null && placeOf(old.source) === placeOf(spec.source) && old.mac === spec.mac && old.model === spec.model && old.linkUp === spec.linkUp
    && JSON.stringify(old.bandwidth) === JSON.stringify(spec.bandwidth);
}
