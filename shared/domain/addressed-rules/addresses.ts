import type { AddressedSpec } from '../addressed-spec';
import type { FieldIssue } from '../field-issue';
import { networkKindWord } from '../network-kinds';
import { caution, editedNetwork, problem } from '../network-rules/rule';
import type { NetworkContext } from '../network-rules/rule';
import { isPrivateRange, reservedRangeOf } from '../reserved-ranges';
import { addressAt, addressToNumber, boundsOf, networkOf, rangesOverlap, sameAddress } from '../subnet';
import type { UsedRange } from '../used-range';
import type { AddressedRule } from './rule';

/** The host's own addresses and the subnets they stand for. */
export const checkAddresses: AddressedRule = (spec, context) => [...checkPresence(spec), ...checkIpv4(spec, context), ...checkIpv6(spec, context)];

/** libvirt: “forwarding requested, but no IP address provided”. */
function checkPresence(spec: AddressedSpec): FieldIssue[] {
  if (spec.kind === 'isolated' || spec.ipv4 || spec.ipv6) return [];
  return [problem('ipv4', `A network that is ${networkKindWord[spec.kind]} needs an address of the host: guests leave by it. Turn IPv4 or IPv6 on, or make an isolated network.`)];
}

const checkIpv4: AddressedRule = (spec, context) => {
  if (!spec.ipv4) return [];
  const path = 'ipv4.address';
  const { address, prefix } = spec.ipv4;
  const subnet = networkOf(address, prefix);
  const { first, last } = boundsOf(subnet);
  const reserved = reservedRangeOf(subnet);
  if (reserved && !reserved.usable) return [problem(path, `${reserved.cidr} is reserved for ${reserved.purpose}. Choose a private range, such as 192.168.150.0/24.`)];
  const own = addressToNumber(address);
  if (own === first) return [problem(path, `${address} is the address of the subnet itself. Use ${addressAt(subnet, 1n)}.`)];
  if (own === last) return [problem(path, `${address} is the broadcast address of ${subnet}. Use ${addressAt(subnet, 1n)}.`)];
  return [
    ...(reserved ? [caution(path, `${reserved.cidr} is reserved for ${reserved.purpose}; it works, but can clash with it.`)] : []),
    ...(!reserved && !isPrivateRange(subnet) ? [caution(path, publicSentence(spec, subnet))] : []),
    ...(prefix < 16 ? [caution('ipv4.prefix', `${subnet} holds ${(last - first + 1n).toLocaleString('en')} addresses and leaves fewer for other networks. A /24 is enough for 253 guests.`)] : []),
    ...checkOverlap(path, subnet, context, ownSubnets(context)),
  ];
};

/** Behind NAT nobody sees the addresses; routed ones are seen, and may well be one's own. */
function publicSentence(spec: AddressedSpec, subnet: string): string {
  if (spec.kind === 'routed' || spec.kind === 'open') return `${subnet} is a public range: use it only if it is yours, or guests and everybody behind them lose its real owner. Private ranges are 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16.`;
  return `${subnet} is a public range that belongs to someone else: guests could not reach its real owner. Private ranges are 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16.`;
}

const checkIpv6: AddressedRule = (spec, context) => {
  if (!spec.ipv6) return [];
  const path = 'ipv6.address';
  const { address, prefix, dhcp } = spec.ipv6;
  const subnet = networkOf(address, prefix);
  const reserved = reservedRangeOf(subnet);
  const issues: FieldIssue[] = [];
  if (reserved && !reserved.usable) return [problem(path, `${reserved.cidr} is reserved for ${reserved.purpose}. Use a private range (ULA), such as the one proposed.`)];
  // An existing network may have it so: the kernel takes it, and libvirt's own example shows it.
  if (addressToNumber(address) === boundsOf(subnet).first && !ownSubnets(context).includes(subnet)) {
    issues.push(problem(path, `${address} is the address of the subnet itself (RFC 4291, 2.6.1). Use ${addressAt(subnet, 1n)}.`));
  }
  if (reserved) issues.push(caution(path, `${reserved.cidr} is reserved for ${reserved.purpose}.`));
  else if (!isPrivateRange(subnet) && spec.kind === 'nat') {
    issues.push(caution(path, 'These are public addresses, and NAT hides them behind the host\'s own. A private range (ULA, fd…) says what it is.'));
  }
  if (!dhcp && prefix !== 64) issues.push(problem('ipv6.prefix', 'Guests make their own addresses (SLAAC) only in a /64. Use /64, or turn DHCPv6 on.'));
  if (dhcp && prefix < 64) issues.push(problem('ipv6.prefix', 'dnsmasq hands out IPv6 addresses only in a /64 or smaller subnet. Use /64.'));
  return [...issues, ...checkOverlap(path, subnet, context, ownSubnets(context))];
};

/** What the edited network has today: keeping it must stay possible even where it clashes already. */
function ownSubnets(context: NetworkContext): string[] {
  return editedNetwork(context)?.ips.map((ip) => networkOf(ip.address, ip.prefix)) ?? [];
}

function checkOverlap(path: string, subnet: string, context: NetworkContext, own: readonly string[]): FieldIssue[] {
  const clash = context.used
    .filter((range) => (context.uuid === null || range.networkUuid !== context.uuid) && rangesOverlap(range.cidr, subnet))
    .map((range) => issueOf(path, subnet, range, context, own.includes(subnet)));
  const errors = clash.filter((issue) => issue.severity === 'error');
  return (errors.length > 0 ? errors : clash).slice(0, 3);
}

function issueOf(path: string, subnet: string, range: UsedRange, { snapshot }: NetworkContext, unchanged: boolean): FieldIssue {
  const how = range.cidr === subnet ? `${subnet} is in use` : `${subnet} overlaps ${range.cidr}, which is in use`;
  if (range.hostId !== snapshot.hostId) return caution(path, `${how}: ${range.owner}. Guests of the two hosts could never be told apart by address.`);
  const network = snapshot.networks.find((other) => other.uuid === range.networkUuid);
  if (network && !network.active) {
    return caution(path, `${how} by the inactive network “${network.name}”: only one of the two can be started at a time.`);
  }
  const message = `${how}: ${range.owner}. Choose a subnet that nothing on this host uses.`;
  return unchanged ? caution(path, message) : problem(path, message);
}

/** Whether `address` is the host's own on this network. */
export function isOwnAddress(spec: AddressedSpec, address: string): boolean {
  return [spec.ipv4, spec.ipv6].some((own) => own !== null && sameAddress(address, own.address));
}

/** The subnets of the network, IPv4 first. */
export function subnetsOf(spec: AddressedSpec): string[] {
  return [spec.ipv4, spec.ipv6].flatMap((own) => (own ? [networkOf(own.address, own.prefix)] : []));
}
