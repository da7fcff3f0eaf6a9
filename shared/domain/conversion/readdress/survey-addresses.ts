import { isOwnVeth, isUp } from '../../interface-state';
import type { ConversionFacts, LinkFacts } from '../facts';
import { outlookOf } from '../outlook';
import { ownersOf } from '../owner';
import type { AddressedDevice } from '../survey';
import { uplinksOf } from '../unbridge';
import { defaultRoute, replacedBy } from './address-request';
import { addressOwnerRules } from './plan-readdress';
import { defaultSix, fixedSix, learnedSix } from './six-change';

/** Devices whose addresses are the host's own. `carriers`: those that the session goes through. Bridges of machines alone are libvirt's, or somebody else's. */
export function surveyAddresses(facts: ConversionFacts, carriers: readonly string[]): AddressedDevice[] {
  const devices = facts.links.flatMap((link): AddressedDevice[] => {
    const kind = kindOf(facts, link);
    const outlook = outlookOf(facts, link.name);
    if (kind === null || outlook === null || outlook.addresses.length === 0 || link.controller !== null && kind !== 'bridge') return [];
    const owners = ownersOf(facts, link.name);
    const owner = owners.length === 1 ? owners[0]! : null;
    const [replaced] = replacedBy(facts, link);
    return [{
      outlook, kind, hasLink: isUp(link), carriesSession: carriers.includes(link.name), owner,
      replaced: replaced ? `${replaced.address}/${replaced.prefix}` : null, isLeased: replaced?.dynamic ?? false, gateway: defaultRoute(facts, link.name)?.gateway ?? null,
      fixed6: fixedSix(link).map(cidrOf), learned6: learnedSix(link).filter(({ address }) => !link.temporary.includes(address)).map(cidrOf), gateway6: defaultSix(facts, link.name, false)?.gateway ?? null,
      noNameServers: owner === 'ifupdown' && !facts.tools.includes('resolvconf') ? 'Without resolvconf, ifupdown leaves /etc/resolv.conf alone: it is written by hand.' : null,
      refusal: addressOwnerRules(facts, link.name).find(({ severity }) => severity === 'blocker') ?? null,
    }];
  });
  const rank = ({ carriesSession, refusal }: AddressedDevice): number => (refusal === null ? 0 : 2) + (carriesSession ? 0 : 1);
  return devices.map((device, at) => ({ device, at })).sort((a, b) => rank(a.device) - rank(b.device) || a.at - b.at).map(({ device }) => device);
}

const cidrOf = ({ address, prefix }: LinkFacts['addresses'][number]): string => `${address}/${prefix}`;

/** Null: nothing of the host's own. */
function kindOf(facts: ConversionFacts, link: LinkFacts): AddressedDevice['kind'] | null {
  switch (link.kind) {
    case 'physical': return 'nic';
    case 'wireless': case 'bond': case 'vlan': return link.kind;
    case 'veth': return isOwnVeth(link) ? 'nic' : null;
    case 'bridge': case 'ovs': return uplinksOf(facts, link.name).length > 0 ? 'bridge' : null;
    default: return null;
  }
}
