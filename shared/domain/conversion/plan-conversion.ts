import { withCloudInit } from './cloud-init';
import type { ConversionFacts, ConversionSpec } from './facts';
import { ConfigProblem } from './finding';
import type { ConversionFinding } from './finding';
import { hostRules } from './host-rules';
import { planIfupdown } from './ifupdown/plan-ifupdown';
import { planNetplan } from './netplan/plan-netplan';
import { planNetworkManager } from './network-manager/plan-network-manager';
import { planNetworkd } from './networkd/plan-networkd';
import { nicRules } from './nic-rules';
import { ownersOf } from './owner';
import type { StackPlan } from './stack-plan';
import { linkOf } from './facts';
import type { StackName } from './transaction';

export interface ConversionPlan {
  /** Who configures the NIC now; null: nobody, or several. */
  stack: StackName | null;
  /** Blockers first. */
  findings: ConversionFinding[];
  /** Null: there is a blocker. */
  plan: StackPlan | null;
}

const planners: Partial<Record<StackName, (facts: ConversionFacts, spec: ConversionSpec) => StackPlan>> = {
  'NetworkManager': planNetworkManager,
  'netplan-networkd': planNetplan,
  'netplan-NetworkManager': planNetplan,
  'systemd-networkd': planNetworkd,
  'ifupdown': planIfupdown,
};

/** The device that carries the session; null: none has its address. */
export function sessionDevice(facts: Pick<ConversionFacts, 'links' | 'session'>): string | null {
  const address = facts.session?.address.toLowerCase();
  return facts.links.find((link) => link.addresses.some((entry) => entry.address.toLowerCase() === address))?.name ?? null;
}

/** A device with everything below it: a VLAN's NIC, a bond's NICs, a bridge's ports. The device itself comes first. */
export function lowerDevices(facts: Pick<ConversionFacts, 'links'>, name: string, seen: readonly string[] = []): string[] {
  const link = linkOf(facts, name);
  if (!link || seen.includes(name)) return [];
  const below = [...link.parent === null ? [] : [link.parent], ...facts.links.filter(({ controller }) => controller === name).map((port) => port.name)];
  return [name, ...below.flatMap((lower) => lowerDevices(facts, lower, [...seen, name]))];
}

/** Whether the NIC can become the bridge's port, and how: the one door to the rules and the planners. */
export function planConversion(facts: ConversionFacts, spec: ConversionSpec): ConversionPlan {
  const owners = ownersOf(facts, spec.nic);
  const stack = owners.length === 1 ? owners[0]! : null;
  const findings = [...nicRules(facts, spec), ...hostRules(facts, spec)];
  let plan: StackPlan | null = null;
  const planner = stack === null ? undefined : planners[stack];
  if (planner && linkOf(facts, spec.nic)) {
    try {
      plan = withCloudInit(facts, planner(facts, spec));
      findings.push(...plan.warnings);
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      if (!findings.some(({ code }) => code === error.finding.code)) findings.push(error.finding);
    }
  } else if (stack !== null && !planner) {
    findings.push({
      code: 'owner.not-supported', severity: 'blocker', title: `${stack} is not supported yet`, detail: `${spec.nic} is configured by ${stack}.`,
      alternative: 'Make the bridge by the means of the host, then attach guests to it.',
    });
  }
  const blocked = findings.some(({ severity }) => severity === 'blocker');
  return {
    stack,
    findings: [...findings.filter(({ severity }) => severity === 'blocker'), ...findings.filter(({ severity }) => severity === 'warning')],
    plan: blocked ? null : plan,
  };
}
