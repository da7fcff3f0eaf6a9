import { judgeLabTest } from '../../../shared/domain/labs/connectivity/judge-lab-test';
import { labGround } from '../../../shared/domain/labs/connectivity/lab-ground';
import { promisesOf } from '../../../shared/domain/labs/connectivity/lab-promises';
import type { LabTestNetwork } from '../../../shared/domain/labs/connectivity/lab-places';
import type { LabTestReport } from '../../../shared/domain/labs/connectivity/lab-test-report';
import { labTestRouter } from '../../../shared/domain/labs/connectivity/lab-test-router';
import type { LabTestRouter } from '../../../shared/domain/labs/connectivity/lab-test-router';
import type { LabTestProgress } from '../../../shared/domain/labs/connectivity/lab-test-run';
import { planLabTest } from '../../../shared/domain/labs/connectivity/plan-probes';
import type { ProbePlan, ProbeResults } from '../../../shared/domain/labs/connectivity/probe-plan';
import { networksOfLab, routersOfLab } from '../../../shared/domain/labs/labs-on-host';
import { parseNetwork } from '../../../shared/domain/network-xml/parse-network';
import { hasRoot } from '../../../shared/domain/privilege';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { AppError } from '../../../shared/errors/app-error';
import { explainProbe, parseProbeResults, probeNetworksCommand } from '../../commands/probes/probe-networks';
import type { InventoryService } from '../inventory/inventory-service';
import { currentSnapshot, observeHost } from '../plans/observe-host';
import type { PlanService } from '../plans/plan-service';
import { ProbeProgress } from './probe-progress';

export interface LabTestDependencies {
  inventory: Pick<InventoryService, 'get' | 'refresh' | 'xml' | 'runner'>;
  /** A test and a plan never run on a host at once. */
  plans: Pick<PlanService, 'holdHost'>;
}

export interface LabTestOptions {
  /** An IPv4 address that stands for the internet; the host itself has to reach it. */
  outside?: string;
  onProgress?: (progress: LabTestProgress) => void;
  /** Told of the lab as it is tried (`labGround`), before anything is plugged in. */
  onGround?: (ground: string) => void;
  /** Stops it; what it had made on the host is taken away. */
  signal?: AbortSignal;
}

/** Cloudflare's resolver, by anycast near to everybody. */
export const defaultOutside = '1.1.1.1';

/** Whether a lab's networks and routers let reach whom they promise to, by packets. */
export class LabTestService {
  constructor(private readonly dependencies: LabTestDependencies) {}

  /** Whether this session may test at all: that takes root. */
  canTest(hostId: string): boolean {
    const held = this.dependencies.inventory.get(hostId);
    return held !== null && hasRoot(held.snapshot);
  }

  /**
   * Plugs probes into the lab's networks for some seconds and has them try each other, the lab's routers, the host and what is around it.
   * @throws AppError `not-found`, `host.not-connected`, `plan.busy`, `auth.no-privilege`, `command.not-found`, `command.failed`,
   * `reply.unreadable`, `cancelled`, and what the runner throws
   */
  async test(hostId: string, lab: string, { outside = defaultOutside, onProgress, onGround, signal }: LabTestOptions = {}): Promise<LabTestReport> {
    const { inventory, plans } = this.dependencies;
    const snapshot = currentSnapshot(inventory, hostId);
    if (!hasRoot(snapshot)) throw new AppError('auth.no-privilege', 'A test takes root', 'It makes network namespaces on the host for some seconds, and only root may.', { hint: 'Connect as root, or allow sudo for this user.' });
    const release = plans.holdHost(hostId);
    try {
      onProgress?.({ step: 'reading', done: 0, total: 0 });
      await inventory.refresh(hostId, 'all');
      const startedAt = performance.now();
      const fresh = currentSnapshot(inventory, hostId);
      onGround?.(labGround(lab, fresh));
      const { networks, routers } = await this.read(hostId, lab, fresh);
      const plan = planLabTest(networks, fresh, outside, routers);
      const results = await this.run(hostId, plan.probes, new ProbeProgress(plan.probes, (progress) => onProgress?.(progress)), signal);
      return judgeLabTest(lab, promisesOf(networks, fresh, routers), plan, results, performance.now() - startedAt);
    } finally {
      release();
    }
  }

  private async read(hostId: string, lab: string, snapshot: HostSnapshot): Promise<{ networks: LabTestNetwork[]; routers: LabTestRouter[] }> {
    const [owned, guests] = [networksOfLab(lab, snapshot), routersOfLab(lab, snapshot)];
    if (owned.length === 0) throw new AppError('not-found', 'No such lab', `There is no lab “${lab}” on this host.`);
    const { xmlOf, machineXmlOf } = await observeHost(this.dependencies.inventory, hostId, { networks: owned.map(({ uuid }) => uuid), machines: guests.map(({ uuid }) => uuid) });
    const networks = owned.map((running): LabTestNetwork => {
      const persistent = xmlOf(running.uuid)?.persistent ?? null;
      return { key: running.lab?.key ?? running.name, promised: persistent === null ? running : parseNetwork(persistent), running };
    });
    const routers = guests.map((machine) => {
      const xml = machineXmlOf(machine.uuid);
      return labTestRouter(machine, machine.labRouter?.key ?? machine.name, xml?.persistent ?? xml?.running ?? '<domain/>', networks);
    });
    return { networks, routers };
  }

  private async run(hostId: string, plan: ProbePlan, progress: ProbeProgress, signal: AbortSignal | undefined): Promise<ProbeResults> {
    if (plan.probes.length === 0) return { probes: new Map(), tries: new Map(), waits: new Map(), removedLeftovers: 0 };
    const command = probeNetworksCommand(plan);
    const result = await this.dependencies.inventory.runner(hostId).run(command, {
      timeoutMs: (plan.limitSeconds + 10) * 1000, onOutput: (text) => progress.take(text), ...signal ? { signal } : {},
    });
    const error = explainProbe(result, command);
    if (error) throw error;
    return parseProbeResults(result.stdout);
  }
}
