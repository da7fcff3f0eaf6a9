import { parseNetwork } from '../network-xml/parse-network';
import type { NetworkDefinition } from '../network-xml/parse-network';
import type { PlanCheck } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { networkOf } from '../subnet';
import { ownsBridge } from '../used-ranges';
import type { LiveUpdate } from './live-updates';
import type { Transition } from './plan-transition';
import { plugsToMend } from './plan-transition';

type Draft = Omit<PlanCheck, 'id'>;

/** What must be true once the steps are done. Every one is looked at on the host; nothing is taken for granted. */
export function checksAfter(transition: Transition, snapshot: HostSnapshot): PlanCheck[] {
  const { before, after, restart } = transition;
  const old = before.xml === null ? null : parseNetwork(before.xml);
  const checks: Draft[] = [];
  if (after.xml === null) {
    checks.push({ title: `${after.name} is gone`, check: { kind: 'network-absent', uuid: after.uuid, name: after.name } });
    if (old && before.active) checks.push(...checksOfStopped(old));
    return numbered(checks);
  }
  const definition = parseNetwork(after.xml);
  const { uuid, name } = after;
  if (before.xml !== after.xml && after.persistent !== false) {
    checks.push({ title: `The definition of ${name} is as planned`, check: { kind: 'network-definition', uuid, xml: after.xml } });
  }
  if (before.autostart !== after.autostart || before.xml === null) {
    checks.push({ title: after.autostart ? `${name} starts with the host` : `${name} doesn't start with the host`, check: { kind: 'network-autostart', uuid, autostart: after.autostart } });
  }
  const started = after.active && (!before.active || restart);
  if (started || before.active !== after.active) {
    checks.push({ title: after.active ? `${name} is active` : `${name} is inactive`, check: { kind: 'network-active', uuid, active: after.active } });
  }
  if (transition.live && transition.live.length > 0) checks.push(...checksOfLive(uuid, transition.live, definition));
  if (old && before.active && (!after.active || (restart && old.bridge?.name !== definition.bridge?.name))) checks.push(...checksOfStopped(old));
  if (started) checks.push(...checksOfStarted(name, definition, snapshot));
  return numbered(checks);
}

function numbered(checks: readonly Draft[]): PlanCheck[] {
  return checks.map((check, at) => ({ id: `check-${at + 1}`, ...check }));
}

function checksOfStopped(definition: NetworkDefinition): Draft[] {
  const bridge = definition.bridge?.name;
  if (!bridge || !ownsBridge(definition)) return [];
  return [
    { title: `The bridge ${bridge} is gone`, check: { kind: 'bridge-absent', bridge } },
    ...(definition.kind === 'nat' ? natChecks(definition, bridge, false) : []),
  ];
}

/** libvirt starts an attached network whether or not what it is attached to is there; machines then refuse to. */
function checksOfPlace({ kind, bridge, forward }: NetworkDefinition): Draft[] {
  if (kind === 'ovs') return [{ title: `Open vSwitch has the bridge ${bridge?.name ?? ''}`, check: { kind: 'ovs-bridge-up', bridge: bridge?.name ?? '' } }];
  if (kind === 'bridged') return [{ title: `The bridge ${bridge?.name ?? ''} is there`, check: { kind: 'link-present', device: bridge?.name ?? '', bridge: true } }];
  return forward.interfaces.filter((device) => !device.includes(':')).map((device) => ({
    title: `${device} is there`, check: { kind: 'link-present', device, bridge: false },
  }));
}

