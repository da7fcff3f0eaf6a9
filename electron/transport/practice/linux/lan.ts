import { isStruck } from '../conversion/faults';
import { shapeOf } from '../conversion/shape';
import { pendingTransaction } from '../conversion/transaction-state';
import type { HostState, InterfaceState } from '../host-state';
import type { World } from '../world';
import { networkAddress, toAddress, toNumber } from './address-math';
import { addAddress, addRoute, flushAddresses } from './interfaces';
import { hasCarrier } from './link-state';

const leaseSeconds = 86_400;

/** Whether the LAN's router answers through an interface. It also resolves names: without it, neither does that. */
export function answersThrough(state: HostState, link: InterfaceState, router: string): boolean {
  return hasCarrier(state, link) && !isStruck(state, 'gateway') && state.lan?.router === router && link.addresses.some(({ family }) => family === 'inet');
}

/** What dhclient(8) does of it: an address and the default route; nothing without a carrier, or where it has a lease. A fixed address beside it is no reason not to ask. */
export function askForLease(world: World, link: InterfaceState): void {
  const { lan } = world.state;
  if (!lan || !hasCarrier(world.state, link)) return;
  const leased = addressFor(world.state, link);
  if (link.addresses.some(({ family, address, validSeconds }) => family === 'inet' && (validSeconds !== null || address === leased))) return;
  addAddress(world, link, { family: 'inet', address: leased, prefix: lan.prefix, validSeconds: leaseSeconds });
  if (!world.state.routes.some(({ family, destination }) => family === 'inet' && destination === 'default')) {
    addRoute(world, { family: 'inet', destination: 'default', gateway: lan.router, device: link.name, metric: null, protocol: 'boot' });
  }
}

/** Its lease ran out, and it asked anew. */
export function renewLease(world: World, link: InterfaceState): void {
  const leased = link.addresses.find(({ family, validSeconds }) => family === 'inet' && validSeconds !== null);
  if (!leased || leased.address === addressFor(world.state, link)) return;
  flushAddresses(world, link, 'inet');
  askForLease(world, link);
}

/** The same address for the same MAC; while the fault lasts, the server takes what carries the network on trial for another computer. */
function addressFor(state: HostState, { mac, name }: InterfaceState): string {
  const leases = state.lan?.leases ?? {};
  const conversion = pendingTransaction(state);
  const isStranger = conversion !== null && isStruck(state, 'dhcp') && shapeOf(conversion).target === name;
  const known = isStranger ? undefined : leases[mac];
  if (known !== undefined) return known;
  const subnet = toNumber(networkAddress(state.lan?.router ?? '', state.lan?.prefix ?? 24));
  const taken = Object.values(leases);
  let place = 100 + (parseInt(mac.slice(-2), 16) % 100);
  while (taken.includes(toAddress(subnet + BigInt(place), 'inet'))) place += 1;
  const address = toAddress(subnet + BigInt(place), 'inet');
  if (!isStranger) leases[mac] = address;
  return address;
}
