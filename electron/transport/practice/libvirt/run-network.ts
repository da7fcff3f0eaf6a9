import type { NetworkState } from '../host-state';
import { familyOf, networkAddress, prefixOfNetmask } from '../linux/address-math';
import { addAddress, addInterface, removeInterface, setUp } from '../linux/interfaces';
import { findInterface } from '../linux/link-state';
import { routesOf } from '../linux/routes';
import { listenersOf } from '../linux/sockets';
import type { World } from '../world';
import { scheduleLeases } from './leases';
import { LibvirtError } from './libvirt-error';
import { isVirtual } from './network-definition';
import type { NetworkDefinition } from './network-definition';
import { prefixOf } from './parse-network-ip';

/** `net-start`: makes bridge, addresses, routes, rules and dnsmasq. Throws LibvirtError, and then nothing was made. */
export function startNetwork(world: World, network: NetworkState): void {
  if (network.running || !network.persistent) throw new LibvirtError('Requested operation is not valid: network is already active');
  const definition = structuredClone(network.persistent);
  if (isVirtual(definition)) {
    const bridge = definition.bridge?.name ?? '';
    checkSubnets(world, definition);
    checkBridge(world, bridge, definition);
    checkListeners(world, bridge, definition);
    buildBridge(world, bridge, definition);
    world.state.libvirtChains = true;
    if (definition.forward) {
      world.state.sysctls['net.ipv4.ip_forward'] = '1';
      // The real one notes the ports it masquerades with, as soon as there is IPv4 to masquerade.
      const hasIpv4 = definition.ips.some((ip) => familyOf(ip.address) === 'inet');
      if (definition.forward.mode === 'nat' && hasIpv4) definition.forward.natPort ??= { start: 1024, end: 65535 };
    }
  }
  checkFunctions(definition);
  network.running = definition;
  world.announce({ kind: 'network', name: network.name, what: 'Started' });
  scheduleLeases(world);
}

/** No card of a practice host has virtual functions. */
function checkFunctions({ forward }: NetworkDefinition): void {
  const pf = forward?.mode === 'hostdev' ? forward.others.find((other) => other.name === 'pf') : undefined;
  if (pf) throw new LibvirtError(`internal error: No usable Vf's present on SRIOV PF ${pf.attributes.find(([key]) => key === 'dev')?.[1] ?? ''}`);
}

/** networkCheckRouteCollision: only a route to the very same subnet counts. */
function checkSubnets(world: World, definition: NetworkDefinition): void {
  for (const ip of definition.ips) {
    if (familyOf(ip.address) !== 'inet') continue;
    const prefix = prefixOf(ip);
    if (prefix < 0) {
      const bridge = definition.bridge?.name ?? '';
      // Where firewall rules are made, these stumble first.
      const ruled = definition.forward?.mode === 'nat' || definition.forward?.mode === 'route';
      throw new LibvirtError(ruled ? `internal error: Invalid prefix or netmask for '${bridge}'` : `internal error: bridge '${bridge}' has an invalid netmask or IP address`);
    }
    const subnet = `${networkAddress(ip.address, prefix)}/${prefix}`;
    const taken = routesOf(world.state, 'inet').find((route) => route.table === 'main' && route.destination === subnet);
    if (taken) throw new LibvirtError(`internal error: Network is already in use by interface ${taken.device}`);
  }
}

function checkBridge(world: World, bridge: string, definition: NetworkDefinition): void {
  const creating = `error creating bridge interface ${bridge}`;
  if (Buffer.byteLength(bridge) > 15) throw new LibvirtError(`${creating}: Numerical result out of range`);
  if (/[/:\s]/.test(bridge) || bridge === '.' || bridge === '..') throw new LibvirtError(`${creating}: Invalid argument`);
  if (findInterface(world.state, bridge)) throw new LibvirtError(`${creating}: File exists`);
  if (definition.mtu !== null && (definition.mtu < 68 || definition.mtu > 65535)) {
    throw new LibvirtError(`Cannot set interface MTU on '${bridge}': Invalid argument`);
  }
  if (definition.bridge?.zone) {
    throw new LibvirtError(`internal error: zone ${definition.bridge.zone} requested for network ${definition.name} but firewalld is not active`);
  }
}

/** dnsmasq needs its addresses for itself. */
function checkListeners(world: World, bridge: string, definition: NetworkDefinition): void {
  if (definition.dns.enable === 'no') return;
  const taken = definition.ips.find((ip) => listenersOf(world.state).some(({ address, port }) => port === 53 && address === ip.address));
  if (!taken) return;
  const command = `VIR_BRIDGE_NAME=${bridge} /usr/sbin/dnsmasq --conf-file=/var/lib/libvirt/dnsmasq/${definition.name}.conf --leasefile-ro --dhcp-script=/usr/lib/libvirt/libvirt_leaseshelper`;
  throw new LibvirtError(`internal error: Child process (${command}) unexpected exit status 2: \ndnsmasq: failed to create listening socket for ${taken.address}: Address already in use\n`);
}

function buildBridge(world: World, name: string, definition: NetworkDefinition): void {
  const stp = definition.bridge?.stp ?? true;
  // The kernel takes no less than two seconds where the spanning tree is on.
  const delay = Math.max(definition.bridge?.delay ?? 0, stp ? 2 : 0) * 100;
  const link = addInterface(world, {
    name, kind: 'bridge', mac: definition.mac ?? world.newMac(), mtu: definition.mtu ?? 1500, cable: false,
    bridge: { stp, forwardDelay: delay }, device: null,
  });
  for (const ip of definition.ips) {
    const family = familyOf(ip.address) ?? 'inet';
    addAddress(world, link, { family, address: ip.address, prefix: prefixOf(ip), validSeconds: null });
  }
  setUp(world, link, true);
  for (const route of definition.routes) {
    const family = familyOf(route.address) ?? 'inet';
    const prefix = Number(route.prefix ?? (route.netmask === null ? (family === 'inet' ? 32 : 128) : prefixOfNetmask(route.netmask) ?? 32));
    const destination = `${networkAddress(route.address, prefix)}/${prefix}`;
    const metric = Number(route.metric ?? 1);
    world.state.routes.push({ family, destination, gateway: route.gateway, device: name, metric, protocol: 'boot' });
    world.announce({ kind: 'ip', object: 'route', line: `${destination} via ${route.gateway} dev ${name} metric ${metric} linkdown ` });
  }
}

/** `net-destroy`: stops it; machines on it keep their taps, which hang in the air. Throws LibvirtError. */
export function destroyNetwork(world: World, network: NetworkState): void {
  if (!network.running) throw new LibvirtError(`Requested operation is not valid: network '${network.name}' is not active`);
  const link = isVirtual(network.running) ? findInterface(world.state, network.running.bridge?.name ?? '') : null;
  if (link) {
    setUp(world, link, false);
    removeInterface(world, link);
  }
  network.running = null;
  if (!network.persistent) forget(world, network);
  world.announce({ kind: 'network', name: network.name, what: 'Stopped' });
}

/** `net-undefine`: an active network goes on as a transient one. Throws LibvirtError. */
export function undefineNetwork(world: World, network: NetworkState): void {
  if (!network.persistent) throw new LibvirtError('Requested operation is not valid: can\'t undefine transient network');
  network.persistent = null;
  network.autostart = false;
  if (!network.running) forget(world, network);
  world.announce({ kind: 'network', name: network.name, what: 'Undefined' });
}

function forget(world: World, network: NetworkState): void {
  world.state.networks = world.state.networks.filter((other) => other !== network);
}
