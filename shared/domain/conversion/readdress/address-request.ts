import { z } from 'zod';
import { ipSchema, ipv4Schema, ipv6Schema } from '../../address';
import { domainNameSchema } from '../../addressed-spec';
import { sameAddress } from '../../subnet';
import { hostInterfaceSchema, routeSchema } from '../../host-network';
import type { HostInterface, Route } from '../../host-network';
import { linkOf } from '../facts';
import { sixChange } from './six-change';
import type { SixChange } from './six-change';

/** Other settings for an interface of the host; what is absent stays as it is. */
export const addressRequestSchema = z.object({
  /** A NIC, a bond, a VLAN device, or a bridge. */
  device: z.string(),
  /** The IPv4 address comes by DHCP from then on, in place of the fixed one. */
  dhcp: z.literal(true).optional(),
  /**
   * IPv4, in place of the one the session comes by, else of the first: `10.0.0.7/24`. A leased one is fixed from then on. With `dhcp` it is
   * the one that the server has to give, where that is another than today's.
   */
  address: z.string().regex(/^\d+\.\d+\.\d+\.\d+\/\d{1,2}$/, 'An IPv4 address with its prefix, such as 192.168.1.20/24').optional(),
  /** Of the IPv4 default route; with `dhcp` the one that the server has to name. */
  gateway: ipv4Schema.optional(),
  /** Fixed IPv6 addresses, in place of all fixed ones: `2001:db8::7/64`. None: all of them go. What routers advertise, and leases, stay. */
  addresses6: z.array(z.string().max(50).refine((text) => /\/\d{1,3}$/.test(text) && ipv6Schema.safeParse(text.slice(0, text.lastIndexOf('/'))).success, 'An IPv6 address with its prefix, such as 2001:db8::7/64')).optional(),
  /** Of a fixed IPv6 default route. null: it goes. */
  gateway6: ipv6Schema.nullable().optional(),
  /** Name servers, in place of all that are configured for the interface. None: those that DHCP names. */
  dns: z.array(ipSchema).optional(),
  /** Search domains, in place of all that are configured for the interface. */
  search: z.array(domainNameSchema).optional(),
  mtu: z.number().int().optional(),
});
export type AddressRequest = z.infer<typeof addressRequestSchema>;

/** What a request is judged by before anything is planned, in the window as on the host: the same rules read it in both places. */
export const addressGroundSchema = z.object({
  links: z.array(hostInterfaceSchema), routes: z.array(routeSchema), session: z.object({ address: z.string(), client: z.string() }).nullable(),
});
export type AddressGround = z.infer<typeof addressGroundSchema>;

/** A request with what the host has now, for the stacks' planners. */
export interface AddressChange {
  device: string;
  /** The addresses that go come by DHCP from then on, and so does the gateway. */
  dhcp: boolean;
  /** `10.0.0.7/24`; null: addresses stay, or come by DHCP. */
  address: string | null;
  /** The addresses that go, without prefix. */
  replaced: string[];
  /** They came by DHCP, which ends for IPv4. */
  wasLeased: boolean;
  /** To be written where there is none yet; null: it stays as it is. */
  gateway: string | null;
  /** Of the default route as it is now. */
  metric: number | null;
  /** Null: nothing of it. */
  six: SixChange | null;
  dns: string[] | null;
  search: string[] | null;
  mtu: number | null;
}

/** Throws for a device the host doesn't have: ask `addressRules` first. */
export function addressChange(facts: AddressGround, request: AddressRequest): AddressChange {
  const link = linkOf(facts, request.device)!;
  const dhcp = request.dhcp === true;
  const old = goingFrom(facts, link, request);
  const wasLeased = old.some(({ dynamic }) => dynamic);
  const route = defaultRoute(facts, request.device);
  return {
    device: request.device, dhcp, address: dhcp ? null : request.address ?? null, replaced: old.map(({ address }) => address), wasLeased,
    // DHCP brought it along, and does so no longer.
    gateway: dhcp ? null : request.gateway ?? (wasLeased ? route?.gateway ?? null : null),
    metric: route?.metric ?? null, six: sixChange(facts, request), dns: request.dns ?? null, search: request.search ?? null, mtu: request.mtu ?? null,
  };
}

export function defaultRoute(facts: AddressGround, device: string): Route | undefined {
  return facts.routes.filter((route) => route.device === device && route.family === 'ipv4' && route.destination === 'default' && route.table === 'main')
    .sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0))[0];
}

const globalIpv4 = (link: HostInterface): HostInterface['addresses'] => link.addresses.filter(({ family, scope }) => family === 'ipv4' && scope === 'global');

/** All that DHCP gave where it gave one of them, for it ends as a whole. */
export function replacedBy(facts: AddressGround, link: HostInterface): HostInterface['addresses'] {
  const own = globalIpv4(link);
  const session = facts.session?.address ?? '';
  const chosen = own.find(({ address }) => !session.includes(':') && session !== '' && sameAddress(address, session)) ?? own[0];
  if (!chosen) return [];
  return chosen.dynamic ? own.filter(({ dynamic }) => dynamic) : [chosen];
}

const goingFrom = (facts: AddressGround, link: HostInterface, { address, dhcp }: AddressRequest): HostInterface['addresses'] => (address === undefined && !dhcp ? [] : replacedBy(facts, link));
const cidrOf = ({ address, prefix }: HostInterface['addresses'][number]): string => `${address}/${prefix}`;

/** The one that stands in place of those that go: what is asked for, or today's, which DHCP has to give again. Null: addresses stay, or nobody knows it. */
export function comingIpv4(facts: AddressGround, request: AddressRequest): string | null {
  if (request.address !== undefined || !request.dhcp) return request.address ?? null;
  const [today] = replacedBy(facts, linkOf(facts, request.device)!);
  return today ? cidrOf(today) : null;
}

/** As ip(8) shows them afterwards. */
export function wantedIpv4(facts: AddressGround, request: AddressRequest): string[] {
  const link = linkOf(facts, request.device)!;
  const old = goingFrom(facts, link, request);
  const coming = comingIpv4(facts, request);
  return [...globalIpv4(link).filter((entry) => !old.includes(entry)).map(cidrOf), ...coming === null ? [] : [coming]];
}
