import { isGuestPort, noUsers, portsOf } from '../bridge-users';
import type { BridgeUsers } from '../bridge-users';
import { sessionDevice } from '../device-chain';
import { linkOf } from '../facts';
import type { ConversionFacts } from '../facts';
import { blocker, warning } from '../finding';
import type { ConversionFinding } from '../finding';
import { safetyRules } from '../host-rules';
import { ownersOf } from '../owner';
import { planned } from '../planned';
import type { ConversionPlan } from '../planned';
import { bridgeOwnerRules, standingRules, uplinksOf } from '../unbridge';
import { bridgeRules } from '../uplink-rules';
import { portPlanners } from './port-planners';

interface PortChoice { bridge: string; nic: string }

/** Takes one of several NICs out of a bridge, which stays as it is: its addresses, its other ports, the machines in it. The NIC is left without addresses. */
export function planUnport(facts: ConversionFacts, { bridge, nic }: PortChoice, users: BridgeUsers = noUsers): ConversionPlan {
  const owners = ownersOf(facts, bridge);
  const stack = owners.length === 1 ? owners[0]! : null;
  const findings = [...unportRules(facts, { bridge, nic }, users), ...macRules(facts, bridge, nic), ...bridgeRules(facts, bridge), ...sessionRules(facts, bridge, nic), ...safetyRules(facts)];
  return planned(facts, stack, findings, () => {
    const planner = stack === null ? undefined : portPlanners[stack];
    if (!planner || !linkOf(facts, nic)) return null;
    const spec = { nic, bridge, kind: facts.ovs.bridges.includes(bridge) ? 'ovs' as const : 'linux' as const };
    return planner.plan(facts, spec, planner.files(facts, spec));
  });
}

/** Whether the bridge has such a port, and can do without it. */
export function unportRules(facts: ConversionFacts, { bridge, nic }: PortChoice, users: BridgeUsers = noUsers): ConversionFinding[] {
  const standing = standingRules(facts, bridge);
  if (standing.length > 0) return standing;
  const uplinks = uplinksOf(facts, bridge, users);
  const isGuest = portsOf(facts, bridge).includes(nic) && isGuestPort(facts, users, nic);
  if (isGuest) return [blocker('port.guest', `${nic} belongs to a machine`, 'It comes and goes with it.', 'Move the machine to another network instead.')];
  if (!uplinks.includes(nic)) return [blocker('port.not-one', `${nic} is no port of ${bridge}`, uplinks.length === 0 ? `${bridge} has no NIC.` : `Its NICs are ${uplinks.join(', ')}.`)];
  if (uplinks.length === 1) return [blocker('port.last', `${nic} is the only NIC of ${bridge}`, `${bridge} would lead nowhere.`, `Take the whole bridge away instead: ${nic} then has its addresses.`)];
  return bridgeOwnerRules(facts, bridge, nic, portPlanners);
}

function macRules(facts: ConversionFacts, bridge: string, nic: string): ConversionFinding[] {
  const mac = linkOf(facts, nic)?.mac?.toLowerCase();
  if (mac === undefined || linkOf(facts, bridge)?.mac?.toLowerCase() !== mac) return [];
  const isPinned = facts.ovs.bridges.includes(bridge) || facts.files.some(({ content }) => content?.toLowerCase().includes(mac));
  return [isPinned ? warning('port.same-mac', `${bridge} goes on with the MAC address of ${nic}`, `It was made with it. ${nic} shows the same one: give it another before it has addresses on the same LAN.`)
    : warning('port.mac', `${bridge} has its MAC address from ${nic}`, `No configuration names it, so that ${bridge} gets another one. A DHCP server may then give another address, at the next start at the latest.`)];
}

/** No host says by which of a bridge's ports a session comes in. */
function sessionRules(facts: ConversionFacts, bridge: string, nic: string): ConversionFinding[] {
  if (sessionDevice(facts) !== bridge) return [];
  return [warning('port.session', `This session comes in by ${bridge}`, `Should it be ${nic} that it comes in by, the host is not reached without it, and takes it back.`)];
}
