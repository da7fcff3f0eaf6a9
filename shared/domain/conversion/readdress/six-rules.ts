import { addressToNumber, boundsOf, networkOf, rangeContains, sameAddress } from '../../subnet';
import { linkOf } from '../facts';
import { blocker, warning } from '../finding';
import type { ConversionFinding } from '../finding';
import type { AddressGround, AddressRequest } from './address-request';
import { canonicalCidr, defaultSix, fixedSix, learnedSix, sixChange, sixMove } from './six-change';
import type { SixChange } from './six-change';

/** What is wrong with fixed IPv6 addresses, or a gateway of IPv6, that somebody asks for. */
export function sixRules(ground: AddressGround, request: AddressRequest): ConversionFinding[] {
  const { addresses6 = [] } = request;
  const invalid = addresses6.find((cidr) => !canBeOwn(cidr));
  if (invalid !== undefined) return [blocker('address6.invalid', `${invalid} can't be a host's address`, 'It is out of range, made by the kernel itself, stands for the routers of its subnet, or means something else.')];
  const twice = addresses6.find((cidr, at) => addresses6.findIndex((other) => sameAddress(addressOf(other), addressOf(cidr))) !== at);
  if (twice !== undefined) return [blocker('address6.twice', `${twice} is named twice`, 'A device has an address once.', 'Leave it out once.')];
  const change = sixChange(ground, request);
  return change === null ? [] : [...takenRules(ground, request, change), ...moveRules(ground, change), ...mtuRules(ground, request, change), ...gatewayRules(ground, request, change)];
}

const addressOf = (cidr: string): string => cidr.split('/')[0]!;

/** Global and of one computer. Sources: RFC 4291; of a subnet the first address stands for its routers, but on a link between two (RFC 6164). */
function canBeOwn(cidr: string): boolean {
  const [address = '', prefixText = ''] = canonicalCidr(cidr).split('/');
  const prefix = Number(prefixText);
  if (prefix < 1 || prefix > 128 || !/^[23fF]/.test(address) && !/^(64:|100:|[4-9a-e])/.test(address)) return false;
  if (/^(fe[89ab]|ff)/.test(address)) return false;
  return prefix >= 127 || boundsOf(networkOf(address, prefix)).first !== addressToNumber(address);
}

function takenRules(ground: AddressGround, { device }: AddressRequest, { come, gone }: SixChange): ConversionFinding[] {
  return come.flatMap((cidr): ConversionFinding[] => {
    const address = addressOf(cidr);
    // Of the device itself with another prefix: it stands in its place.
    if (gone.some((own) => sameAddress(own, address))) return [];
    const holder = ground.links.find((link) => link.addresses.some((entry) => entry.family === 'ipv6' && sameAddress(entry.address, address)));
    if (!holder) return [];
    return [blocker('address6.taken', `The host has ${address} already`, holder.name === device ? 'A router or a DHCP server has given it.' : `It is an address of ${holder.name}.`, 'Choose another one.')];
  });
}

function moveRules(ground: AddressGround, change: SixChange): ConversionFinding[] {
  const session = ground.session?.address;
  if (session === undefined || !session.includes(':') || !change.gone.some((own) => sameAddress(own, session))) return [];
  const to = sixMove(ground, change);
  if (to === undefined) return [blocker('address6.session', `${session} has to stay`, 'This session comes in by it, and no other stands in its place.', 'Name another address in its place, or connect by IPv4 first.')];
  return [warning('address6.moves', `The host is reached at ${to} from then on`, `This session comes by ${session}, which goes. The app looks for the host at ${to}, with the same key, before it confirms.`)];
}

function mtuRules(ground: AddressGround, { device, mtu }: AddressRequest, { come }: SixChange): ConversionFinding[] {
  const bytes = mtu ?? linkOf(ground, device)!.mtu;
  return come.length > 0 && bytes < 1280 ? [blocker('address6.mtu', `${device} takes only ${bytes} bytes`, 'IPv6 needs 1280 (RFC 8200): the kernel switches it off on such a device.', 'Give it a larger MTU as well.')] : [];
}

function gatewayRules(ground: AddressGround, { device, gateway6 }: AddressRequest, { gone, come }: SixChange): ConversionFinding[] {
  const today = defaultSix(ground, device, false)?.gateway ?? null;
  if (gateway6 === null) return today === null ? [blocker('gateway6.none', `${device} has no fixed gateway of IPv6`, 'There is nothing to take away: what routers advertise goes by their own word.')] : [];
  const gateway = gateway6 ?? today;
  if (gateway === null) return [];
  const link = linkOf(ground, device);
  const staying = fixedSix(link).filter(({ address }) => !gone.includes(address)).map(({ address, prefix }) => networkOf(address, prefix));
  const ranges = [...staying, ...learnedSix(link).map(({ address, prefix }) => networkOf(address, prefix)), ...come.map((cidr) => networkOf(addressOf(cidr), Number(cidr.split('/')[1])))];
  const findings: ConversionFinding[] = [];
  if (/^(ff|::1?$)/i.test(gateway)) findings.push(blocker('gateway6.reserved', `${gateway} can't be a gateway`, 'It is no address of one computer.', 'Choose the router\'s address.'));
  else if (!/^fe[89ab]/i.test(gateway) && !ranges.some((range) => rangeContains(range, gateway))) {
    findings.push(blocker('gateway6.outside', `The gateway ${gateway} is in no subnet of ${device}`, `It will have ${[...new Set(ranges)].join(', ') || 'none'}: the host could not find the gateway.`, 'Choose a gateway in one of them, or a router\'s address that begins with fe80.'));
  }
  if (ground.links.some((own) => own.addresses.some(({ address, family }) => family === 'ipv6' && sameAddress(address, gateway))) || come.some((cidr) => sameAddress(addressOf(cidr), gateway))) {
    findings.push(blocker('gateway6.self', `${gateway} is the host itself`, 'A gateway is another computer.', 'Choose the router\'s address.'));
  }
  const advertised = defaultSix(ground, device, true);
  if (gateway6 !== undefined && advertised) findings.push(warning('gateway6.advertised', 'Routers advertise a gateway as well', `${advertised.gateway} stays beside ${gateway}: of two default routes the one with the smaller metric counts.`));
  return findings;
}