function checksOfStarted(name: string, definition: NetworkDefinition, snapshot: HostSnapshot): Draft[] {
  const bridge = definition.bridge?.name;
  if (!ownsBridge(definition)) return checksOfPlace(definition);
  if (!bridge) return [];
  const checks: Draft[] = definition.ips.map((ip) => ({
    title: `${bridge} is up with ${ip.address}/${ip.prefix}`, check: { kind: 'bridge-up', bridge, address: ip.address, prefix: ip.prefix },
  }));
  if (definition.ips.length === 0) checks.push({ title: `${bridge} is up, without an address`, check: { kind: 'bridge-up', bridge, address: null, prefix: 0 } });
  const ipv4 = definition.ips.find((ip) => ip.family === 'ipv4');
  if (ipv4) {
    const destination = networkOf(ipv4.address, ipv4.prefix);
    checks.push({ title: `The host has a route to ${destination}`, check: { kind: 'route-present', destination, device: bridge } });
    if (ipv4.dhcp) checks.push({ title: `DHCP listens on ${bridge}`, check: { kind: 'dhcp-listens', bridge } });
    if (definition.dns.enabled) checks.push({ title: `dnsmasq answers on ${ipv4.address}`, check: { kind: 'dns-answers', address: ipv4.address, bridge } });
    if (ipv4.tftpRoot !== undefined) checks.push({ title: `TFTP listens on ${ipv4.address}`, check: { kind: 'tftp-listens', address: ipv4.address } });
  }
  checks.push(...definition.routes.map((route): Draft => ({
    title: `The host has a route to ${route.destination} by way of ${route.gateway}`, check: { kind: 'route-present', destination: route.destination, device: bridge },
  })));
  if (definition.kind === 'nat') checks.push(...natChecks(definition, bridge, true));
  else checks.push(...forwardChecks(definition, bridge));
  const taps = plugsToMend(name, definition, snapshot).map((plug) => plug.tap);
  if (taps.length > 0) checks.push({ title: 'The machines are plugged in again', check: { kind: 'machines-plugged', bridge, taps } });
  if (taps.length > 0 && definition.portIsolation) checks.push({ title: 'The machines can\'t reach each other', check: { kind: 'ports-isolated', bridge, taps } });
  return checks;
}

/** What net-update changed runs, and dnsmasq, which is told or restarted by it, still does its work. */
function checksOfLive(uuid: string, updates: readonly LiveUpdate[], definition: NetworkDefinition): Draft[] {
  const entries = updates.map(({ action, section, xml }) => ({ section, xml, present: action !== 'delete' }));
  const checks: Draft[] = [{ title: 'The running network has the change', check: { kind: 'live-entries', uuid, entries } }];
  const bridge = definition.bridge?.name;
  const ipv4 = definition.ips.find((ip) => ip.family === 'ipv4');
  if (!bridge || !ipv4 || !ownsBridge(definition)) return checks;
  if (ipv4.dhcp && (ipv4.dhcp.ranges.length > 0 || ipv4.dhcp.hosts.length > 0)) checks.push({ title: `DHCP listens on ${bridge}`, check: { kind: 'dhcp-listens', bridge } });
  if (definition.dns.enabled) checks.push({ title: `dnsmasq answers on ${ipv4.address}`, check: { kind: 'dns-answers', address: ipv4.address, bridge } });
  return checks;
}

/** What the other kinds forward: a routed one both ways, an open one as the host's own rules say, an isolated one nothing. */
function forwardChecks(definition: NetworkDefinition, bridge: string): Draft[] {
  const { kind } = definition;
  const subnets = definition.ips.map((ip) => networkOf(ip.address, ip.prefix));
  if (kind === 'routed') {
    return subnets.map((subnet) => ({ title: `Firewall rules let ${subnet} through, both ways`, check: { kind: 'forward-rules', mode: kind, subnet, bridge } }));
  }
  if (kind !== 'open' && kind !== 'isolated') return [];
  const title = kind === 'open' ? `No firewall rule of libvirt touches ${bridge}` : `Firewall rules forward nothing from or to ${bridge}`;
  return [{ title, check: { kind: 'forward-rules', mode: kind, subnet: subnets[0] ?? null, bridge } }];
}

/** One check for each range that libvirt masquerades: IPv4 always, IPv6 where `<nat ipv6>` says so. */
function natChecks(definition: NetworkDefinition, bridge: string, present: boolean): Draft[] {
  return definition.ips
    .filter((ip) => ip.family === 'ipv4' || definition.forward.natIpv6)
    .map((ip) => networkOf(ip.address, ip.prefix))
    .map((subnet) => ({
      title: present ? `Firewall rules translate ${subnet}` : `No firewall rule translates ${subnet} any more`,
      check: { kind: 'nat-rules', subnet, bridge, present },
    }));
}
