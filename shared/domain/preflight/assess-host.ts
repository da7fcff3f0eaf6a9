import type { PreflightFacts } from './facts';
import type { Finding, PreflightReport, Severity } from './finding';
import { hostRules } from './host-rules';
import { libvirtRules } from './libvirt-rules';
import { networkRules } from './network-rules';
import { fixOf } from './remedy';
import { rightsRules } from './rights-rules';
import type { Observed } from './rule';

const order: readonly Severity[] = ['blocker', 'warning', 'note'];

/** What stands in the way of virtual networks on this host, the worst first, and what was looked at and is well. */
export function assessHost(facts: PreflightFacts): Pick<PreflightReport, 'findings' | 'passed'> {
  const observed: Observed[] = [...libvirtRules(facts), ...rightsRules(facts), ...networkRules(facts), ...hostRules(facts)];
  const coveredByLibvirt = observed.some((item) => 'code' in item && item.code === 'libvirt.missing');
  const findings = observed.flatMap((item): Finding[] => {
    if (!('code' in item)) return [];
    // One fix installs all of it.
    if (coveredByLibvirt && (item.code === 'dnsmasq.missing' || item.code === 'qemu.missing')) return [];
    return [{ ...item, fix: item.fix === undefined ? fixOf(item.code, facts) : item.fix }];
  });
  return {
    findings: findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)),
    passed: observed.flatMap((item) => ('passed' in item ? [item.passed] : [])),
  };
}
