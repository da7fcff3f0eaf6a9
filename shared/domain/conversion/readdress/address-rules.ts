import { boundsOf, addressToNumber, networkOf, rangeContains, sameAddress } from '../../subnet';
import { lowerDevices } from '../device-chain';
import { linkOf } from '../facts';
import { blocker, warning } from '../finding';
import type { ConversionFinding } from '../finding';
import { addressRequestSchema, comingIpv4, defaultRoute, replacedBy, wantedIpv4 } from './address-request';
import type { AddressGround, AddressRequest } from './address-request';
import { sixRules } from './six-rules';

/** The smallest that every host must take (RFC 791), and IPv6's (RFC 8200). */
const leastMtu = { ipv4: 576, ipv6: 1280 };

/** What is wrong with addresses, gateway, name servers or MTU that somebody asks for. */
export function addressRules(facts: AddressGround, request: AddressRequest): ConversionFinding[] {
  const { device, dhcp, address, gateway, addresses6, gateway6, dns, search, mtu } = request;
  const link = linkOf(facts, device);
  if (!link) return [blocker('nic.missing', `There is no ${device}`, `The host has no network device ${device}.`)];
  if (link.controller !== null && link.kind !== 'bridge') {
    return [blocker('nic.port-already', `${device} is a port of ${link.controller}`, 'A port has no addresses of its own.', `Change those of ${link.controller} instead.`)];
  }
  const parsed = addressRequestSchema.safeParse(request);
  if (!parsed.success) return [blocker('input.invalid', 'What is asked for can\'t be', parsed.error.issues.map(({ message, path }) => `${path.join('.')}: ${message}`).join('; '))];
  if (!dhcp && address === undefined && gateway === undefined && addresses6 === undefined && gateway6 === undefined && dns === undefined && search === undefined && mtu === undefined) return [blocker('input.nothing', 'Nothing is to be changed', 'Neither address, gateway, name servers, search domains nor MTU is given.')];
  const isLeased = replacedBy(facts, link).some(({ dynamic }) => dynamic);
  return [
    ...dhcp ? dhcpRules(facts, request, isLeased) : [],
    ...address === undefined ? [] : ownAddressRules(facts, request, address),
    ...gatewayRules(facts, request),
    ...sixRules(facts, request),
    ...address !== undefined && dns === undefined && isLeased && !dhcp ? [warning('dns.leased', 'Name servers came by DHCP', 'They do so no longer once the address is fixed. Name them as well, unless the host has others.')] : [],
    ...dns === undefined ? [] : nameServerRules(dns, dhcp ?? (isLeased && address === undefined)),
    ...search === undefined ? [] : searchRules(search),
    ...mtu === undefined ? [] : mtuRules(facts, request, mtu),
  ];
}

/** What the server gives, nobody knows beforehand: one is expected, and with any other the host goes back. */
function dhcpRules(facts: AddressGround, request: AddressRequest, isLeased: boolean): ConversionFinding[] {
  const coming = comingIpv4(facts, request);
  if (isLeased) return [blocker('address.leased', `${request.device} has its address from DHCP already`, 'Nothing is to be changed about that.')];
  if (coming === null) return [blocker('address.unknown', 'Nobody knows which address DHCP will give', `${request.device} has none that it could be given again.`, 'Name the address that the server has to give.')];
  return [warning('address.expected', `The DHCP server has to give ${coming.split('/')[0]!}`, 'If it gives another one, or none, the host goes back and says which it was. What the server gives later on nobody here decides: have it keep this address for the MAC of the device.')];
}

function ownAddressRules(facts: AddressGround, request: AddressRequest, cidr: string): ConversionFinding[] {
  const [address = '', prefixText = ''] = cidr.split('/');
  const prefix = Number(prefixText);
  const parts = address.split('.').map(Number);
  if (prefix < 1 || prefix > 32 || parts.some((part) => part > 255) || parts[0]! === 0 || parts[0]! === 127 || parts[0]! >= 224) {
    return [blocker('address.invalid', `${cidr} can't be a host's address`, 'It is out of range, or means something else.')];
  }
  const findings: ConversionFinding[] = [];
  if (isReserved(address, networkOf(address, prefix))) {
    findings.push(blocker('address.invalid', `${cidr} can't be a host's address`, 'It is the first or the last of its subnet, which stand for the subnet itself and for everybody in it.'));
  }
  const holder = facts.links.find((link) => link.addresses.some((entry) => entry.address === address));
  if (holder && !(holder.name === request.device && wantedIpv4(facts, request).filter((entry) => entry === cidr).length === 1)) {
    findings.push(blocker('address.taken', `The host has ${address} already`, `It is an address of ${holder.name}.`, 'Choose another one.'));
  }
  const session = facts.session;
  const going = replacedBy(facts, linkOf(facts, request.device)!);
  if (session && going.some((entry) => sameAddress(entry.address, session.address) && entry.address !== address)) {
    findings.push(warning('address.moves', `The host is reached at ${address} from then on`, `This session comes by ${session.address}, which goes. The app looks for the host at ${address}, with the same key, before it confirms.`));
    const routed = request.gateway !== undefined || defaultRoute(facts, request.device) !== undefined || facts.routes.some((route) => route.family === 'ipv4' && route.destination === 'default');
    if (!routed && !session.client.includes(':') && !rangeContains(networkOf(address, prefix), session.client)) {
      findings.push(blocker('address.no-way-back', `${session.client} could not be answered`, `It is not in ${networkOf(address, prefix)}, and the host would have no gateway.`, 'Name a gateway as well.'));
    }
  }
  return findings;
}

