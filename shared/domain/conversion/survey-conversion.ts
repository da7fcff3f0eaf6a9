import { freeBridgeName, takenNames } from './bridge-name';
import { linkOf } from './facts';
import type { ConversionFacts, LinkFacts } from './facts';
import { nicSettings } from './leave/nic-settings';
import { nicRules } from './nic-rules';
import { outlookOf } from './outlook';
import { ownersOf } from './owner';
import { lowerDevices, sessionDevice } from './device-chain';
import { planConversion } from './plan-conversion';
import { isOwnVeth, isUp } from '../interface-state';
import { surveyAddresses } from './readdress/survey-addresses';
import type { ConversionSurvey, SurveyedBridge, SurveyedDevice, SurveyedPort } from './survey';
import { unbridgeRules, uplinksOf } from './unbridge';
import { unportRules } from './unport/plan-unport';

/** What of a host could be changed. Whether it can is the plan's to say: this only spares the user a step in vain. */
export function surveyConversion(facts: ConversionFacts): ConversionSurvey {
  const taken = takenNames(facts);
  const suggestedBridge = freeBridgeName(taken);
  const carrier = sessionDevice(facts);
  const carriers = carrier === null ? [] : lowerDevices(facts, carrier);
  const devices = facts.links.flatMap((link): SurveyedDevice[] => {
    const kind = kindOf(link);
    const outlook = outlookOf(facts, link.name);
    if (kind === null || outlook === null) return [];
    const owners = ownersOf(facts, link.name);
    const spec = { nic: link.name, bridge: suggestedBridge, kind: 'linux' as const };
    const refusal = nicRules(facts, spec).find(({ severity }) => severity === 'blocker') ?? null;
    return [{
      outlook, kind, hasLink: link.adminUp && link.operState !== 'DOWN' && link.operState !== 'LOWERLAYERDOWN',
      carriesSession: carriers.includes(link.name), owner: owners.length === 1 ? owners[0]! : null,
      // Nobody is asked what to leave out where nothing can be.
      refusal, settings: refusal === null ? nicSettings(facts, link.name, (word) => planConversion(facts, { ...spec, leave: [word] }).findings) : [],
    }];
  });
  const rank = ({ carriesSession, refusal }: SurveyedDevice): number => (refusal === null ? 0 : 2) + (carriesSession ? 0 : 1);
  return {
    devices: devices.map((device, at) => ({ device, at })).sort((a, b) => rank(a.device) - rank(b.device) || a.at - b.at).map(({ device }) => device),
    bridges: surveyBridges(facts, carrier), ports: surveyPorts(facts, carrier), addressed: surveyAddresses(facts, carriers),
    ground: { links: facts.links, routes: facts.routes, session: facts.session }, nameServers: facts.nameServers, searchDomains: facts.searchDomains, taken, suggestedBridge, ovsAnswers: facts.ovs.answers, sessionAddress: facts.session?.address ?? null,
  };
}

function surveyBridges(facts: ConversionFacts, carrier: string | null): SurveyedBridge[] {
  const bridges = facts.links.flatMap((link): SurveyedBridge[] => {
    const isOvs = facts.ovs.bridges.includes(link.name);
    const outlook = outlookOf(facts, link.name);
    const uplinks = link.kind === 'bridge' || isOvs ? uplinksOf(facts, link.name) : [];
    if (uplinks.length === 0 || outlook === null) return [];
    const owners = ownersOf(facts, link.name);
    const refusal = unbridgeRules(facts, link.name, uplinks).find(({ severity }) => severity === 'blocker') ?? null;
    return [{ outlook, kind: isOvs ? 'ovs' : 'linux', uplinks, carriesSession: carrier === link.name, owner: owners.length === 1 ? owners[0]! : null, refusal }];
  });
  return [...bridges.filter(({ refusal }) => refusal === null), ...bridges.filter(({ refusal }) => refusal !== null)];
}

function surveyPorts(facts: ConversionFacts, carrier: string | null): SurveyedPort[] {
  return facts.links.flatMap(({ name: bridge, kind }): SurveyedPort[] => {
    const isOvs = facts.ovs.bridges.includes(bridge);
    const uplinks = kind === 'bridge' || isOvs ? uplinksOf(facts, bridge) : [];
    if (uplinks.length < 2) return [];
    const owners = ownersOf(facts, bridge);
    return uplinks.flatMap((nic): SurveyedPort[] => {
      const [outlook, link] = [outlookOf(facts, nic), linkOf(facts, nic)];
      if (!outlook || !link) return [];
      const refusal = unportRules(facts, { bridge, nic }).find(({ severity }) => severity === 'blocker') ?? null;
      return [{ outlook, bridge, kind: isOvs ? 'ovs' : 'linux', hasLink: isUp(link), carriesSession: carrier === bridge, owner: owners.length === 1 ? owners[0]! : null, refusal }];
    });
  });
}

/** Null: nothing that leads outside, or somebody's virtual cable. */
function kindOf(link: LinkFacts): SurveyedDevice['kind'] | null {
  switch (link.kind) {
    case 'physical': return 'nic';
    case 'wireless': case 'bond': case 'vlan': return link.kind;
    // A host that is itself a container: what is called as NICs are is one, with an address or without.
    case 'veth': return isOwnVeth(link) || /^(eth|en)/.test(link.name) ? 'nic' : null;
    default: return null;
  }
}
