import type { PlanCheck } from '../../../../shared/domain/plan';
import type { PlanClock } from '../plan-clock';
import { checkBridgeAbsent, checkBridgeUp, checkMachinesPlugged, checkPortsIsolated, checkRoutePresent } from './bridge-checks';
import type { CheckAccess, CheckVerdict } from './check';
import { checkLinkPresent, checkOvsBridgeAbsent, checkOvsBridgeUp } from './place-checks';
import { checkForwardRules } from './forward-rules-check';
import { checkMachineRoles, checkMachineState, checkNicAbsent, checkNicBandwidth, checkNicLink, checkNicPresent } from './machine-checks';
import { checkNatRules } from './nat-rules-check';
import { checkNetworkAbsent, checkNetworkActive, checkLiveEntries, checkNetworkAutostart, checkNetworkDefinition } from './network-checks';
import { checkDhcpListens, checkDnsAnswers, checkTftpListens } from './service-checks';
import { checkDnsPortFree, checkGroupMember, checkServiceAnswers, checkSysctlValue, checkToolFound, checkUnitState } from './system-checks';

/** dnsmasq and the kernel may need moments after libvirt has answered. */
const patienceMs = 5_000;
/** STP holds a port back for two times two seconds. */
const patienceForPortsMs = 10_000;
const pauseMs = 200;

/**
 * Looks until it is true, or until patience ends; the last look counts. `accessOf`: how to look, at first and `again`. Rejects when the
 * connection is lost.
 */
export async function runCheck({ check }: PlanCheck, accessOf: (again: boolean) => CheckAccess, clock: PlanClock, patienceMs = patienceOf(check)): Promise<CheckVerdict> {
  const until = clock.now().getTime() + patienceMs;
  for (let again = false; ; again = true) {
    const verdict = await look(check, accessOf(again));
    if (verdict.state !== 'failed' || clock.now().getTime() >= until) return verdict;
    await clock.sleep(pauseMs);
  }
}

function patienceOf(check: PlanCheck['check']): number {
  if (check.kind === 'machine-state') return check.patienceMs;
  return check.kind === 'machines-plugged' ? patienceForPortsMs : patienceMs;
}

function look(check: PlanCheck['check'], access: CheckAccess): Promise<CheckVerdict> {
  switch (check.kind) {
    case 'network-active': return checkNetworkActive(check, access);
    case 'network-autostart': return checkNetworkAutostart(check, access);
    case 'network-absent': return checkNetworkAbsent(check, access);
    case 'network-definition': return checkNetworkDefinition(check, access);
    case 'bridge-up': return checkBridgeUp(check, access);
    case 'bridge-absent': return checkBridgeAbsent(check, access);
    case 'link-present': return checkLinkPresent(check, access);
    case 'ovs-bridge-up': return checkOvsBridgeUp(check, access);
    case 'ovs-bridge-absent': return checkOvsBridgeAbsent(check, access);
    case 'dns-answers': return checkDnsAnswers(check, access);
    case 'dhcp-listens': return checkDhcpListens(check, access);
    case 'route-present': return checkRoutePresent(check, access);
    case 'nat-rules': return checkNatRules(check, access);
    case 'forward-rules': return checkForwardRules(check, access);
    case 'tftp-listens': return checkTftpListens(check, access);
    case 'ports-isolated': return checkPortsIsolated(check, access);
    case 'live-entries': return checkLiveEntries(check, access);
    case 'machines-plugged': return checkMachinesPlugged(check, access);
    case 'unit-state': return checkUnitState(check, access);
    case 'tool-found': return checkToolFound(check, access);
    case 'group-member': return checkGroupMember(check, access);
    case 'sysctl-value': return checkSysctlValue(check, access);
    case 'dns-port-free': return checkDnsPortFree(check, access);
    case 'service-answers': return checkServiceAnswers(check, access);
    case 'nic-present': return checkNicPresent(check, access);
    case 'nic-absent': return checkNicAbsent(check, access);
    case 'nic-link': return checkNicLink(check, access);
    case 'nic-bandwidth': return checkNicBandwidth(check, access);
    case 'machine-roles': return checkMachineRoles(check, access);
    case 'machine-state': return checkMachineState(check, access);
  }
}
