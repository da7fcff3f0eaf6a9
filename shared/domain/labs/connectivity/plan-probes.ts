import type { HostInterface, OvsBridge } from '../../host-network';
import type { Vlan } from '../../network';
import type { HostSnapshot } from '../../snapshot';
import { freeAddresses } from './free-addresses';
import { placesOf, runningVlanOf } from './lab-places';
import type { LabPlace, LabTestNetwork } from './lab-places';
import type { LabTestRouter, RouterFace } from './lab-test-router';
import { LabWires } from './lab-wires';
import { probePort } from './probe-plan';
import type { PlacePlan, Probe, ProbePlan, ProbeTry, ProbeWait, Untried } from './probe-plan';
import { rangeContains } from '../../subnet';

export interface LabTestPlan {
  places: PlacePlan[];
  probes: ProbePlan;
  /** The LAN's router, and somebody on the internet; null: there is nobody to try. */
  router: string | null;
  outside: string;
}

/** What routers and name servers answer at, as a rule. */
const routerPorts = [53, 80, 443, 22];
const outsidePorts = [53, 443, 80];

/**
 * Probes at every place of a lab, and who tries whom.
 * @param outside an IPv4 address on the internet
 */
export function planLabTest(networks: readonly LabTestNetwork[], snapshot: HostSnapshot, outside: string, routers: readonly LabTestRouter[] = []): LabTestPlan {
  const probes: Probe[] = [];
  const wires = new LabWires(networks, routers);
  const places = placesOf(networks).map((place) => planPlace(place, snapshot, wires, probes));
  const router = snapshot.routes.find((route) => route.family === 'ipv4' && route.destination === 'default' && route.gateway !== null)?.gateway ?? null;
  const tries: ProbeTry[] = [];
  const ask = (from: ProbeTry['from'], to: ProbeTry['to'], ports: number[]): void => { tries.push({ n: tries.length, from, to, ports }); };
  const own = [probePort];
  if (router !== null) ask('host', { address: router }, routerPorts);
  ask('host', { address: outside }, outsidePorts);
  for (const place of places) {
    const { first, second, control, hostAddress, hostBeyond, isOutside, isRouted } = place;
    if (!first || !second) continue;
    for (const [from, to] of [[first, second], [second, first], [control, first], [control, second]]) if (from && to) ask(from.n, { probe: to.n, wire: !isRouted }, own);
    for (const other of places) {
      if (other !== place && other.first) ask(first.n, { probe: other.first.n, wire: !isRouted || !other.isRouted }, own);
    }
    const hosts = hostAddress ?? hostBeyond;
    if (hosts !== null) ask(first.n, { address: hosts }, [53]);
    if (hostAddress !== null || (isRouted && knowsWay(snapshot, first))) ask('host', { probe: first.n, wire: false }, own);
    for (const { address, port } of place.routers.values()) if (address !== null) ask(first.n, { address }, [port]);
    if (isOutside) continue;
    if (router !== null) ask(first.n, { address: router }, routerPorts);
    ask(first.n, { address: outside }, outsidePorts);
  }
  const settleSeconds = Math.max(5, ...networks.map((network) => settleSecondsOf(network, snapshot)));
  const waits = waitsFor(routers, places, snapshot);
  const limitSeconds = 40 + settleSeconds + Math.max(0, ...waits.map(({ seconds }) => seconds)) + Math.ceil(probes.length / 2) + 8 * Math.ceil(tries.length / 40);
  return { places, router, outside, probes: { probes, waits, tries, settleSeconds, limitSeconds } };
}

