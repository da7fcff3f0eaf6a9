import { bridgeNameProblem, takenNames } from './bridge-name';
import { hasMacInside, linkOf } from './facts';
import type { ConversionFacts, ConversionSpec, LinkFacts } from './facts';
import { blocker, warning } from './finding';
import type { ConversionFinding } from './finding';

const otherNetworks = 'Use a NAT or a routed network: guests reach the LAN through the host.';

/** What the device itself, and what is built on it, says about becoming a port. */
export function nicRules(facts: ConversionFacts, { nic, bridge, kind }: ConversionSpec): ConversionFinding[] {
  const link = linkOf(facts, nic);
  if (!link) return [blocker('nic.missing', `There is no ${nic}`, `The host has no network device ${nic}.`)];
  const findings: ConversionFinding[] = [...kindRules(link), ...nameRules(facts, bridge)];
  if (link.controller !== null) {
    findings.push(blocker('nic.port-already', `${nic} is a port of ${link.controller} already`, 'A device can be part of one bridge or bond only.',
      linkOf(facts, link.controller)?.kind === 'bond' ? `Convert the bond ${link.controller} instead.` : `Attach guests to ${link.controller} instead.`));
  }
  for (const other of facts.links.filter((entry) => entry.parent === nic)) {
    if (other.kind === 'macvtap' || other.kind === 'macvlan') {
      findings.push(blocker('nic.macvtap', `${other.name} uses ${nic} directly`, `${nic} can't be a bridge's port while macvtap or macvlan devices are on it.`, 'Shut down the machines that are attached to it directly, then try again.'));
    } else if (other.kind === 'vlan') {
      findings.push(warning('nic.vlan', `${other.name} stays on ${nic}`, `Frames of VLAN ${other.vlanId ?? ''} go to ${other.name} as before: guests on ${bridge} don't see them.`));
    }
  }
  if ((link.virtualFunctions ?? 0) > 0) {
    findings.push(warning('nic.virtual-functions', `${nic} has virtual functions`, 'Guests on a virtual function and guests on the bridge may not reach each other, by the card\'s own switch.'));
  }
  if (link.kind === 'bond') {
    findings.push(warning('nic.bond', `The whole bond ${nic} becomes the port`, 'With LACP the switch has to go on seeing one partner; its ports stay as they are.'));
  }
  if (kind === 'ovs' && !facts.ovs.answers) findings.push(blocker('ovs.missing', 'Open vSwitch doesn\'t answer', 'It is not installed, or doesn\'t run.', 'Install and start Open vSwitch, or make a Linux bridge.'));
  return [...findings, ...addressRules(facts, link)];
}

function kindRules(link: LinkFacts): ConversionFinding[] {
  switch (link.kind) {
    case 'wireless': return [blocker('nic.wireless', `${link.name} is Wi-Fi`, 'An access point takes frames from the one MAC address that logged in; those of guests would be dropped.', otherNetworks)];
    case 'bridge': return [blocker('nic.bridge', `${link.name} is a bridge already`, 'There is nothing to convert.', `Attach guests to ${link.name}.`)];
    case 'ovs': return [blocker('nic.bridge', `${link.name} belongs to an Open vSwitch bridge already`, 'There is nothing to convert.', `Attach guests to that bridge.`)];
    case 'loopback': case 'tun': case 'tap': case 'wireguard': case 'macvlan': case 'macvtap': case 'dummy':
      return [blocker('nic.kind', `${link.name} leads to no LAN`, `A device of kind ${link.kind} can't be the port to the network outside.`, otherNetworks)];
    default: return [];
  }
}

function nameRules(facts: ConversionFacts, bridge: string): ConversionFinding[] {
  const problem = bridgeNameProblem(bridge, takenNames(facts));
  return problem === null ? [] : [problem];
}

/** Addresses that the conversion can't promise to keep. */
function addressRules(facts: ConversionFacts, link: LinkFacts): ConversionFinding[] {
  const global = link.addresses.filter(({ family, scope }) => family === 'ipv6' && scope === 'global');
  const session = facts.session?.address;
  const findings: ConversionFinding[] = [];
  const fromName = global.filter(({ address, dynamic, prefix }) => dynamic && prefix === 64 && link.mac !== null && !hasMacInside(address, link.mac) && !link.temporary.includes(address));
  if (fromName.some(({ address }) => address === session) || link.temporary.some((address) => address === session)) {
    findings.push(blocker('address.session-changes', 'The address of this session would change', `${session} is made from the interface's name, or changes by itself.`, 'Connect by the host\'s IPv4 address, or give it a fixed IPv6 address first.'));
  } else if (fromName.length > 0) {
    findings.push(warning('address.stable-privacy', 'An IPv6 address will change', `${fromName.map(({ address }) => address).join(', ')} is made from the interface's name (RFC 7217): the bridge gets another one.`));
  }
  const leased = global.filter(({ prefix, dynamic }) => prefix === 128 && dynamic);
  if (leased.length > 0 && link.dhcpClientId === null) {
    findings.push(warning('address.dhcpv6', 'The DHCPv6 server may give another address', `${leased.map(({ address }) => address).join(', ')} was given to an identity that can't be read here.`));
  }
  return findings;
}
