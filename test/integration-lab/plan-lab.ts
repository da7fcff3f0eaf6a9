import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAddressed } from '../../shared/domain/network-kinds';
import type { AddressedSpec } from '../../shared/domain/addressed-spec';
import type { Intent } from '../../shared/domain/intent';
import type { NetworkSpec } from '../../shared/domain/network-spec';
import type { PlanRun } from '../../shared/domain/plan';
import { HistoryService } from '../../electron/services/history/history-service';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { NetworkDrafts } from '../../electron/services/networks/network-drafts';
import { PlanService } from '../../electron/services/plans/plan-service';
import { PreflightService } from '../../electron/services/preflight/preflight-service';
import { FileHistoryStore } from '../../electron/storage/history-store';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { LabHost, labKeyPath } from '../lab/lab';

/** Plans on a lab host: the services over one SSH session, and what a network leaves its marks in. */
export class PlanLab {
  private readonly scratch = mkdtempSync(join(tmpdir(), 'netwright-plans-test-'));
  private readonly runners: CommandRunner[] = [];

  /** On a host that is up already; `close` then leaves it up. */
  constructor(readonly host: LabHost) {}

  static async up(name: string): Promise<PlanLab> {
    return new PlanLab(await LabHost.up(name, { nics: 2 }));
  }

  async connect(service: InventoryService, user = 'root'): Promise<CommandRunner> {
    const userFile = join(this.scratch, 'known-hosts');
    writeFileSync(userFile, await this.host.knownHostsLine());
    const runner = await openSshRunner({
      address: this.host.address, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo: user === 'nopass', homeDirectory: this.scratch,
      hostKey: { confirmUnknown: async () => false, userFile, systemFiles: [] }, askSecret: async () => null,
    });
    this.runners.push(runner);
    await service.attach('h', runner);
    return runner;
  }

  async open(user = 'root') {
    const inventory = new InventoryService({ timing: { settleMs: 300 } });
    const runner = await this.connect(inventory, user);
    const history = new HistoryService(new FileHistoryStore(join(this.scratch, `history-${user}`)));
    await history.load();
    const preflight = new PreflightService({ inventory, now: () => new Date(), onProblem: (error) => { throw error; } });
    const hosts = { get: () => ({ name: 'plans' }), list: () => [{ id: 'h', name: 'plans' }] };
    const plans = new PlanService({
      inventory, preflight, history, hosts,
      now: () => new Date(), newId: randomUUID, sha256: (text) => createHash('sha256').update(text).digest('hex'),
    });
    const drafts = new NetworkDrafts({ inventory, hosts });
    const apply = async (intent: Intent): Promise<PlanRun> => {
      const plan = await plans.preview('h', intent);
      return plans.finished((await plans.apply('h', intent, plan.digest)).id);
    };
    return { runner, hosts, inventory, history, plans, drafts, apply };
  }

  /**
   * All that a network leaves its marks in. Rules without their counters. Not in it: libvirt itself never removes the pid file
   * of a network's dnsmasq from /run.
   */
  async marks(): Promise<string> {
    return this.host.execOrThrow(`virsh net-list --all; ip -br link | awk '{print $1}' | sort; ip -br addr | sort; ip route
      for save in iptables-save ip6tables-save; do $save | sed '/^#/d; s/\\[[0-9:]*\\]//'; done; nft list tables
      find /etc/libvirt/qemu/networks /var/lib/libvirt/dnsmasq -type f -o -type l | sort; pgrep -a dnsmasq || true`);
  }

  /** A first network makes libvirt's own empty chains, which stay until the host boots; undo can't be blamed for them. */
  async warmUp(): Promise<void> {
    await this.host.execOrThrow('virsh -q net-start default && virsh -q net-destroy default');
  }

  async closeRunners(): Promise<void> {
    for (const runner of this.runners.splice(0)) await runner.close();
  }

  /** Ends the sessions; the host stays up. */
  async close(): Promise<void> {
    await this.closeRunners();
    rmSync(this.scratch, { recursive: true });
  }

  async down(): Promise<void> {
    rmSync(this.scratch, { recursive: true });
    await this.host.down();
  }
}

export function addressed(spec: NetworkSpec): AddressedSpec {
  if (!isAddressed(spec)) throw new Error('It has no addresses');
  return spec;
}
