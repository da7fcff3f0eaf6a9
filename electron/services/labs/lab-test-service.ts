import { judgeLabTest } from '../../../shared/domain/labs/connectivity/judge-lab-test';
import { promisesOf } from '../../../shared/domain/labs/connectivity/lab-promises';
import type { LabTestNetwork } from '../../../shared/domain/labs/connectivity/lab-places';
import type { LabTestReport } from '../../../shared/domain/labs/connectivity/lab-test-report';
import { planLabTest } from '../../../shared/domain/labs/connectivity/plan-probes';
import type { ProbePlan, ProbeResults } from '../../../shared/domain/labs/connectivity/probe-plan';
import { networksOfLab } from '../../../shared/domain/labs/labs-on-host';
import type { Network } from '../../../shared/domain/network';
import { parseNetwork } from '../../../shared/domain/network-xml/parse-network';
import { hasRoot } from '../../../shared/domain/privilege';
import { AppError } from '../../../shared/errors/app-error';
import { explainProbe, parseProbeResults, probeNetworksCommand } from '../../commands/probes/probe-networks';
import type { InventoryService } from '../inventory/inventory-service';
import { currentSnapshot } from '../plans/observe-host';
import type { PlanService } from '../plans/plan-service';

export interface LabTestDependencies {
  inventory: Pick<InventoryService, 'get' | 'refresh' | 'xml' | 'runner'>;
  /** A test and a plan never run on a host at once. */
  plans: Pick<PlanService, 'holdHost'>;
}

/** Cloudflare's resolver, by anycast near to everybody. */
export const defaultOutside = '1.1.1.1';

/** Whether a lab's networks reach whom they promise to, by packets. */
export class LabTestService {
  constructor(private readonly dependencies: LabTestDependencies) {}

  /**
   * Plugs probes into the lab's networks for some seconds and has them try each other, the host and what is around it.
   * @param outside an IPv4 address that stands for the internet; the host itself has to reach it
   * @throws AppError `not-found`, `host.not-connected`, `plan.busy`, `auth.no-privilege`, `command.not-found`, `command.failed`,
   * `reply.unreadable`, and what the runner throws
   */
  async test(hostId: string, lab: string, outside: string = defaultOutside): Promise<LabTestReport> {
    const { inventory, plans } = this.dependencies;
    const snapshot = currentSnapshot(inventory, hostId);
    if (!hasRoot(snapshot)) throw new AppError('auth.no-privilege', 'A test takes root', 'It makes network namespaces on the host for some seconds, and only root may.', { hint: 'Connect as root, or allow sudo for this user.' });
    const release = plans.holdHost(hostId);
    try {
      await inventory.refresh(hostId, 'all');
      const startedAt = performance.now();
      const fresh = currentSnapshot(inventory, hostId);
      const owned = networksOfLab(lab, fresh);
      if (owned.length === 0) throw new AppError('not-found', 'No such lab', `There is no lab “${lab}” on this host.`);
      const networks = await Promise.all(owned.map((network) => this.withDefinition(hostId, network)));
      const plan = planLabTest(networks, fresh, outside);
      const results = await this.run(hostId, plan.probes);
      return judgeLabTest(lab, promisesOf(networks, fresh), plan, results, performance.now() - startedAt);
    } finally {
      release();
    }
  }

  private async withDefinition(hostId: string, running: Network): Promise<LabTestNetwork> {
    const { persistent } = await this.dependencies.inventory.xml(hostId, 'network', running.uuid);
    return { key: running.lab?.key ?? running.name, promised: persistent === null ? running : parseNetwork(persistent), running };
  }

  private async run(hostId: string, plan: ProbePlan): Promise<ProbeResults> {
    if (plan.probes.length === 0) return { probes: new Map(), tries: new Map(), removedLeftovers: 0 };
    const command = probeNetworksCommand(plan);
    const result = await this.dependencies.inventory.runner(hostId).run(command, { timeoutMs: (plan.limitSeconds + 10) * 1000 });
    const error = explainProbe(result, command);
    if (error) throw error;
    return parseProbeResults(result.stdout);
  }
}
