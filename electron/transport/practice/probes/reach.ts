import { uplinkOf } from '../conversion/reach';
import type { HostState } from '../host-state';
import { isWithin } from '../linux/address-math';
import { answersThrough } from '../linux/lan';
import { findInterface } from '../linux/link-state';
import { listenersOf } from '../linux/sockets';
import { portTowards, routersOf } from './practice-router';
import type { PracticeRouter, RouterPort, Wire } from './practice-router';

export interface PlannedProbe {
  kind: string;
  device: string;
  address: string;
  prefix: number;
  gateway: string | null;
  routes: { subnet: string; via: string }[];
  tag: number | null;
  options: string[];
}

export interface Reached {
  /** Ports that connect; the others are refused, or silent. */
  open: readonly number[];
  answersPing: boolean;
  isRefused: boolean;
}
const silence: Reached = { open: [], answersPing: false, isRefused: false };
const refusal: Reached = { open: [], answersPing: false, isRefused: true };
const reached: Reached = { open: [47077], answersPing: true, isRefused: false };

/** `isOnWire`: by the address that no router knows. */
interface Target { address: string; probe: PlannedProbe | null; isOnWire?: boolean }
/** A packet somewhere on its way, with the address that it is from by now. */
interface Packet { state: HostState; target: Target; source: string; hops: number }

/** Whether a probe, or the host (null), reaches another probe or an address, with libvirt's firewall rules, the switches' VLANs and the routers as the real ones have them. */
export function reach(state: HostState, source: PlannedProbe | null, target: Target): Reached {
  const { probe, address } = target;
  if (source === null) return probe ? (hostIsOn(state, probe.device, probe.gateway) ? reached : silence) : ofHost(state, address) ?? onLan(state, address);
  if (probe && source.device === probe.device && source.kind === probe.kind && sharesWire(source, probe)) return reached;
  const wire = wireOf(source);
  if (target.isOnWire || source.gateway === null || wire === null) return silence;
  const next = nextHop(source, address);
  const packet: Packet = { state, target, source: source.address, hops: 0 };
  return handTo(wire, next, packet);
}

/** To whoever has this address on the wire. */
function handTo(wire: Wire, next: string, packet: Packet): Reached {
  if (packet.hops > 8) return silence;
  const { state } = packet;
  for (const router of routersOf(state)) {
    const port = router.ports.find((item) => item.address === next && isSame(item.wire, wire));
    if (port) return pass(router, port, packet);
  }
  return wire.vlan === 0 && hostIsOn(state, wire.device, next) ? throughHost(wire.device, packet) : silence;
}

function pass(router: PracticeRouter, from: RouterPort, packet: Packet): Reached {
  const { target, state } = packet;
  const dropped = router.serves(from) ? refusal : silence;
  if (router.ports.some(({ address }) => address === target.address)) {
    const [open, answersPing] = [router.openAt(from), router.serves(from)];
    return open.length > 0 || answersPing ? { open, answersPing, isRefused: answersPing } : silence;
  }
  if (!router.forwards) return silence;
  const way = portTowards(router, target.address);
  if (!way || !router.accepts(from, way.port)) return dropped;
  const { port, next } = way;
  const onward: Packet = { ...packet, source: router.translates(port) ? port.address ?? packet.source : packet.source, hops: packet.hops + 1 };
  const { probe } = target;
  if (next !== target.address) return handTo(port.wire, next, onward);
  const wire = probe && wireOf(probe);
  if (probe && wire && isSame(wire, port.wire)) return onward.source === port.address || nextHop(probe, onward.source) === port.address ? reached : silence;
  return port.wire.vlan === 0 && hostIsOn(state, port.wire.device, target.address) ? throughHost(port.wire.device, onward) : silence;
}

/** The host takes what is for it, and forwards what comes from the network's own addresses. */
function throughHost(device: string, { state, target, source }: Packet): Reached {
  const own = ofHost(state, target.address);
  if (own) return own;
  const link = findInterface(state, device);
  if (!link?.addresses.some(({ family, address, prefix }) => family === 'inet' && isWithin(source, address, prefix))) return refusal;
  const networkOn = (name: string) => state.networks.find(({ running }) => running?.bridge?.name === name)?.running ?? null;
  const from = networkOn(device);
  if (target.probe) {
    if (state.sysctls['net.ipv4.ip_forward'] !== '1') return silence;
    const into = networkOn(target.probe.device);
    const passes = from?.forward != null && from.forward.interfaces.length === 0 && into?.forward != null && into.forward.interfaces.length === 0 && into.forward.mode !== 'nat';
    return passes && target.probe.gateway !== null ? reached : refusal;
  }
  const uplink = uplinkOf(state);
  const there = onLan(state, target.address);
  if (there === silence || !from?.forward) return there === silence ? silence : refusal;
  if (from.forward.interfaces.length > 0 && !from.forward.interfaces.includes(uplink?.controller ?? uplink?.name ?? '')) return refusal;
  // Nobody on the LAN knows the way back into a routed network.
  return from.forward.mode === 'nat' ? there : silence;
}

/** What the host says at an address of its own; null: it is none. */
function ofHost(state: HostState, address: string): Reached | null {
  if (!state.interfaces.some(({ addresses }) => addresses.some((own) => own.address === address))) return null;
  const open = listenersOf(state).filter((each) => each.protocol === 'tcp' && (each.address === address || each.address === '0.0.0.0')).map((each) => each.port);
  return { open, answersPing: true, isRefused: true };
}

/** The LAN's router, and who stands for the internet. */
function onLan(state: HostState, address: string): Reached {
  const uplink = uplinkOf(state);
  const router = state.lan?.router ?? '';
  const device = uplink?.controller ?? uplink?.name;
  const link = device === undefined ? null : findInterface(state, device);
  return link && answersThrough(state, link, router) ? { open: address === router ? [53, 80] : [53, 443], answersPing: true, isRefused: false } : silence;
}

/** Whom a probe hands what is for an address: that one itself, in its own subnet. */
function nextHop({ address: own, prefix, routes, gateway }: PlannedProbe, address: string): string {
  if (isWithin(address, own, prefix)) return address;
  const via = routes.find(({ subnet }) => isWithin(address, subnet.split('/')[0] ?? '', Number(subnet.split('/')[1])))?.via;
  return via ?? gateway ?? address;
}

const hostIsOn = (state: HostState, device: string, address: string | null): boolean => address !== null && (findInterface(state, device)?.addresses.some((own) => own.address === address) ?? false);
const isSame = (a: Wire, b: Wire): boolean => a.device === b.device && a.vlan === b.vlan;

function wireOf(probe: PlannedProbe): Wire | null {
  const vlan = probe.kind === 'ovs' ? vlanOf(probe) : 0;
  return vlan === null ? null : { device: probe.device, vlan };
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
