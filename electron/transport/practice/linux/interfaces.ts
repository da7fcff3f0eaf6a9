import type { InterfaceAddress, InterfaceState, StaticRoute } from '../host-state';
import type { World } from '../world';
import { linkLocalAddress, networkAddress } from './address-math';
import type { Family } from './address-math';
import { addressLine, broadcastRouteLine, connectedRouteLine, forwardingLine, linkLine, localRouteLine, neighbourLine, staticRouteLine } from './ip-lines';
import { findInterface, hasCarrier, portsOf } from './link-state';

export function addInterface(world: World, made: Omit<InterfaceState, 'index' | 'up' | 'addresses' | 'controller'>): InterfaceState {
  const link: InterfaceState = { ...made, index: world.state.nextInterfaceIndex++, up: false, addresses: [], controller: null };
  world.state.interfaces.push(link);
  world.announce({ kind: 'ip', object: 'link', line: linkLine(world.state, link) });
  return link;
}

/** Takes an interface away; ports of a bridge stay, without a controller. */
export function removeInterface(world: World, link: InterfaceState): void {
  const { state } = world;
  for (const port of portsOf(state, link.name)) setController(world, port, null);
  for (const address of [...link.addresses]) removeAddress(world, link, address);
  state.routes = state.routes.filter((route) => route.device !== link.name);
  const bridge = link.controller === null ? null : findInterface(state, link.controller);
  state.interfaces = state.interfaces.filter((other) => other !== link);
  if (bridge) tell(world, bridge);
  tellForwarding(world, link, true);
  link.up = false;
  link.controller = null;
  world.announce({ kind: 'ip', object: 'link', line: `Deleted ${linkLine(state, link)}` });
}

export function addAddress(world: World, link: InterfaceState, address: InterfaceAddress): void {
  // The kernel lists IPv4 first.
  link.addresses = [...link.addresses, address].sort((a, b) => Number(a.family === 'inet6') - Number(b.family === 'inet6'));
  world.announce({ kind: 'ip', object: 'address', line: addressLine(link, address) });
  if (address.family === 'inet') world.announce({ kind: 'ip', object: 'route', line: localRouteLine(link, address) });
  if (link.up) announceConnected(world, link, address);
}

function removeAddress(world: World, link: InterfaceState, address: InterfaceAddress): void {
  link.addresses = link.addresses.filter((other) => other !== address);
  world.announce({ kind: 'ip', object: 'address', line: `Deleted ${addressLine(link, address)}` });
  if (address.family === 'inet') world.announce({ kind: 'ip', object: 'route', line: `Deleted ${localRouteLine(link, address)}` });
}

export function setUp(world: World, link: InterfaceState, up: boolean): void {
  if (link.up === up) return;
  link.up = up;
  tell(world, link);
  if (up) {
    if (link.kind === 'tap' && link.addresses.length === 0) {
      addAddress(world, link, { family: 'inet6', address: linkLocalAddress(link.mac), prefix: 64, validSeconds: null });
    } else {
      for (const address of link.addresses) announceConnected(world, link, address);
    }
  }
  tellBridge(world, link);
}

/** Plugs an interface into a bridge, or out with null. */
export function setController(world: World, link: InterfaceState, controller: string | null): void {
  if (link.controller === controller) return;
  const former = link.controller === null ? null : findInterface(world.state, link.controller);
  if (former) world.announce({ kind: 'ip', object: 'link', line: `Deleted ${linkLine(world.state, link)}` });
  tellForwarding(world, link, true);
  link.controller = controller;
  // A port's flags go with its place.
  delete link.isolated;
  tell(world, link);
  if (former) tell(world, former);
  tellBridge(world, link);
  tellForwarding(world, link, false);
}

function announceConnected(world: World, link: InterfaceState, address: InterfaceAddress): void {
  const linkDown = !hasCarrier(world.state, link);
  if (address.family === 'inet') world.announce({ kind: 'ip', object: 'route', line: broadcastRouteLine(link, address, linkDown) });
  world.announce({ kind: 'ip', object: 'route', line: connectedRouteLine(link, address, networkAddress(address.address, address.prefix), linkDown) });
}

export function announceNeighbour(world: World, address: string, device: string, mac: string): void {
  world.announce({ kind: 'ip', object: 'neigh', line: neighbourLine(address, device, mac, 'REACHABLE') });
}

/** The guest behind a tap says something as soon as it is plugged in; the bridge forgets it with its port. */
function tellForwarding(world: World, { name, kind, mac, controller }: InterfaceState, gone: boolean): void {
  if (kind !== 'tap' || controller === null || controller === 'ovs-system') return;
  const guest = world.state.machines.flatMap((machine) => [...machine.nics, ...machine.running?.nics ?? []]).find((nic) => nic.mac.slice(2) === mac.slice(2));
  if (guest) world.announce({ kind: 'ip', object: 'neigh', line: gone ? `Deleted ${forwardingLine(name, guest.mac, 'STALE')}` : forwardingLine(name, guest.mac, 'REACHABLE') });
}

function tell(world: World, link: InterfaceState): void {
  world.announce({ kind: 'ip', object: 'link', line: linkLine(world.state, link) });
}

function tellBridge(world: World, port: InterfaceState): void {
  const bridge = port.controller === null ? null : findInterface(world.state, port.controller);
  if (bridge) tell(world, bridge);
}

/** `ip address flush`: its routes go with the addresses. */
export function flushAddresses(world: World, link: InterfaceState, family: Family | null): void {
  for (const address of link.addresses.filter((own) => family === null || own.family === family)) removeAddress(world, link, address);
  if (!link.addresses.some((own) => own.family === 'inet')) flushRoutes(world, link, 'inet');
}

export function addRoute(world: World, route: StaticRoute): void {
  world.state.routes.push(route);
  world.announce({ kind: 'ip', object: 'route', line: staticRouteLine(route) });
}

/** `ip route flush`: those that no address brings with it. */
export function flushRoutes(world: World, link: InterfaceState, family: Family): void {
  const gone = world.state.routes.filter((route) => route.device === link.name && route.family === family);
  world.state.routes = world.state.routes.filter((route) => !gone.includes(route));
  for (const route of gone) world.announce({ kind: 'ip', object: 'route', line: `Deleted ${staticRouteLine(route)}` });
}

/** Plugs the cable of a NIC in, or out. */
export function plugCable(world: World, link: InterfaceState, isIn: boolean): void {
  link.cable = isIn;
  tell(world, link);
  tellBridge(world, link);
}
