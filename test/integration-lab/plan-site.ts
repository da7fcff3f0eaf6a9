/** The services that plan and apply changes, on a lab host over SSH. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryService } from '../../electron/services/history/history-service';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { NetworkDrafts } from '../../electron/services/networks/network-drafts';
import { PlanService } from '../../electron/services/plans/plan-service';
import { PreflightService } from '../../electron/services/preflight/preflight-service';
import { FileHistoryStore } from '../../electron/storage/history-store';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { Intent } from '../../shared/domain/intent';
import type { PlanRun } from '../../shared/domain/plan';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import type { LabHost } from '../lab/lab';
import { labKeyPath } from '../lab/lab';

/** The id that the host goes by in these services. */
export const siteHostId = 'h';

export class PlanSite {
  private constructor(
    private readonly folder: string, private readonly runner: CommandRunner,
    readonly inventory: InventoryService, readonly history: HistoryService, readonly plans: PlanService, readonly drafts: NetworkDrafts,
  ) {}

  /** `user` is one of the lab's; `nopass` uses sudo. */
  static async open(host: LabHost, user = 'root'): Promise<PlanSite> {
    const folder = mkdtempSync(join(tmpdir(), 'netwright-plans-'));
    const userFile = join(folder, 'known-hosts');
    writeFileSync(userFile, await host.knownHostsLine());
    const runner = await openSshRunner({
      address: host.address, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo: user === 'nopass', homeDirectory: folder,
      hostKey: { confirmUnknown: async () => false, userFile, systemFiles: [] }, askSecret: async () => null,
    });
    const inventory = new InventoryService({ timing: { settleMs: 300 } });
    await inventory.attach(siteHostId, runner);
    const history = new HistoryService(new FileHistoryStore(join(folder, 'history')));
    await history.load();
    const preflight = new PreflightService({ inventory, now: () => new Date(), onProblem: (error) => { throw error; } });
    const hosts = { get: () => ({ name: host.name }), list: () => [{ id: siteHostId, name: host.name }] };
    const plans = new PlanService({
      inventory, preflight, history, hosts,
      now: () => new Date(), newId: randomUUID, sha256: (text) => createHash('sha256').update(text).digest('hex'),
    });
    return new PlanSite(folder, runner, inventory, history, plans, new NetworkDrafts({ inventory, hosts }));
  }

  /** The run as it ended. */
  async apply(intent: Intent): Promise<PlanRun> {
    const plan = await this.plans.preview(siteHostId, intent);
    return this.plans.finished((await this.plans.apply(siteHostId, intent, plan.digest)).id);
  }

  /** The host as it is now. */
  async snapshot(): Promise<HostSnapshot> {
    await this.inventory.refresh(siteHostId, 'all');
    const held = this.inventory.get(siteHostId);
    if (!held) throw new Error('The host is not connected');
    return held.snapshot;
  }

  async close(): Promise<void> {
    await this.runner.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** What went wrong in a run, a line each; empty: all steps done, all checks passed. */
export const troublesOf = (run: PlanRun): string[] => [
  ...(run.error ? [JSON.stringify(run.error)] : []),
  ...run.checks.flatMap((check, at) => (check.state === 'passed' ? [] : [`${run.plan.checks[at]?.title}: ${check.state}, ${check.detail}`])),
];
