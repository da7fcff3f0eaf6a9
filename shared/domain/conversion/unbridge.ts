import { isGuestPort, noUsers, portsOf, userFindings } from './bridge-users';
import type { BridgeUsers } from './bridge-users';
import { linkOf } from './facts';
import type { ConversionFacts } from './facts';
import { blocker } from './finding';
import type { ConversionFinding } from './finding';
import { safetyRules } from './host-rules';
import { ownersOf } from './owner';
import { soleOwner } from './sole-owner';
import { planned } from './planned';
import type { ConversionPlan } from './planned';
import type { ReleasePlanner } from './release';
import { releasePlanners } from './release-planners';
import type { StackName } from './transaction';
import { macRules } from './uplink-rules';

/** Takes a bridge away, whoever made it: its NIC takes addresses and routes back. From what the host's files say now. */
export function planUnbridge(facts: ConversionFacts, { bridge }: { bridge: string }, users: BridgeUsers = noUsers): ConversionPlan {
  const owners = ownersOf(facts, bridge);
  const stack = owners.length === 1 ? owners[0]! : null;
  const isOvs = facts.ovs.bridges.includes(bridge);
  const uplinks = uplinksOf(facts, bridge, users);
  const findings = [...unbridgeRules(facts, bridge, uplinks), ...macRules(facts, bridge, uplinks[0]), ...safetyRules(facts), ...userFindings(facts, bridge, users)];
  return planned(facts, stack, findings, () => {
    const planner = stack === null ? undefined : releasePlanners[stack];
    const [nic] = uplinks;
    if (!planner || nic === undefined || !linkOf(facts, bridge)) return null;
    const spec = { nic, bridge, kind: isOvs ? 'ovs' as const : 'linux' as const };
    return planner.plan(facts, spec, planner.files(facts, spec));
  });
}

/** Ports of a bridge that lead outside. */
export const uplinksOf = (facts: ConversionFacts, bridge: string, users: BridgeUsers = noUsers): string[] => portsOf(facts, bridge).filter((port) => !isGuestPort(facts, users, port));

/** What the bridge itself, and who configures it, say about taking it away. */
export function unbridgeRules(facts: ConversionFacts, bridge: string, uplinks: readonly string[]): ConversionFinding[] {
  return [...uplinkCountRules(facts, bridge, uplinks), ...bridgeOwnerRules(facts, bridge, uplinks[0], releasePlanners)];
}

/** Whether there is such a bridge. */
export function standingRules(facts: ConversionFacts, bridge: string): ConversionFinding[] {
  const isOvs = facts.ovs.bridges.includes(bridge);
  const link = linkOf(facts, bridge);
  if (!link) return [blocker('bridge.missing', `There is no ${bridge}`, `The host has no network device ${bridge}.`)];
  if (!isOvs && link.kind !== 'bridge') return [blocker('bridge.not-one', `${bridge} is no bridge`, `It is a device of kind ${link.kind}.`)];
  return [];
}

function uplinkCountRules(facts: ConversionFacts, bridge: string, uplinks: readonly string[]): ConversionFinding[] {
  const standing = standingRules(facts, bridge);
  if (standing.length > 0) return standing;
  if (uplinks.length === 0) return [blocker('bridge.no-nic', `${bridge} has no NIC`, 'There is nothing that could take its addresses.', 'A bridge that leads nowhere is deleted by the means of the host.')];
  if (uplinks.length > 1) return [blocker('bridge.several-nics', `${bridge} has several NICs`, `${uplinks.join(', ')} are its ports: which of them should have the addresses is not said anywhere.`, 'Take all but one of them out of the bridge first.')];
  return [];
}

/** Who configures a bridge, and whether one of `planners` can be asked. */
export function bridgeOwnerRules(facts: ConversionFacts, bridge: string, nic: string | undefined, planners: Partial<Record<StackName, ReleasePlanner>>): ConversionFinding[] {
  if (!linkOf(facts, bridge)) return [];
  const sole = soleOwner(facts, bridge, { detail: 'No network stack names it: it is gone after a restart.', alternative: 'Delete it by the means of the host.' });
  if (sole.owner === null) return [sole.finding];
  const { owner } = sole;
  if (!planners[owner]) return [blocker('owner.not-supported', `${owner} is not supported yet`, `${bridge} is configured by ${owner}.`, 'Change it by the means of the host.')];
  // On a port NetworkManager and networkd name their file; ifupdown may only name it in the bridge's stanza.
  const other = nic === undefined ? undefined : ownersOf(facts, nic).find((name) => name !== owner);
  return other === undefined ? [] : [blocker('owner.several', `${other} has ${nic} in hand, and ${owner} ${bridge}`, 'One would undo what the other does.', 'Have both configured by the same stack first.')];
}
