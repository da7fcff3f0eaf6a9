import { networkOf } from '../../../../shared/domain/subnet';
import type { HostState, InterfaceState, StaticRoute } from '../host-state';
import { answersThrough } from '../linux/lan';
import { findInterface, hasCarrier } from '../linux/link-state';
import { judgeShape, shapeOf } from './shape';
import type { KeptNetwork, TransactionState, WantedNetwork } from './transaction-state';

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

/** The change works as what was there before did. */
export function judgeConverted(state: HostState, transaction: TransactionState): Verdict {
  const shape = shapeOf(transaction);
  const { kept, settings } = transaction;
  const misshapen = judgeShape(state, shape, shape.after, settings['kind']);
  if (misshapen !== null || !kept) return unwell(misshapen ?? 'nothing is kept to compare with');
  const problem = judgeCable(state, shape.plug, kept);
  if (problem !== null) return unwell(problem);
  const configured = judgeConfigured(state, shape.target, kept.wanted, kept);
  if (configured.problem !== null) return configured;
  const silent = judgeGateway(state, shape.target, kept.wanted, kept);
  if (silent !== null) return unwell(silent);
  const nic = findInterface(state, shape.nic);
  const hasLeftover = shape.target === shape.bridge && shape.nic !== shape.bridge && nic !== null && globals(nic, 'inet').length > 0;
  return hasLeftover ? unwell(`${shape.nic} has still an address`) : configured;
}

/** Back is what is configured as before. That a gateway is silent, or a cable is out, is nothing that going back could mend. */
export function judgeConfiguredAsBefore(state: HostState, transaction: TransactionState): Verdict {
  const shape = shapeOf(transaction);
  const { kept, settings } = transaction;
  const misshapen = judgeShape(state, shape, shape.before, settings['kind']);
  if (misshapen !== null || !kept) return unwell(misshapen ?? 'nothing is kept to compare with');
  return judgeCable(state, shape.plug, kept) === null ? judgeConfigured(state, shape.source, kept.before, kept) : well;
}

export function judgeAsBefore(state: HostState, transaction: TransactionState): Verdict {
  const configured = judgeConfiguredAsBefore(state, transaction);
  const { kept } = transaction;
  if (configured.problem !== null || !kept) return configured;
  const { plug, source } = shapeOf(transaction);
  const problem = judgeCable(state, plug, kept) ?? judgeGateway(state, source, kept.before, kept);
  return problem === null ? configured : unwell(problem);
}

/** What answers now, and so has to answer again. */
export function probesOf(state: HostState, plug: string, source: string, before: WantedNetwork): KeptNetwork['probes'] {
  const gateway = gatewayOf(before, source);
  return [...hasCableIn(state, plug) ? ['carrier' as const] : [], ...gateway !== null && answers(state, gateway, source) ? ['ping' as const] : []];
}

/** Addresses and default routes as they are now. */
export function networkNow(state: HostState, link: InterfaceState): WantedNetwork {
  return { ipv4: globals(link, 'inet'), ipv6: globals(link, 'inet6'), newIpv6: [], routes: [], defaults: defaultsOf(state), gateway: null, gateway6: null, mtu: null, leased: null };
}

function hasCableIn(state: HostState, name: string): boolean {
  const link = findInterface(state, name);
  return link !== null && hasCarrier(state, link);
}

function answers(state: HostState, router: string, name: string): boolean {
  const link = findInterface(state, name);
  return link !== null && answersThrough(state, link, router);
}

function judgeCable(state: HostState, plug: string, { probes }: KeptNetwork): string | null {
  return probes.includes('carrier') && !hasCableIn(state, plug) ? `${plug} has lost its carrier: is the cable plugged in, and the switch on?` : null;
}

/** Who answered before has to do so again; a new gateway in any case. */
function judgeGateway(state: HostState, device: string, wanted: WantedNetwork, { probes }: KeptNetwork): string | null {
  const gateway = gatewayOf(wanted, device);
  const isAsked = wanted.gateway !== null || probes.includes('ping');
  return isAsked && gateway !== null && !answers(state, gateway, device) ? `the gateway ${gateway} does not answer through ${device}` : null;
}

