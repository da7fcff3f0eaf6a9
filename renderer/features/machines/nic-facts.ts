import type { MachineNic, NicSettings } from '../../../shared/domain/machine';
import { describeRate } from '../../ui/describe-rate';
import { describeVlan } from '../../ui/describe-vlan';
import type { Fact } from '../../ui/FactList.vue';

/** kB per second as people know lines: "80 Mbit/s". Null for what is no number. */
export function inMegabits(kBPerSecond: string): string | null {
  const value = Number(kBPerSecond.trim());
  if (kBPerSecond.trim() === '' || !Number.isFinite(value) || value <= 0) return null;
  const megabits = value * 8 / 1000;
  return `${megabits >= 10 ? Math.round(megabits).toLocaleString('en') : megabits.toFixed(megabits >= 1 ? 1 : 2)} Mbit/s`;
}

const modeWords: Record<string, string> = { bridge: 'guests on it reach each other', private: 'guests apart from each other', vepa: 'the switch turns traffic back', passthrough: 'the whole device' };

/** Where a bridge has heard the NIC lately, as a fact of its own: it tells that the guest talks, though not by which address. */
export function heardFacts({ seenOn, target }: Pick<MachineNic, 'seenOn' | 'target'>): Fact[] {
  if (seenOn === null) return [];
  const { port, bridge } = seenOn;
  return [{ term: 'Heard', value: port, mono: true, note: target === null || port === target ? `port of ${bridge}, in the last minutes` : `port of ${bridge}, not its own tap: is its MAC there twice?` }];
}

/** What a NIC is, but for its addresses: the facts of its section in the inspector. */
export function nicFacts(nic: MachineNic): Fact[] {
  const facts: Fact[] = [{ term: 'MAC', value: nic.mac, mono: true }];
  if (nic.network === null && nic.type === 'direct') facts.push({ term: 'macvtap', value: nic.hostDevice ?? 'unknown', mono: true, note: modeWords[nic.directMode ?? 'vepa'] ?? '' });
  if (nic.target !== null) facts.push({ term: 'Tap', value: nic.target, mono: true, ...nic.bridge ? { note: `on ${nic.bridge}` } : {} });
  else if (nic.network === null && nic.bridge !== null) facts.push({ term: 'Bridge', value: nic.bridge, mono: true, ...nic.isOvs ? { note: 'Open vSwitch' } : {} });
  if (nic.portgroup) facts.push({ term: 'Port group', value: nic.portgroup });
  if (nic.vlan && nic.vlan.tags.length > 0) facts.push({ term: 'VLAN', value: describeVlan(nic.vlan) });
  facts.push({ term: 'Model', value: nic.model ?? 'the hypervisor’s choice', mono: nic.model !== null });
  facts.push({ term: 'Link', value: nic.link === 'up' ? 'up' : 'down: the cable is pulled' });
  const [inbound, outbound] = [describeRate(nic.bandwidth.inbound), describeRate(nic.bandwidth.outbound)];
  if (inbound) facts.push({ term: 'Receives', value: `at most ${inbound}` });
  if (outbound) facts.push({ term: 'Sends', value: `at most ${outbound}` });
  if (nic.isolatedPort) facts.push({ term: 'Isolated', value: 'can’t talk to other isolated ports' });
  if (nic.bootOrder !== null) facts.push({ term: 'Boots from', value: `it, as number ${nic.bootOrder}` });
  return facts;
}

/** How the NIC will be after the next boot, one sentence for each difference; empty when as it is. */
export function pendingFacts(nic: MachineNic): string[] {
  if (nic.pending === 'added') return ['Only in the definition: the machine has it from its next boot on.'];
  if (nic.pending === 'removed') return ['Gone from the definition: the machine has it until it is shut down.'];
  const { next } = nic;
  if (nic.pending !== 'changed' || next === null) return [];
  const place = (settings: NicSettings): string => [settings.network ?? settings.bridge ?? settings.hostDevice ?? settings.type, settings.portgroup].filter(Boolean).join(', port group ');
  const sentences: string[] = [];
  if (place(next) !== place(nic)) sentences.push(`plugged into ${place(next)}`);
  if (next.mac !== nic.mac) sentences.push(`MAC ${next.mac}`);
  if (next.model !== nic.model) sentences.push(`model ${next.model ?? 'of the hypervisor’s choice'}`);
  if (next.link !== nic.link) sentences.push(`link ${next.link}`);
  if (describeRate(next.bandwidth.inbound) !== describeRate(nic.bandwidth.inbound) || describeRate(next.bandwidth.outbound) !== describeRate(nic.bandwidth.outbound)) sentences.push('other limits of bandwidth');
  return [`After the next boot: ${sentences.length > 0 ? sentences.join(', ') : 'other settings, see its XML'}.`];
}
