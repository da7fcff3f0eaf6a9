import type { HostState, InterfaceState } from '../host-state';
import { answersThrough } from '../linux/lan';
import { findInterface, hasCarrier } from '../linux/link-state';
import { bridgeOfPort } from '../ovs/database';
import type { KeptNetwork, TransactionState } from './transaction-state';

/** Whether the network is as it has to be. */
export interface Verdict {
  /** Null: it is. */
  problem: string | null;
  /** Waiting won't help. */
  isHopeless: boolean;
  /** Other than before, and no reason to go back. */
  doubt: string | null;
}

const well: Verdict = { problem: null, isHopeless: false, doubt: null };
const unwell = (problem: string, isHopeless = false): Verdict => ({ problem, isHopeless, doubt: null });

export const hasCableIn = (state: HostState, name: string): boolean => {
  const link = findInterface(state, name);
  return link !== null && hasCarrier(state, link);
};

export const answers = (state: HostState, router: string, name: string): boolean => {
  const link = findInterface(state, name);
  return link !== null && answersThrough(state, link, router);
};

/** The bridge works as the NIC did. */
export function judgeConverted(state: HostState, { settings, kept }: TransactionState): Verdict {
  const [nic, bridge] = [settings['nic'] ?? '', settings['bridge'] ?? ''];
  const link = findInterface(state, nic);
  const isPort = settings['kind'] === 'ovs' ? state.ovs !== null && bridgeOfPort(state.ovs, nic)?.['name'] === bridge : link?.controller === bridge;
  if (!kept || !link || !isPort) return unwell(`${nic} is no port of ${bridge}`);
  const unplugged = judgeCable(state, nic, kept);
  if (unplugged) return unplugged;
  const configured = judgeConfigured(state, bridge, nic, kept);
  if (configured.problem !== null) return configured;
  const silent = judgeGateway(state, bridge, nic, kept);
  if (silent) return silent;
  return globals(link, 'inet').length > 0 ? unwell(`${nic} has still an address`) : configured;
}

/** Back is what is configured as before. That a gateway is silent, or a cable is out, is nothing that going back could mend. */
export function judgeConfiguredAsBefore(state: HostState, { settings, kept }: TransactionState): Verdict {
  const [nic, bridge] = [settings['nic'] ?? '', settings['bridge'] ?? ''];
  const link = findInterface(state, nic);
  if (!kept || !link) return unwell('nothing is kept to compare with');
  if (link.controller !== null) return unwell(`${nic} is still a port`);
  if (findInterface(state, bridge)) return unwell(`${bridge} is still there`);
  return judgeCable(state, nic, kept) ? well : judgeConfigured(state, nic, nic, kept);
}

export function judgeAsBefore(state: HostState, transaction: TransactionState): Verdict {
  const configured = judgeConfiguredAsBefore(state, transaction);
  const nic = transaction.settings['nic'] ?? '';
  if (configured.problem !== null || !transaction.kept) return configured;
  return judgeCable(state, nic, transaction.kept) ?? judgeGateway(state, nic, nic, transaction.kept) ?? configured;
}

function judgeCable(state: HostState, nic: string, { probes }: KeptNetwork): Verdict | null {
  return probes.includes('carrier') && !hasCableIn(state, nic) ? unwell(`${nic} has lost its carrier: is the cable plugged in, and the switch on?`) : null;
}

function judgeGateway(state: HostState, device: string, nic: string, { probes, routes }: KeptNetwork): Verdict | null {
  const gateway = routes.find((route) => route.device === nic && route.family === 'inet' && route.destination === 'default')?.gateway;
  return probes.includes('ping') && gateway !== undefined && !answers(state, gateway, device) ? unwell(`the gateway ${gateway} does not answer through ${device}`) : null;
}

/** Whether `device` has the addresses and the default route that the NIC had. */
function judgeConfigured(state: HostState, device: string, nic: string, kept: KeptNetwork): Verdict {
  const link = findInterface(state, device);
  const [before, now] = [globals(kept.link, 'inet'), link ? globals(link, 'inet') : []];
  if (now.join(' ') !== before.join(' ')) {
    const others = now.filter((address) => !before.includes(address));
    if (others.length > 0) return unwell(`${device} was given another address: ${others.join(' ')}`, true);
    return unwell(`${device} has not the addresses ${nic} had: ${before.join(' ')}`);
  }
  const defaults = defaultsOf(state.routes, device);
  if (defaults !== defaultsOf(kept.routes, nic)) return unwell(`another default route than before (gateway, interface, metric): ${defaultsOf(state.routes, null)}`);
  const isSame = link !== null && globals(link, 'inet6').join(' ') === globals(kept.link, 'inet6').join(' ');
  return isSame ? well : { ...well, doubt: 'other IPv6 addresses than before' };
}

/** As `ip address` prints them, sorted. */
function globals({ addresses }: InterfaceState, family: 'inet' | 'inet6'): string[] {
  return addresses.filter((own) => own.family === family && !own.address.startsWith('fe80:')).map(({ address, prefix }) => `${address}/${prefix}`).sort();
}

/** Gateway and metric of the default routes through a device; null: of all, with the device. */
function defaultsOf(routes: HostState['routes'], device: string | null): string {
  return routes.filter(({ family, destination, device: own }) => family === 'inet' && destination === 'default' && (device === null || own === device))
    .map(({ gateway, device: own, metric }) => [gateway, ...device === null ? [own] : [], metric ?? 0].join(' ')).sort().join(', ');
}