/** Of a subnet with room for it, the first address names the subnet and the last one means everybody in it (RFC 919, RFC 3021). */
function isReserved(address: string, range: string): boolean {
  const { first, last } = boundsOf(range);
  return Number(range.split('/')[1]) < 31 && [first, last].includes(addressToNumber(address));
}

function nameServerRules(dns: readonly string[], isLeased: boolean): ConversionFinding[] {
  if (dns.length === 0) return isLeased ? [] : [blocker('dns.none', 'No name server is left', 'Nothing but DHCP could name some.', 'Name one at least.')];
  const twice = dns.find((server, at) => dns.findIndex((other) => sameAddress(other, server)) !== at);
  const odd = dns.find((server) => /^(0\.|22[4-9]\.|2[3-5]\d\.|ff)/i.test(server) || server === '::');
  return [
    ...twice === undefined ? [] : [blocker('dns.twice', `${twice} is named twice`, 'A name server that is asked again answers no better.', 'Leave it out once.')],
    ...odd === undefined ? [] : [blocker('dns.reserved', `${odd} can't be a name server`, 'It is no address of one computer.')],
  ];
}

function searchRules(search: readonly string[]): ConversionFinding[] {
  const twice = search.find((domain, at) => search.findIndex((other) => other.toLowerCase() === domain.toLowerCase()) !== at);
  return twice === undefined ? [] : [blocker('search.twice', `${twice} is named twice`, 'Names are looked for below it once.', 'Leave it out once.')];
}

function gatewayRules(facts: AddressGround, request: AddressRequest): ConversionFinding[] {
  const gateway = request.gateway ?? (request.address === undefined ? undefined : defaultRoute(facts, request.device)?.gateway ?? undefined);
  if (gateway === undefined) return [];
  const ranges = wantedIpv4(facts, request).map((cidr) => networkOf(cidr.split('/')[0]!, Number(cidr.split('/')[1])));
  const findings: ConversionFinding[] = [];
  const isLeased = linkOf(facts, request.device)!.addresses.some(({ family, scope, dynamic }) => family === 'ipv4' && scope === 'global' && dynamic);
  if (request.address === undefined && isLeased) {
    findings.push(blocker('gateway.leased', 'The gateway comes by DHCP', `So do the addresses of ${request.device}: the server would give its own gateway again.`, 'Fix the address as well, or have the DHCP server name the other gateway.'));
  }
  const own = ranges.find((range) => rangeContains(range, gateway));
  if (own !== undefined && isReserved(gateway, own)) {
    findings.push(blocker('gateway.reserved', `${gateway} can't be a gateway`, `It is the first or the last of ${own}, which stand for the subnet itself and for everybody in it.`, 'Choose the router\'s address.'));
  }
  if (own === undefined) {
    findings.push(blocker('gateway.outside', `The gateway ${gateway} is in no subnet of ${request.device}`, `It will have ${ranges.join(', ') || 'none'}: the host could not find the gateway.`, 'Choose a gateway in one of them.'));
  }
  if (facts.links.some((link) => link.addresses.some(({ address }) => address === gateway)) || request.address?.split('/')[0] === gateway) {
    findings.push(blocker('gateway.self', `${gateway} is the host itself`, 'A gateway is another computer.', 'Choose the router\'s address.'));
  }
  return findings;
}

function mtuRules(facts: AddressGround, { device }: AddressRequest, mtu: number): ConversionFinding[] {
  const link = linkOf(facts, device)!;
  const hasIpv6 = link.addresses.some(({ family }) => family === 'ipv6');
  const least = hasIpv6 ? leastMtu.ipv6 : leastMtu.ipv4;
  if (mtu < least || mtu > 65_535) return [blocker('mtu.invalid', `${mtu} is no usable MTU`, `${hasIpv6 ? 'IPv6' : 'IPv4'} needs ${least} at least; 65535 is the most there is.`)];
  const findings: ConversionFinding[] = [];
  const narrow = lowerDevices(facts, device).slice(1).map((name) => linkOf(facts, name)!).find((lower) => lower.mtu < mtu);
  if (narrow) findings.push(blocker('mtu.below', `${narrow.name} takes only ${narrow.mtu} bytes`, `${device} stands on it, and can't take more.`, `Raise the MTU of ${narrow.name} first.`));
  if (mtu > 1500) findings.push(warning('mtu.jumbo', 'Everything on the LAN has to take such frames', 'What doesn\'t drops them without a word. The host sends one to its gateway before this is confirmed.'));
  return findings;
}
