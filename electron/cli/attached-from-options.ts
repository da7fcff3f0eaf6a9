import { attachedSpecSchema, noBandwidth } from '../../shared/domain/attached-spec';
import type { AttachedSpec, PortgroupSpec, VlanSpec } from '../../shared/domain/attached-spec';
import { AppError } from '../../shared/errors/app-error';
import type { AttachedOptions } from './attached-options';
import { eitherOf } from './either-of';

/**
 * The proposal, or a network as it is, with everything the command line says laid over it. Shapes are checked here, with the option named; rules
 * against the host are the planner's. Throws AppError `input.invalid`.
 */
export function attachedSpecFromOptions(proposed: AttachedSpec, name: string | null, options: AttachedOptions): AttachedSpec {
  refuseForeign(proposed.kind, options);
  const common = {
    ...proposed, name: name ?? proposed.name, title: textFrom(options.title, proposed.title), description: textFrom(options.description, proposed.description),
    autostart: eitherOf('autostart', 'no-autostart', options) ?? proposed.autostart,
    vlan: options.vlan === undefined ? proposed.vlan : options.vlan === '' ? null : parseVlan('--vlan', options.vlan),
    portgroups: options.portgroup === undefined ? proposed.portgroups : options.portgroup.filter((text) => text !== '').map((text) => parsePortgroup(text, proposed.portgroups)),
  };
  const parsed = attachedSpecSchema.safeParse({ ...common, ...placeFrom(proposed, options) });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new AppError('input.invalid', 'The network can\'t be made like this', `${field}: ${issue?.message ?? 'not valid'}`, { field });
}

/** An empty value takes the text away. */
const textFrom = (said: string | undefined, before: string | null): string | null => (said === undefined ? before : said || null);

function placeFrom(proposed: AttachedSpec, options: AttachedOptions): object {
  switch (proposed.kind) {
    case 'bridged': return { bridge: options.bridge ?? proposed.bridge, isolatedPorts: eitherOf('port-isolation', 'no-port-isolation', options) ?? proposed.isolatedPorts };
    case 'macvtap': return { devices: options.device ?? proposed.devices, mode: options.mode ?? proposed.mode };
    case 'sriov': return { device: options.device?.[0] ?? proposed.device, managed: eitherOf('managed', 'unmanaged', options) ?? proposed.managed };
    case 'ovs': {
      if (options.datapath !== undefined && !options['new-bridge']) throw wrong('--datapath is a new bridge’s: it needs --new-bridge.');
      const createBridge = options['new-bridge'] ? { datapath: options.datapath ?? 'system', stp: false } : options.bridge === undefined ? proposed.createBridge : null;
      return { bridge: options.bridge ?? proposed.bridge, createBridge };
    }
  }
}

/** An option of another kind would be dropped in silence. */
function refuseForeign(kind: AttachedSpec['kind'], options: AttachedOptions): void {
  const own: Record<AttachedSpec['kind'], readonly (keyof AttachedOptions)[]> = {
    bridged: ['bridge', 'port-isolation', 'no-port-isolation'], macvtap: ['device', 'mode'], ovs: ['bridge', 'new-bridge', 'datapath'], sriov: ['device', 'managed', 'unmanaged'],
  };
  const special = [...new Set(Object.values(own).flat())];
  const foreign = special.find((option) => options[option] !== undefined && !own[kind].includes(option));
  if (foreign) throw wrong(`--${foreign} says nothing for this kind of network.`);
  if (kind === 'sriov' && (options.device?.length ?? 0) > 1) throw wrong('--device takes one card here.');
}

/** `NAME:vlan=10,default`, `NAME:trunk=10,20,native=1`, or `NAME`. The limits of one that is there already stay. */
function parsePortgroup(text: string, before: readonly PortgroupSpec[]): PortgroupSpec {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const words = colon < 0 ? [] : text.slice(colon + 1).split(',');
  const rest = words.filter((word) => word !== 'default');
  return { name, isDefault: rest.length < words.length, vlan: rest.length === 0 ? null : parseVlan('--portgroup', rest.join(',')), bandwidth: before.find((group) => group.name === name)?.bandwidth ?? noBandwidth };
}

/** `10`, `vlan=10`, `trunk=10,20,native=1`, `trunk=10,native-tagged=1`. */
function parseVlan(option: string, text: string): VlanSpec {
  const number = (word: string): number => {
    if (!/^\d+$/.test(word)) throw wrong(`${option} takes VLANs by number, such as vlan=10 or trunk=10,20,native=1, not “${text}”.`);
    return Number(word);
  };
  const access = /^(?:vlan=)?(\d+)$/.exec(text)?.[1];
  if (access !== undefined) return { mode: 'access', tag: Number(access) };
  const words = text.replace(/^trunk=/, '').split(',').filter((word) => word !== '');
  const native = words.find((word) => word.startsWith('native'));
  const [how = '', tag = ''] = native?.split('=') ?? [];
  if (native !== undefined && how !== 'native' && how !== 'native-tagged') throw wrong(`${option} knows native=N and native-tagged=N, not “${native}”.`);
  if (!text.startsWith('trunk=') && native === undefined) number(text);
  return {
    mode: 'trunk', tags: words.filter((word) => word !== native).map(number),
    native: native === undefined ? null : { tag: number(tag), mode: how === 'native' ? 'untagged' : 'tagged' },
  };
}

function wrong(detail: string): AppError {
  return new AppError('input.invalid', 'The command line is not understood', detail);
}
