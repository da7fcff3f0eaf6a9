import type { Machine, MachineNic, NicRate, NicSettings } from '../../../shared/domain/machine';
import type { NicExtent, NicSource, NicSpec } from '../../../shared/domain/machine-intent';
import type { NicIssue } from '../../../shared/domain/validate-nic-spec';

/** What the NIC form holds while somebody types. `toNicSpec` makes the domain's `NicSpec` of it. */
export interface NicDraft {
  source: NicSource['kind'];
  network: string;
  /** Empty: the network's default. */
  portgroup: string;
  bridge: string;
  device: string;
  mode: Extract<NicSource, { kind: 'direct' }>['mode'];
  mac: string;
  /** Empty: the hypervisor's own choice. */
  model: string;
  linkUp: boolean;
  inbound: RateDraft;
  outbound: RateDraft;
  extent: NicExtent;
}

/** kB per second and KiB as typed; empty where there is no limit. */
export interface RateDraft { average: string; peak: string; burst: string }

const noRate: RateDraft = { average: '', peak: '', burst: '' };

/** The most that libvirt takes, in KiB or kB per second. */
const largestRate = 4_294_967;

export const newNicDraft = (network: string, mac: string, extent: NicExtent): NicDraft => ({
  source: 'network', network, portgroup: '', bridge: '', device: '', mode: 'bridge', mac, model: 'virtio', linkUp: true,
  inbound: { ...noRate }, outbound: { ...noRate }, extent,
});

const rateDraft = (rate: NicRate | null): RateDraft => ({
  average: rate?.averageKBps?.toString() ?? '', peak: rate?.peakKBps?.toString() ?? '', burst: rate?.burstKiB?.toString() ?? '',
});

const directModes = ['bridge', 'private', 'vepa', 'passthrough'] as const;
const directMode = (text: string | null): NicDraft['mode'] => directModes.find((mode) => mode === text) ?? 'bridge';

/** Why a NIC has no form; null when it has one. Source: formatdomain.html, "Network interfaces": the other types need more than a form shows. */
export function formRefusal(nic: Pick<NicSettings, 'type' | 'network' | 'bridge' | 'hostDevice'>): string | null {
  if (nic.type === 'network' && nic.network !== null) return null;
  if (nic.type === 'bridge' && nic.bridge !== null) return null;
  if (nic.type === 'direct' && nic.hostDevice !== null) return null;
  return `A NIC of type ${nic.type} has no form here: its XML says more than a form can show`;
}

/** The form as it shows a NIC that `formRefusal` allows. */
export function draftOfNic(nic: NicSettings, extent: NicExtent): NicDraft {
  return {
    source: nic.type === 'bridge' ? 'bridge' : nic.type === 'direct' ? 'direct' : 'network',
    network: nic.network ?? '', portgroup: nic.type === 'network' ? nic.portgroup ?? '' : '',
    bridge: nic.type === 'bridge' ? nic.bridge ?? '' : '', device: nic.type === 'direct' ? nic.hostDevice ?? '' : '', mode: directMode(nic.directMode),
    mac: nic.mac, model: nic.model ?? '', linkUp: nic.link === 'up', inbound: rateDraft(nic.bandwidth.inbound), outbound: rateDraft(nic.bandwidth.outbound), extent,
  };
}

/** A NIC as a wish, for intents that change one thing of it. Null where `formRefusal` says why not. */
export function specOfNic(nic: NicSettings): NicSpec | null {
  return formRefusal(nic) === null ? toNicSpec(draftOfNic(nic, 'both'), nic.isOvs).spec : null;
}

/** The NIC of a machine by its MAC: people and libvirt call it by that. */
export const nicOf = (machine: Machine, mac: string): MachineNic | null => machine.nics.find((nic) => nic.mac.toLowerCase() === mac.toLowerCase()) ?? null;

/** A MAC as libvirt writes it: `52-54-00-12-34-56` and `5254.0012.3456` are taken, too. Anything else comes back trimmed. */
export function normalizeMac(text: string): string {
  const trimmed = text.trim().toLowerCase();
  const digits = trimmed.replaceAll(/[:.-]/g, '');
  return /^[0-9a-f]{12}$/.test(digits) && /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$|^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/.test(trimmed)
    ? digits.match(/../g)!.join(':') : trimmed;
}

export interface NicReading { spec: NicSpec | null; issues: NicIssue[] }

const error = (path: string, message: string): NicIssue => ({ path, message, severity: 'error' });

/** Where the cable leads by the form, chosen or not. */
export function sourceOfDraft(draft: NicDraft, isOvs: boolean): NicSource {
  switch (draft.source) {
    case 'network': return { kind: 'network', network: draft.network, portgroup: draft.portgroup || null };
    case 'bridge': return { kind: 'bridge', bridge: draft.bridge, isOvs };
    case 'direct': return { kind: 'direct', device: draft.device, mode: draft.mode };
  }
}

const placeFields = { network: ['network', 'Choose a network.'], bridge: ['bridge', 'Choose a bridge.'], direct: ['device', 'Choose a device.'] } as const;

type Rate = NonNullable<NicSpec['bandwidth']['inbound']>;

function readRate(path: 'inbound' | 'outbound', draft: RateDraft): { rate: Rate | null; issues: NicIssue[] } {
  const issues: NicIssue[] = [];
  const read = (field: keyof RateDraft): number | null => {
    const text = draft[field].trim();
    if (text === '') return null;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 1 && value <= largestRate) return value;
    issues.push(error(`${path}.${field}`, `A whole number of KiB, from 1 to ${largestRate.toLocaleString('en')}, or nothing for no limit.`));
    return null;
  };
  const [average, peak, burst] = [read('average'), read('peak'), read('burst')];
  if (average === null) {
    if (issues.length === 0 && (peak !== null || burst !== null)) issues.push(error(`${path}.average`, 'Peak and burst need an average beside them.'));
    return { rate: null, issues };
  }
  if (peak !== null && peak < average) issues.push(error(`${path}.peak`, `The peak is below the average of ${average} kB/s.`));
  return { rate: { averageKBps: average, peakKBps: peak, burstKiB: burst }, issues };
}

/**
 * Reads a draft as a NIC. Pure: shapes only, no host is asked; rules about MACs are in nic-mac.ts.
 *
 * @param isOvs whether the chosen bridge is Open vSwitch's
 */
export function toNicSpec(draft: NicDraft, isOvs: boolean): NicReading {
  const [field, missing] = placeFields[draft.source];
  const issues: NicIssue[] = draft[field] === '' ? [error(field, missing)] : [];
  const [inbound, outbound] = [readRate('inbound', draft.inbound), readRate('outbound', draft.outbound)];
  issues.push(...inbound.issues, ...outbound.issues);
  const model = draft.model.trim();
  if (model !== '' && !/^[A-Za-z0-9_.-]{1,40}$/.test(model)) issues.push(error('model', 'A model like virtio or e1000e.'));
  const spec: NicSpec = { source: sourceOfDraft(draft, isOvs), mac: normalizeMac(draft.mac), model: model || null, linkUp: draft.linkUp, bandwidth: { inbound: inbound.rate, outbound: outbound.rate } };
  return { spec: issues.length === 0 ? spec : null, issues };
}
