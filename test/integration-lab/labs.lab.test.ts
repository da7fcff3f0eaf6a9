import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabIntent } from '../../shared/domain/intent';
import { describeLabProblem } from '../../shared/domain/labs/read-lab-file';
import { labTemplates } from '../../shared/domain/labs/templates/templates';
import type { Plan, PlanRun } from '../../shared/domain/plan';
import { HistoryService } from '../../electron/services/history/history-service';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { LabService } from '../../electron/services/labs/lab-service';
import { PlanService } from '../../electron/services/plans/plan-service';
import { PreflightService } from '../../electron/services/preflight/preflight-service';
import { FileHistoryStore } from '../../electron/storage/history-store';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { LabHost, labKeyPath } from '../lab/lab';

const scratch = mkdtempSync(join(tmpdir(), 'netwright-labs-test-'));
let host: LabHost;
let runner: CommandRunner;
let inventory: InventoryService;
let plans: PlanService;
let labs: LabService;

beforeAll(async () => {
  host = await LabHost.up('onl-labs', { nics: 1 });
  const userFile = join(scratch, 'known-hosts');
  writeFileSync(userFile, await host.knownHostsLine());
  runner = await openSshRunner({
    address: host.address, port: 22, user: 'root', auth: [{ kind: 'key', path: labKeyPath }], useSudo: false, homeDirectory: scratch,
    hostKey: { confirmUnknown: async () => false, userFile, systemFiles: [] }, askSecret: async () => null,
  });
  inventory = new InventoryService({ timing: { settleMs: 300 } });
  await inventory.attach('h', runner);
  const history = new HistoryService(new FileHistoryStore(join(scratch, 'history')));
  await history.load();
  const preflight = new PreflightService({ inventory, now: () => new Date(), onProblem: (error) => { throw error; } });
  const hosts = { get: () => ({ name: 'labs' }), list: () => [{ id: 'h', name: 'labs' }] };
  plans = new PlanService({
    inventory, preflight, history, hosts, now: () => new Date(), newId: randomUUID, sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  labs = new LabService({ inventory, hosts });
});
afterAll(async () => {
  await runner?.close();
  rmSync(scratch, { recursive: true });
  await host?.down();
});

const destroy = (lab: string): LabIntent => ({ kind: 'lab.destroy', lab });

async function read(text: string): Promise<LabIntent> {
  const { intent, problems } = await labs.read('h', text);
  if (!intent) throw new Error(problems.map(describeLabProblem).join('\n'));
  return intent;
}

/** Null: there is nothing to do. */
const preview = async (intent: LabIntent): Promise<Plan | null> => plans.preview('h', intent).catch((error: unknown) => {
  if ((error as { code?: string }).code === 'plan.nothing') return null;
  throw error;
});

const apply = async (intent: LabIntent): Promise<PlanRun> => plans.finished((await plans.apply('h', intent, (await plans.preview('h', intent)).digest)).id);

/** What an app that is killed after some steps leaves behind. */
async function cutOff(intent: LabIntent, after: number): Promise<void> {
  for (const step of (await preview(intent))!.steps.slice(0, after)) expect(await runner.run(step.command)).toMatchObject({ exitCode: 0 });
  await inventory.refresh('h', 'all');
}

/** All that labs leave their marks in. */
async function marks(): Promise<string> {
  return host.execOrThrow(`virsh net-list --all; ip -br link | awk '{print $1}' | grep -v '^ovs-netdev$' | sort; ip -br addr | grep -v '^ovs-netdev' | sort; ip route; ovs-vsctl show | grep -v '^[0-9a-f-]*$'
    iptables-save | grep '^-A' | sort; find /etc/libvirt/qemu/networks /var/lib/libvirt/dnsmasq -type f -o -type l | sort`);
}

const troubles = (run: PlanRun): string[] => [
  ...run.error ? [JSON.stringify(run.error)] : [],
  ...run.checks.flatMap((check, at) => (check.state === 'passed' ? [] : [`${run.plan.checks[at]?.title}: ${check.state}, ${check.detail}`])),
];

describe('labs on a real host', () => {
  let before: string;
  beforeAll(async () => {
    // libvirt makes its chains and dnsmasq's folder with the first network, and keeps them.
    await apply(await read('version: 1\nname: first\nnetworks: { net: { kind: nat } }'));
    await apply(destroy('first'));
    before = await marks();
  });

  it.each(labTemplates.map((template) => template.id))('%s: made, nothing left to do, known by its marks, destroyed without a trace', async (id) => {
    const text = labs.fromTemplate('h', id, 'try');
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
    expect(await preview(await read(await labs.exportLab('h', 'try')))).toBeNull();
    expect(troubles(await apply(destroy('try')))).toEqual([]);
    expect(await marks()).toBe(before);
  });

  it('is gone on with or destroyed, wherever it was cut off', async () => {
    const text = labs.fromTemplate('h', 'vlan-campus', 'cut');
    const steps = (await preview(await read(text)))!.steps.length;
    for (let after = 1; after < steps; after += 1) {
      await cutOff(await read(text), after);
      expect(troubles(await apply(destroy('cut')))).toEqual([]);
      expect(await marks()).toBe(before);
    }
    await cutOff(await read(text), 2);
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
    await cutOff(destroy('cut'), 2);
    expect(troubles(await apply(destroy('cut')))).toEqual([]);
    expect(await marks()).toBe(before);
  });

  it('sees what somebody changed by hand, and puts it right while it runs, where libvirt can', async () => {
    const text = 'version: 1\nname: home\nnetworks:\n  web: { kind: nat, ipv4: { address: 10.99.1.1/24 } }\n  dark: { kind: isolated, ipv4: none }\n';
    await apply(await read(text));
    await host.execOrThrow(`virsh net-update home-web add ip-dhcp-host "<host mac='52:54:00:00:00:01' ip='10.99.1.9'/>" --live --config; virsh net-destroy home-dark; virsh net-autostart home-web --disable`);
    await inventory.refresh('h', 'all');
    const plan = await preview(await read(text));
    expect(plan?.steps.map((step) => step.command.argv.slice(3, 6))).toEqual([['net-update', 'home-web', 'delete'], ['net-autostart', 'home-web'], ['net-start', 'home-dark']]);
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
    expect(troubles(await apply(destroy('home')))).toEqual([]);
    expect(await marks()).toBe(before);
  });
});
