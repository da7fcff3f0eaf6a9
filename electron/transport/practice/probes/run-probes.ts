import { probeArgv } from '../../../commands/probes/probe-networks';
import { uplinkOf } from '../conversion/reach';
import type { HostState } from '../host-state';
import { answersThrough } from '../linux/lan';
import { findInterface } from '../linux/link-state';
import { listenersOf } from '../linux/sockets';
import { runScript } from '../shell/run-script';
import { findRow } from '../ovs/database';
import { fail, succeed } from '../world';
import type { Tool, ToolResult, World } from '../world';

/** bash(1): the connectivity test of a lab by its plan, anything else as sh does it. */
export const bash: Tool = (world, [option = '', ...args], stdin) => {
  if (option === '-s' && args[0] === probeArgv[2]) return runProbes(world, stdin);
  if (option === '-s') return runScript(world, stdin);
  return option === '-c' ? runScript(world, args[0] ?? '') : fail(127, `bash: ${option}: No such file or directory\n`);
};

interface PlannedProbe {
  kind: string;
  device: string;
  address: string;
  gateway: string | null;
  tag: number | null;
  options: string[];
}

interface Reached {
  /** Ports that connect; the others are refused, or silent. */
  open: readonly number[];
  answersPing: boolean;
  isRefused: boolean;
}
const silence: Reached = { open: [], answersPing: false, isRefused: false };
const refusal: Reached = { open: [], answersPing: false, isRefused: true };
const port = 47077;

/** What electron/commands/probes/probe-networks.sh finds, with libvirt's firewall rules and the switches' VLANs as the real ones have them. */
function runProbes({ state }: World, script: string): ToolResult {
  const plan = /\nmain <<'(\w+)'\n([\s\S]*?\n)\1\n$/.exec(script)?.[2] ?? '';
  const records = plan.split('\n').map((line) => line.split(' '));
  const probes = new Map<string, PlannedProbe>();
  const said: string[] = [];
  for (const [what, n = '', kind = '', device = '', , wire = '', addresses = '-', , gateway = '-', tag = '-', options = '-'] of records) {
    if (what !== 'probe') continue;
    const missing = kind === 'ovs' ? !state.ovs || !findRow(state.ovs, 'Bridge', device) : findInterface(state, device)?.kind !== 'bridge';
    if (missing) {
      said.push(`probe ${n} failed ${kind === 'ovs' ? `ovs-vsctl: no bridge named ${device}` : 'Error: argument "' + device + '" is wrong: Device does not exist'}`);
      continue;
    }
    const taken = addressesOf(state);
    const address = addresses === '-' ? wire : addresses.split(',').find((each) => !taken.has(each));
    if (address === undefined) { said.push(`probe ${n} taken`); continue; }
    said.push(`probe ${n} up ${address}`);
    probes.set(n, { kind, device, address, gateway: gateway === '-' ? null : gateway, tag: tag === '-' ? null : Number(tag), options: options === '-' ? [] : options.split(';') });
  }
  for (const [what, n = '', from = '', to = '', ports = ''] of records) {
    if (what !== 'try') continue;
    const source = from === 'host' ? null : probes.get(from);
    const target = /^[@~]/.test(to) ? probes.get(to.slice(1)) : to;
    if (source === undefined || target === undefined) continue;
    const reached = typeof target === 'string' ? reachAddress(state, source, target) : reachProbe(state, source, target, to.startsWith('~'));
    const outcomes = ports.split(',').map((each) => `${each}=${reached.open.includes(Number(each)) ? 'open' : reached.isRefused || reached.answersPing ? 'refused' : 'silent'}`);
    said.push(`tried ${n} ${outcomes.join(',')} ${reached.answersPing ? 'yes' : 'no'}`);
  }
  return succeed([...said, 'done'].map((line) => `${line}\n`).join(''));
}

/** What machines have by DHCP. */
const addressesOf = (state: HostState): Set<string> => new Set(state.networks.flatMap(({ leases }) => leases.map(({ address }) => address)));

function reachProbe(state: HostState, source: PlannedProbe | null, target: PlannedProbe, onWire: boolean): Reached {
  const reached: Reached = { open: [port], answersPing: true, isRefused: false };
  if (source === null) return target.gateway === null ? silence : reached;
  if (source.device === target.device && source.kind === target.kind) return sharesWire(source, target) ? reached : silence;
  if (onWire || source.gateway === null || target.gateway === null) return silence;
  const [from, into] = [source, target].map(({ device }) => state.networks.find(({ running }) => running?.bridge?.name === device)?.running ?? null);
  if (state.sysctls['net.ipv4.ip_forward'] !== '1') return silence;
  const passes = from?.forward != null && from.forward.interfaces.length === 0 && into?.forward != null && into.forward.interfaces.length === 0 && into.forward.mode !== 'nat';
  return passes ? reached : refusal;
}

function sharesWire(a: PlannedProbe, b: PlannedProbe): boolean {
  if (a.kind === 'linux') return !(a.options.includes('isolated') && b.options.includes('isolated'));
  const [vlan, other] = [vlanOf(a), vlanOf(b)];
  return vlan !== null && vlan === other;
}

/** The VLAN in which its frames are; null: in one that its port drops. */
function vlanOf({ tag, options }: PlannedProbe): number | null {
  const column = (name: string): string | null => options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  const trunks = column('trunks')?.split(',').map(Number) ?? null;
  if (tag !== null) return trunks === null || trunks.includes(tag) ? tag : null;
  const own = column('tag');
  if (own !== null) return Number(own);
  return trunks === null ? 0 : null;
}

function reachAddress(state: HostState, source: PlannedProbe | null, address: string): Reached {
  if (state.interfaces.some(({ addresses }) => addresses.some((own) => own.address === address))) {
    if (source !== null && source.gateway === null) return silence;
    const open = listenersOf(state).filter((each) => each.protocol === 'tcp' && (each.address === address || each.address === '0.0.0.0')).map((each) => each.port);
    return { open, answersPing: true, isRefused: true };
  }
  const uplink = uplinkOf(state);
  const router = state.lan?.router ?? '';
  const device = uplink?.controller ?? uplink?.name;
  const link = device === undefined ? null : findInterface(state, device);
  if (!link || !answersThrough(state, link, router)) return silence;
  const there: Reached = { open: address === router ? [53, 80] : [53, 443], answersPing: true, isRefused: false };
  if (source === null) return there;
  if (source.gateway === null) return silence;
  const network = state.networks.find(({ running }) => running?.bridge?.name === source.device)?.running;
  if (!network?.forward) return refusal;
  if (network.forward.interfaces.length > 0 && !network.forward.interfaces.includes(link.name)) return refusal;
  // Nobody on the LAN knows the way back into a routed network.
  return network.forward.mode === 'nat' ? there : silence;
}