function judgeConfigured(state: HostState, device: string, wanted: WantedNetwork, { before }: KeptNetwork): Verdict {
  const link = findInterface(state, device);
  const now = link ? globals(link, 'inet') : [];
  if (now.join(' ') !== wanted.ipv4.join(' ')) {
    // What it had before may take its time to go.
    const others = now.filter((address) => !wanted.ipv4.includes(address) && !before.ipv4.includes(address));
    if (others.length > 0) return unwell(`${device} was given another address: ${others.join(' ')}`, true);
    return unwell(`${device} has not the addresses it should have: ${wanted.ipv4.join(' ')}`);
  }
  if (wanted.leased !== null && !link?.addresses.some(({ address, validSeconds }) => address === wanted.leased && validSeconds !== null)) {
    return unwell(`${device} has no lease of ${wanted.leased}: no DHCP server has given it`);
  }
  if (wanted.mtu !== null && link?.mtu !== wanted.mtu) return unwell(`${device} has another MTU than it should have: ${link?.mtu ?? 'none'}, not ${wanted.mtu}`);
  // What was left out must not be there; other addresses of IPv6 come and go.
  const left = before.ipv6.filter((address) => !wanted.ipv6.includes(address) && link !== null && globals(link, 'inet6').includes(address));
  if (left.length > 0) return unwell(`${device} has still what should be left out: ${left.join(' ')}`);
  const missing = [
    ...wanted.newIpv6.filter((address) => link === null || !globals(link, 'inet6').includes(address)).map((address) => `${device} has not the address ${address}`),
    ...missingRoutes(state, device, wanted.routes),
    ...wanted.gateway6 === null || state.routes.some((route) => isDefault(route, 'inet6') && route.device === device && route.gateway === wanted.gateway6) ? [] : [`${device} has no default route of IPv6 by ${wanted.gateway6}`],
  ][0];
  if (missing !== undefined) return unwell(missing);
  const defaults = defaultsOf(state);
  if (defaults.join() !== wanted.defaults.join()) return unwell(`another default route than there should be (gateway, interface, metric): ${defaults.join(', ')}`);
  const isSame = link !== null && globals(link, 'inet6').join(' ') === wanted.ipv6.join(' ');
  return isSame ? well : { ...well, doubt: 'other IPv6 addresses than before' };
}

/** As `ip address` prints them, sorted. */
function globals({ addresses }: InterfaceState, family: 'inet' | 'inet6'): string[] {
  return addresses.filter((own) => own.family === family && !own.address.startsWith('fe80:')).map(({ address, prefix }) => `${address}/${prefix}`).sort();
}

/** As the engine tells of them, one line for all. */
function missingRoutes({ routes, interfaces }: HostState, device: string, wanted: readonly string[]): string[] {
  const link = interfaces.find(({ name }) => name === device);
  const own = [...routes.filter((route) => route.device === device).map(({ destination }) => destination), ...(link?.addresses ?? []).map(({ address, prefix }) => networkOf(address, prefix))];
  const missing = wanted.filter((range) => !own.includes(range));
  return missing.length === 0 ? [] : [`${device} has no route to ${missing.join(' ')}`];
}

const isDefault = ({ family, destination }: StaticRoute, own: 'inet' | 'inet6'): boolean => family === own && destination === 'default';

/** `gateway interface metric`, sorted. */
function defaultsOf({ routes }: HostState): string[] {
  return routes.filter((route) => isDefault(route, 'inet')).map(({ gateway, device, metric }) => `${gateway} ${device} ${metric ?? 0}`).sort();
}

const gatewayOf = ({ defaults }: WantedNetwork, device: string): string | null => defaults.map((route) => route.split(' ')).find(([, through]) => through === device)?.[0] ?? null;
