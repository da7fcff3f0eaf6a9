import type { ConversionFacts, ConversionSpec } from './facts';
import { hostRules } from './host-rules';
import { planIfupdown } from './ifupdown/plan-ifupdown';
import { planIfupdown2 } from './ifupdown/plan-ifupdown2';
import { withLeave } from './leave/leave-out';
import { leaveRules } from './leave/leave-rules';
import { planNetplan } from './netplan/plan-netplan';
import { planNetworkManager } from './network-manager/plan-network-manager';
import { planNetworkd } from './networkd/plan-networkd';
import { nicRules } from './nic-rules';
import { ownersOf } from './owner';
import { planned } from './planned';
import type { ConversionPlan } from './planned';
import type { StackPlan } from './stack-plan';
import { linkOf } from './facts';
import type { StackName } from './transaction';
import { uplinkRules } from './uplink-rules';
import { planWicked } from './wicked/plan-wicked';

const planners: Record<StackName, (facts: ConversionFacts, spec: ConversionSpec) => StackPlan> = {
  'NetworkManager': planNetworkManager,
  'netplan-networkd': planNetplan,
  'netplan-NetworkManager': planNetplan,
  'systemd-networkd': planNetworkd,
  'ifupdown': planIfupdown,
  'ifupdown2': planIfupdown2,
  'wicked': planWicked,
};

/** Whether the NIC can become the bridge's port, and how: the one door to the rules and the planners. */
export function planConversion(facts: ConversionFacts, spec: ConversionSpec): ConversionPlan {
  const owners = ownersOf(facts, spec.nic);
  const stack = owners.length === 1 ? owners[0]! : null;
  const findings = [...nicRules(facts, spec), ...uplinkRules(facts, spec.nic), ...hostRules(facts, spec), ...leaveRules(facts, spec)];
  const planner = stack === null ? undefined : planners[stack];
  return planned(facts, stack, findings, () => (planner && linkOf(facts, spec.nic) ? withLeave(facts, spec, planner(facts, spec)) : null));
}
