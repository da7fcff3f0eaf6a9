import type { ConversionFacts } from '../facts';
import { blocker } from '../finding';
import type { ConversionFinding } from '../finding';
import { linkOf } from '../facts';
import { safetyRules } from '../host-rules';
import { ownersOf } from '../owner';
import { soleOwner } from '../sole-owner';
import { planned } from '../planned';
import type { ConversionPlan } from '../planned';
import { quoteWord } from '../../shell-quote';
import type { StackPlan } from '../stack-plan';
import type { TransactionStep, TransactionWants } from '../transaction';
import { bridgeRules } from '../uplink-rules';
import { addressChange, comingIpv4, wantedIpv4 } from './address-request';
import type { AddressRequest } from './address-request';
import { addressPlanners } from './address-planners';
import { addressRules } from './address-rules';
import { sixMove } from './six-change';
import type { SixChange } from './six-change';

/** Gives an interface of the host other addresses, gateways, name servers or MTU, where that may cut the session off. */
export function planReaddress(facts: ConversionFacts, request: AddressRequest): ConversionPlan {
  const owners = ownersOf(facts, request.device);
  const stack = owners.length === 1 ? owners[0]! : null;
  const rules = addressRules(facts, request);
  const findings = [...rules, ...addressOwnerRules(facts, request.device), ...linkOf(facts, request.device)?.kind === 'bridge' ? bridgeRules(facts, request.device) : [], ...safetyRules(facts)];
  return planned(facts, stack, findings, () => {
    const planner = stack === null ? undefined : addressPlanners[stack];
    if (!planner || rules.some(({ severity }) => severity === 'blocker')) return null;
    const change = addressChange(facts, request);
    const coming = comingIpv4(facts, request);
    const address = coming?.split('/')[0];
    const moves = change.replaced.some((own) => own === facts.session?.address) && address !== undefined && (!change.dhcp || address !== facts.session?.address);
    const plan = planner.plan(facts, request.device, planner.files(facts, change), {
      ...coming === null ? {} : { ipv4: wantedIpv4(facts, request) }, ...change.dhcp && address !== undefined ? { leased: address } : {},
      ...request.gateway === undefined ? {} : { gateway: request.gateway }, ...request.mtu === undefined ? {} : { mtu: request.mtu },
      ...moves ? { reachedAddress: address } : {}, ...sixWants(facts, request.device, change.six),
    });
    return withProbe(facts, request, withMtu(facts, request.device, plan));
  });
}

/** What of IPv6 has to be there, and where the host is when the session's own address goes. Addresses that change by themselves are nobody's promise. */
export function sixWants(facts: ConversionFacts, device: string, six: SixChange | null): TransactionWants {
  const link = linkOf(facts, device);
  if (six === null || !link) return {};
  const move = sixMove(facts, six);
  const staying = link.addresses.filter(({ family, scope, address }) => family === 'ipv6' && scope === 'global' && !link.temporary.includes(address) && !six.gone.includes(address));
  return {
    ...six.gone.length + six.come.length === 0 ? {} : { ipv6: [...staying.map(({ address, prefix }) => `${address}/${prefix}`), ...six.come], newIpv6: six.come },
    ...six.gateway === undefined || six.gateway === null ? {} : { gateway6: six.gateway }, ...move === undefined ? {} : { reachedAddress: move },
  };
}

/** A stack that is no longer told an MTU leaves the one there is: it is set by itself, there and back. */
export function withMtu(facts: ConversionFacts, device: string, plan: StackPlan): StackPlan {
  const { transaction } = plan;
  const mtu = transaction.wants?.mtu;
  if (mtu === undefined) return plan;
  const set = (bytes: number): TransactionStep => ({ says: `Have ${device} take packets of ${bytes} bytes`, command: `ip link set dev ${quoteWord(device)} mtu ${bytes}` });
  return { ...plan, transaction: { ...transaction, apply: [...transaction.apply, set(mtu)], revert: [...transaction.revert, set(linkOf(facts, device)!.mtu)] } };
}

/** Somebody else may have the address: asked before anything changes, where the host has the means. Source: arping(8) of iputils, -D. */
function withProbe(facts: ConversionFacts, { device, address }: AddressRequest, plan: StackPlan): StackPlan {
  const wanted = address?.split('/')[0];
  if (wanted === undefined || !facts.tools.includes('arping') || linkOf(facts, device)!.addresses.some((entry) => entry.address === wanted)) return plan;
  const probe = { says: `See whether somebody else has ${wanted}`, command: `! arping -V 2>&1 | grep -q iputils || arping -D -q -c 2 -w 3 -I ${quoteWord(device)} ${wanted}` };
  return { ...plan, transaction: { ...plan.transaction, apply: [probe, ...plan.transaction.apply] } };
}

/** Whether somebody configures the device who can be told other settings. */
export function addressOwnerRules(facts: ConversionFacts, device: string): ConversionFinding[] {
  if (!linkOf(facts, device)) return [];
  const sole = soleOwner(facts, device, { detail: 'No network stack names it: what is changed would not outlast a restart.', alternative: 'Configure it by one of them first.' });
  if (sole.owner === null) return [sole.finding];
  return addressPlanners[sole.owner] ? [] : [blocker('owner.not-supported', `${sole.owner} is not supported yet`, `${device} is configured by ${sole.owner}.`, 'Change it by the means of the host.')];
}