/** A guest boots within seconds with KVM; emulated, it takes a minute on a small host. */
function waitsFor(routers: readonly LabTestRouter[], places: readonly PlacePlan[], { system }: HostSnapshot): ProbeWait[] {
  const seconds = system.kvm === false ? 90 : 25;
  const waits: ProbeWait[] = [];
  for (const { key, isOn, faces, answersNames } of routers) {
    const nearTo = (wanted: (face: RouterFace) => boolean): { place: PlacePlan; first: Probe; address: string } | null => {
      for (const place of places) {
        const address = place.routers.get(key)?.address ?? null;
        if (place.first && place.isRouted && faces.some((face) => face.address === address && wanted(face)) && address !== null) return { place, first: place.first, address };
      }
      return null;
    };
    const near = isOn ? nearTo(({ masquerades, asksForAddress }) => !masquerades && !asksForAddress) : null;
    const login = isOn ? nearTo(({ takesLogins }) => takesLogins) : null;
    if (login) waits.push({ from: login.first.n, seconds, n: waits.length, address: login.address, port: 22 });
    if (!near) continue;
    const wait = { from: near.first.n, seconds };
    waits.push({ ...wait, n: waits.length, address: near.address, port: answersNames ? 53 : null });
    // Its way out comes with its own address.
    if (faces.some(({ asksForAddress }) => asksForAddress) && near.place.hostBeyond !== null) waits.push({ ...wait, n: waits.length, address: near.place.hostBeyond, port: 53 });
  }
  return waits;
}

/** The host itself, by a route that is none of last resort, which would lead out of it. */
function knowsWay({ routes }: HostSnapshot, { addresses }: Probe): boolean {
  const [address] = addresses;
  return address !== undefined && routes.some(({ family, destination }) => family === 'ipv4' && destination.includes('/') && destination !== '0.0.0.0/0' && rangeContains(destination, address));
}

/** Spanning tree listens and learns for the forward delay each; Open vSwitch's for 15 s. */
function settleSecondsOf({ running }: LabTestNetwork, { interfaces, ovsBridges }: HostSnapshot): number {
  const name = running.bridge?.name;
  if (running.kind === 'ovs') return ovsBridges.some((bridge) => bridge.name === name && bridge.stp) ? 35 : 0;
  return 2 * (interfaces.find((device) => device.name === name)?.bridge?.forwardDelaySeconds ?? 0) + 5;
}

function planPlace(place: LabPlace, snapshot: HostSnapshot, wires: LabWires, probes: Probe[]): PlacePlan {
  const { running } = place.network;
  const contacts = wires.contactsOn(place.wire);
  const bare: PlacePlan = {
    end: place.end, untried: null, first: null, second: null, control: null, hostAddress: null, hostBeyond: null, isOutside: false, inUserSpace: false, isRouted: false,
    routers: new Map(contacts.map(({ router, face }) => [router.key, { address: face.address, port: face.takesLogins ? 22 : 53 }])),
  };
  const device = snapshot.interfaces.find((item) => item.name === running.bridge?.name);
  const bridge = snapshot.ovsBridges.find((item) => item.name === running.bridge?.name);
  const untried = whyUntried(place, device, bridge);
  if (untried || !device) return { ...bare, untried };
  const isOutside = leadsOutside(place, device.name, bridge, snapshot);
  const host = isOutside ? null : hostIpOf(place, device);
  const ip = isOutside ? null : gatewayOf(place, wires, host);
  const isIsolated = running.portIsolation;
  const roles = isIsolated ? ['first', 'second', 'control'] as const : ['first', 'second'] as const;
  const spare = 3;
  // Places on one wire share its subnet.
  const taken = [...contacts.flatMap(({ face }) => face.address ?? []), ...host ? [host.address] : [], ...probes.flatMap(({ addresses }) => addresses)];
  const addresses = ip === null ? [] : freeAddresses(ip, running, snapshot, roles.length * spare, taken);
  if (ip !== null && addresses.length < roles.length) return { ...bare, untried: { why: `no address of ${ip.address}/${ip.prefix} is free for a test`, verdict: 'failed' } };
  const routes = ip === null ? [] : wires.waysBeside(place.wire);
  const made = roles.map((role, at): Probe => {
    const n = probes.length;
    const probe: Probe = {
      n, role, kind: running.kind === 'ovs' ? 'ovs' : 'linux', device: device.name, mtu: device.mtu, wireAddress: `198.18.${(n + 1) >> 8}.${(n + 1) & 255}`,
      addresses: addresses.filter((_, index) => index % roles.length === at), prefix: ip?.prefix ?? null, gateway: ip?.address ?? null, routes, tag: place.tagged ? place.vlan : null,
      options: running.kind === 'ovs' ? portColumns(runningVlanOf(place) ?? null) : isIsolated && role !== 'control' ? ['isolated'] : [],
    };
    probes.push(probe);
    return probe;
  });
  return {
    ...bare, first: made[0] ?? null, second: made[1] ?? null, control: made[2] ?? null, hostAddress: host?.address ?? null, isOutside, inUserSpace: bridge?.datapathType === 'netdev', isRouted: ip !== null,
    hostBeyond: host === null && ip !== null ? hostBeyond(place, wires) : null,
  };
}

