import { networkOf, numberToAddress, addressToNumber, sameAddress } from '../../subnet';
import type { HostInterface, Route } from '../../host-network';
import { linkOf } from '../facts';
import type { AddressGround, AddressRequest } from './address-request';

type Address = HostInterface['addresses'][number];

/** What is asked of a device's fixed IPv6, for the stacks' planners. What routers advertise, and leases, stay as they are. */
export interface SixChange {
  /** Fixed addresses that go, without prefix. The first of `come` stands in place of the first of these, and so on. */
  gone: string[];
  /** Fixed addresses that come, `2001:db8::7/64`, as ip(8) writes them. */
  come: string[];
  /** Of the fixed default route. null: it goes; absent: it stays. */
  gateway?: string | null;
}

/** Null: nothing is asked of it. */
export function sixChange(ground: AddressGround, { device, addresses6, gateway6 }: AddressRequest): SixChange | null {
  const fixed = fixedSix(linkOf(ground, device));
  const wanted = addresses6?.map(canonicalCidr) ?? fixed.map(cidrOf);
  const gone = fixed.filter((own) => !wanted.includes(cidrOf(own)));
  const come = wanted.filter((cidr) => !fixed.some((own) => cidrOf(own) === cidr));
  return gone.length + come.length === 0 && gateway6 === undefined ? null : { gone: gone.map(({ address }) => address), come, ...gateway6 === undefined ? {} : { gateway: gateway6 === null ? null : canonical(gateway6) } };
}

/** Neither advertised nor leased. */
export function fixedSix(link: HostInterface | undefined): Address[] {
  return globalSix(link).filter(({ dynamic }) => !dynamic);
}

/** Of those that routers and DHCP have given. */
export function learnedSix(link: HostInterface | undefined): Address[] {
  return globalSix(link).filter(({ dynamic }) => dynamic);
}

const globalSix = (link: HostInterface | undefined): Address[] => (link?.addresses ?? []).filter(({ family, scope }) => family === 'ipv6' && scope === 'global');

/** The best of the device's, by a router's word or not. */
export function defaultSix(ground: AddressGround, device: string, isAdvertised: boolean): Route | undefined {
  return ground.routes.filter((route) => route.device === device && route.family === 'ipv6' && route.destination === 'default' && route.table === 'main' && route.gateway !== null && (route.protocol === 'ra') === isAdvertised)
    .sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0))[0];
}

/** Where the host is to be found when the session's own address goes: the new one of the same subnet, else the first; undefined: it does not move. */
export function sixMove(ground: AddressGround, { gone, come }: Pick<SixChange, 'gone' | 'come'>): string | undefined {
  const session = ground.session?.address;
  if (session === undefined || !gone.some((own) => sameAddress(own, session))) return undefined;
  const inPlace = come.find((cidr) => networkOf(session, Number(cidr.split('/')[1])) === networkOf(cidr.split('/')[0]!, Number(cidr.split('/')[1])));
  return (inPlace ?? come[0])?.split('/')[0];
}

/** RFC 5952, as the kernel writes addresses. */
const canonical = (address: string): string => numberToAddress(addressToNumber(address), 'ipv6');
export function canonicalCidr(cidr: string): string {
  const [address = '', prefix = ''] = cidr.split('/');
  return `${canonical(address)}/${prefix}`;
}
const cidrOf = ({ address, prefix }: Address): string => `${address}/${prefix}`;
