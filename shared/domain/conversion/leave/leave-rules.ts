import type { Family } from '../../address';
import type { Route } from '../../host-network';
import { familyOf, networkOf, rangeContains, sameAddress } from '../../subnet';
import { linkOf } from '../facts';
import type { ConversionFacts, ConversionSpec, LinkFacts } from '../facts';
import { blocker, warning } from '../finding';
import type { ConversionFinding } from '../finding';
import { describeLeft, isLeftAddress, isLeftRoute, leavingOf } from './left-setting';
import type { Leaving } from './left-setting';

type Address = LinkFacts['addresses'][number];
/** By DHCP, else by routers' advertisements, else fixed. A lease of IPv6 is of one address. */
export type AddressSource = 'dhcp4' | 'dhcp6' | 'ra' | 'fixed';

export function sourceOf({ family, dynamic, prefix }: Address): AddressSource {
  if (!dynamic) return 'fixed';
  if (family === 'ipv4') return 'dhcp4';
  return prefix === 128 ? 'dhcp6' : 'ra';
}

export const globalAddresses = (link: LinkFacts): Address[] => link.addresses.filter(({ scope }) => scope === 'global');

export function staysAt(leaving: Leaving, address: Address): boolean {
  const source = sourceOf(address);
  return source === 'fixed' ? !isLeftAddress(leaving, address.address) : !leaving[source];
}

/** Routes that somebody has configured: not what the kernel, DHCP or routers brought along, nor the way to everything else. */
export function configuredRoutes(facts: Pick<ConversionFacts, 'routes'>, nic: string): Route[] {
  return facts.routes.filter(({ device, table, destination, protocol, type }) => device === nic && table === 'main' && type === 'unicast'
    && destination !== 'default' && !/^(fe80|ff00):/.test(destination) && !['kernel', 'dhcp', 'ra', 'redirect'].includes(protocol ?? ''));
}

/** The default route that counts; undefined: the family has none. */
export function winningDefault(facts: Pick<ConversionFacts, 'routes'>, family: Family): Route | undefined {
  return facts.routes.filter((route) => route.family === family && route.destination === 'default' && route.table === 'main').sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0))[0];
}

/** A default route that goes with what brought it along. Of IPv4, a client of DHCP may leave no mark on it. */
export function goesWith(leaving: Leaving, route: Route): boolean {
  if (route.protocol === 'static') return false;
  return route.family === 'ipv4' ? leaving.dhcp4 : leaving.ra;
}

/** Of two settings that can be left out together, or not at all. */
export const pairedCodes: readonly string[] = ['leave.route-gateway', 'leave.ra-for-dhcp6'];

/**
 * What must not be left out, whoever configures it: what the session comes in by, what its answers go by, and what the host proves its
 * network by. Each finding is about one word of `spec.leave`, or about two that don't go together.
 */
export function leaveRules(facts: ConversionFacts, spec: Pick<ConversionSpec, 'nic' | 'leave'>): ConversionFinding[] {
  const link = linkOf(facts, spec.nic);
  const words = spec.leave ?? [];
  if (!link || words.length === 0) return [];
  const leaving = leavingOf(words);
  return [
    ...words.flatMap((word) => absentRule(facts, link, word)),
    ...sessionRules(facts, link, leaving), ...defaultRules(facts, link, leaving), ...gatewayRules(facts, link, leaving),
    ...leaving.ra && !leaving.dhcp6 && globalAddresses(link).some((address) => sourceOf(address) === 'dhcp6')
      ? [blocker('leave.ra-for-dhcp6', 'DHCP for IPv6 needs what routers advertise', 'It is a router that tells the host to ask for a lease.', 'Leave out both, or neither.')] : [],
  ];
}

function absentRule(facts: ConversionFacts, link: LinkFacts, word: string): ConversionFinding[] {
  if (word === 'dns') return [];
  const leaving = leavingOf([word]);
  const isThere = globalAddresses(link).some((address) => !staysAt(leaving, address)) || configuredRoutes(facts, link.name).some(({ destination }) => isLeftRoute(leaving, destination));
  return isThere ? [] : [blocker('leave.not-there', `${link.name} has no ${word}`, `${describeLeft(word)} is nothing that ${link.name} has.`, 'Leave out what it has, or nothing.')];
}

function sessionRules(facts: ConversionFacts, link: LinkFacts, leaving: Leaving): ConversionFinding[] {
  const { session } = facts;
  const gone = globalAddresses(link).filter((address) => !staysAt(leaving, address));
  const routes = configuredRoutes(facts, link.name).filter(({ destination }) => isLeftRoute(leaving, destination));
  if (session === null) {
    return gone.length + routes.length === 0 ? [] : [blocker('leave.session-unknown', 'It is not known how this session comes in', 'Any address or route of the host may be the one it needs.', 'Leave out nothing.')];
  }
  const own = gone.find(({ address }) => sameAddress(address, session.address));
  const answers = routes.find(({ destination }) => rangeContains(destination, session.client));
  return [
    ...own ? [blocker('leave.session', `${own.address} has to stay`, own.dynamic ? `This session comes in by ${own.address}, which goes with it.` : 'This session comes in by it.', 'Connect by another address first.')] : [],
    ...answers ? [blocker('leave.answers', `The route to ${answers.destination} has to stay`, `What is answered to ${session.client}, where this session comes from, goes by it.`, 'Connect from elsewhere first.')] : [],
  ];
}

function defaultRules(facts: ConversionFacts, link: LinkFacts, leaving: Leaving): ConversionFinding[] {
  return (['ipv4', 'ipv6'] as const).flatMap((family): ConversionFinding[] => {
    const route = winningDefault(facts, family);
    if (route?.device !== link.name || !goesWith(leaving, route)) return [];
    const named = `The default route${route.gateway === null ? '' : ` by ${route.gateway}`}`;
    if (family === 'ipv4' || facts.session?.address.includes(':')) {
      return [blocker('leave.default', `${named} has to stay`, `${named} goes with it, and with that the way to everything beyond the LAN.`, 'Fix address and gateway first.')];
    }
    return [warning('leave.no-ipv6', 'The host no longer reaches the IPv6 internet', `${named} goes with what routers advertise.`)];
  });
}

/** A gateway is found by an address in its subnet. */
function gatewayRules(facts: ConversionFacts, link: LinkFacts, leaving: Leaving): ConversionFinding[] {
  const ranges = (addresses: readonly Address[]): string[] => addresses.map(({ address, prefix }) => networkOf(address, prefix));
  const before = ranges(globalAddresses(link));
  const after = ranges(globalAddresses(link).filter((address) => staysAt(leaving, address)));
  const holds = (all: readonly string[], gateway: string): boolean => all.some((range) => familyOf(range) === familyOf(gateway) && rangeContains(range, gateway));
  const stranded = facts.routes.find((route) => route.device === link.name && route.gateway !== null && !['dhcp', 'ra'].includes(route.protocol ?? '')
    && !(route.destination === 'default' ? goesWith(leaving, route) : isLeftRoute(leaving, route.destination)) && holds(before, route.gateway) && !holds(after, route.gateway));
  if (!stranded) return [];
  const isDefault = stranded.destination === 'default';
  return [blocker(isDefault ? 'leave.gateway' : 'leave.route-gateway', `${stranded.gateway} could not be found any more`, `${isDefault ? 'The default route' : `The route to ${stranded.destination}`} goes by that gateway, which is in the subnet of what is left out.`,
    isDefault ? 'Let the address in the gateway\'s subnet move to the bridge.' : `Leave out the route to ${stranded.destination} as well.`)];
}