/** Whom machines have their way out by, and what else they have addresses of: the host by the definition, a router of the lab, whatever the bridge has. */
function gatewayOf({ wire, network: { running } }: LabPlace, wires: LabWires, host: ReturnType<typeof hostIpOf>): ReturnType<typeof hostIpOf> {
  const gateway = running.ips.some(({ family }) => family === 'ipv4') ? null : wires.gatewayOn(wire);
  if (gateway?.kind !== 'router') return host;
  const { address, prefix, face: { range } } = gateway;
  return { address, prefix, dhcp: range === null ? null : { ranges: [range], hosts: [] } };
}

/** The host's address on another wire of a router that is here. */
function hostBeyond({ wire }: LabPlace, wires: LabWires): string | null {
  for (const { router } of wires.contactsOn(wire)) {
    const host = router.faces.map((face) => wires.hostOn(face.wire)).find((item) => item !== null);
    if (host) return host.address;
  }
  return null;
}

function whyUntried(place: LabPlace, device: HostInterface | undefined, bridge: OvsBridge | undefined): Untried | null {
  const { running } = place.network;
  if (!running.active) return { why: `the network ${running.name} is not active`, verdict: 'failed' };
  if (running.kind === 'macvtap' || running.kind === 'sriov') return { why: `machines on ${running.name} have a NIC of the host to themselves, past all that a test on the host can use`, verdict: 'out-of-reach' };
  if (!device || (running.kind === 'ovs' && !bridge)) return { why: `there is no bridge ${running.bridge?.name ?? ''} on the host now`, verdict: 'failed' };
  if (running.kind === 'ovs' && runningVlanOf(place) === undefined) return { why: `${running.name} as it runs has no such portgroup; a restart of the network gives it that`, verdict: 'failed' };
  return null;
}

/** A NIC of the host, or whatever else is neither a machine's nor the host's own, is a port of it. */
function leadsOutside({ network: { running } }: LabPlace, name: string, bridge: OvsBridge | undefined, { interfaces, machines }: HostSnapshot): boolean {
  if (running.kind === 'bridged') return interfaces.some((item) => item.controller === name && item.kind !== 'tap');
  const taps = new Set(machines.flatMap(({ nics }) => nics.map(({ target }) => target)));
  return running.kind === 'ovs' && (bridge?.ports ?? []).some((port) => port.interfaces.some((item) => (item.type === 'system' || item.type === '') && item.error === null && !taps.has(item.name)));
}

/** As the network's definition has it; else what the bridge has, which is untagged on a switch. */
function hostIpOf({ network: { running }, vlan }: LabPlace, device: HostInterface): Parameters<typeof freeAddresses>[0] | null {
  const own = running.ips.find(({ family }) => family === 'ipv4');
  if (own) return own;
  const other = device.addresses.find(({ family, scope }) => family === 'ipv4' && scope === 'global');
  return other && vlan === 0 ? { address: other.address, prefix: other.prefix, dhcp: null } : null;
}

/** As libvirt has it (virNetDevOpenvswitchConstructVlans). */
function portColumns(vlan: Vlan | null): string[] {
  if (!vlan || vlan.tags.length === 0) return [];
  const native = vlan.tags.find(({ nativeMode }) => nativeMode !== undefined);
  const mode = native ? [`vlan_mode=native-${native.nativeMode ?? ''}`, `tag=${native.id}`] : [];
  return vlan.trunk ? [...mode, `trunks=${vlan.tags.map(({ id }) => id).join(',')}`] : [`tag=${vlan.tags[0]?.id ?? 0}`];
}
