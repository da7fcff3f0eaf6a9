import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HistoryService } from '../../electron/services/history/history-service';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { PlanService } from '../../electron/services/plans/plan-service';
import { PreflightService } from '../../electron/services/preflight/preflight-service';
import { FileHistoryStore } from '../../electron/storage/history-store';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { Intent } from '../../shared/domain/intent';
import type { PlanRun } from '../../shared/domain/plan';
import type { Finding, FindingCode, PreflightReport } from '../../shared/domain/preflight/finding';
import { preflightReportSchema } from '../../shared/domain/preflight/finding';
import { AppError } from '../../shared/errors/app-error';
import { troubles } from '../fakes/plan-troubles';
import { LabHost, labKeyPath } from '../lab/lab';
import { runProcessOrThrow } from '../lab/run-process';

const scratch = mkdtempSync(join(tmpdir(), 'netwright-preflight-test-'));
const runners: CommandRunner[] = [];
afterEach(async () => { for (const runner of runners.splice(0)) await runner.close(); });
afterAll(() => rmSync(scratch, { recursive: true }));

async function open(host: LabHost, user = 'root', useSudo = user === 'nopass') {
  const userFile = join(scratch, 'known-hosts');
  writeFileSync(userFile, await host.knownHostsLine());
  const inventory = new InventoryService({ timing: { settleMs: 300 } });
  const preflight = new PreflightService({ inventory, now: () => new Date(), onProblem: (error) => { throw error; } });
  const connect = async (sudo = useSudo): Promise<CommandRunner> => {
    const runner = await openSshRunner({
      address: host.address, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo: sudo, homeDirectory: scratch,
      hostKey: { confirmUnknown: async () => false, userFile, systemFiles: [] }, askSecret: async () => null,
    });
    runners.push(runner);
    await inventory.attach('h', runner);
    return runner;
  };
  await connect();
  const history = new HistoryService(new FileHistoryStore(join(scratch, `history-${randomUUID()}`)));
  await history.load();
  const plans = new PlanService({
    inventory, preflight, history, hosts: { get: () => ({ name: 'lab' }), list: () => [{ id: 'h', name: 'lab' }] },
    now: () => new Date(), newId: randomUUID, sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  const seen: PlanRun[] = [];
  plans.onProgress((run) => seen.push(structuredClone(run)));
  const apply = async (intent: Intent): Promise<PlanRun> => {
    const plan = await plans.preview('h', intent);
    return plans.finished((await plans.apply('h', intent, plan.digest)).id);
  };
  const fix = (code: FindingCode): Promise<PlanRun> => apply({ kind: 'preflight.fix', code });
  const look = async (): Promise<PreflightReport> => preflightReportSchema.parse(await preflight.refresh('h'));
  const networks = (): string[] => inventory.get('h')?.snapshot.networks.map((network) => network.name) ?? [];
  return { inventory, preflight, history, plans, apply, fix, look, networks, connect, seen };
}

const codes = (report: PreflightReport): string[] => report.findings.map((finding) => finding.code);
const finding = (report: PreflightReport, code: FindingCode): Finding => {
  const found = report.findings.find((item) => item.code === code);
  if (!found) throw new Error(`${code} was not found, but ${codes(report).join(', ')}`);
  return found;
};
/** What the host's own systemd says of libvirt. */
const unitsOf = (host: LabHost): Promise<string> => host.execOrThrow(
  'for unit in libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service; do echo "$unit $(systemctl is-enabled $unit) $(systemctl is-active $unit)"; done');

const labPackages = (host: LabHost): Promise<string> => runProcessOrThrow([fileURLToPath(new URL('../lab/lab-packages', import.meta.url)), host.name]);

describe('a host that has everything', () => {
  let host: LabHost;
  beforeAll(async () => { host = await LabHost.up('pf-full'); });
  afterAll(() => host?.down());

  it('has nothing in the way but what a container lacks', async () => {
    const { look } = await open(host);
    const report = await look();
    expect(codes(report)).toEqual(['kvm.missing']);
    expect(finding(report, 'kvm.missing').fix).toMatchObject({ kind: 'manual', text: expect.stringContaining('systemd-nspawn') as unknown });
    expect(report.passed).toContain('libvirt runs (9.0.0, monolithic)');
  });

  it('counts a sleeping libvirtd whose socket listens as well', async () => {
    await host.execOrThrow('systemctl stop libvirtd.service; systemctl start libvirtd.socket');
    const { preflight, inventory } = await open(host);
    // What the inventory reads wakes it; so preflight is asked alone.
    await host.execOrThrow('systemctl stop libvirtd.service 2>/dev/null; systemctl start libvirtd.socket');
    const report = await preflight.look('h');
    expect(codes(report).filter((code) => code.startsWith('libvirt.'))).toEqual([]);
    expect(inventory.get('h')?.snapshot.problems.filter((problem) => problem.area === 'libvirt')).toEqual([]);
  });

  it.each([['stopped and disabled', 'true'], ['masked', 'systemctl mask --quiet libvirtd.service']])('starts a libvirt that is %s, and undo puts it back', async (_state, more) => {
    await host.execOrThrow(`systemctl disable --quiet --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service; ${more}`);
    const before = await unitsOf(host);
    const { look, fix, apply, networks, plans, inventory } = await open(host);
    expect(networks()).toEqual([]);
    const found = finding(await look(), 'libvirt.not-running');
    expect(found.severity).toBe('blocker');
    expect(found.fix).toMatchObject({ kind: 'plan', label: 'Start libvirt' });

    const run = await fix('libvirt.not-running');
    expect(troubles(run)).toEqual([]);
    expect(run.outcome).toBe('applied');
    expect(networks()).toEqual(['default']);
    expect(inventory.get('h')?.snapshot.problems).toEqual([]);
    expect(codes(await look())).not.toContain('libvirt.not-running');
    expect((await unitsOf(host)).match(/ enabled active/g)).toHaveLength(4);
    await expect(plans.preview('h', { kind: 'preflight.fix', code: 'libvirt.not-running' })).rejects.toMatchObject({ code: 'plan.invalid' });

    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(troubles(undo)).toEqual([]);
    expect(await unitsOf(host)).toBe(before);
    expect((await apply({ kind: 'undo', historyId: undo.id })).outcome).toBe('applied');
    expect(networks()).toEqual(['default']);
  });

  it('takes a start back that fails, and says why', async () => {
    await host.execOrThrow(`systemctl disable --quiet --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service
      mkdir -p /run/systemd/system/libvirtd.service.d; printf '[Service]\\nExecStart=\\nExecStart=/bin/false\\nRestart=no\\n' > /run/systemd/system/libvirtd.service.d/broken.conf; systemctl daemon-reload`);
    const before = await unitsOf(host);
    try {
      const { fix } = await open(host);
      const run = await fix('libvirt.not-running');
      expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'service.failed', title: 'libvirtd.service did not start' } });
      expect((await unitsOf(host)).replaceAll('failed', 'inactive')).toBe(before);
    } finally {
      await host.execOrThrow('rm -r /run/systemd/system/libvirtd.service.d; systemctl daemon-reload; systemctl reset-failed; systemctl enable --quiet --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service');
    }
  });

  it('starts Open vSwitch', async () => {
    await host.execOrThrow('systemctl disable --quiet --now openvswitch-switch.service');
    const { look, fix, inventory } = await open(host);
    expect(finding(await look(), 'ovs.not-running').severity).toBe('warning');
    const run = await fix('ovs.not-running');
    expect(troubles(run)).toEqual([]);
    expect(inventory.get('h')?.snapshot.problems).toEqual([]);
    expect(codes(await look())).not.toContain('ovs.not-running');
  });

  it('switches forwarding on while a network needs it', async () => {
    await host.execOrThrow('virsh -q net-start default; sysctl -qw net.ipv4.ip_forward=0');
    const { look, fix, apply } = await open(host);
    expect(finding(await look(), 'forwarding.off').detail).toContain('default');
    const run = await fix('forwarding.off');
    expect(troubles(run)).toEqual([]);
    expect(await host.execOrThrow('sysctl -n net.ipv4.ip_forward')).toBe('1\n');
    await apply({ kind: 'undo', historyId: run.id });
    expect(await host.execOrThrow('sysctl -n net.ipv4.ip_forward')).toBe('0\n');
    await host.execOrThrow('sysctl -qw net.ipv4.ip_forward=1; virsh -q net-destroy default');
  });

  it('keeps a dnsmasq of the host off libvirt\'s bridges', async () => {
    // Debian's package dnsmasq is a unit and two files around the program that is there already.
    await host.execOrThrow(`mkdir -p /etc/dnsmasq.d; echo 'CONFIG_DIR=/etc/dnsmasq.d,.dpkg-dist' > /etc/default/dnsmasq
      printf '[Service]\\nType=exec\\nExecStart=/usr/sbin/dnsmasq -k --conf-dir=/etc/dnsmasq.d\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/dnsmasq.service
      systemctl daemon-reload; systemctl enable --quiet --now dnsmasq.service; ${'until ss -H -lnt | grep -q :53; do :; done'}`);
    expect((await host.exec('virsh -q net-start default')).stderr).toContain('Address already in use');
    const { look, fix, apply, inventory } = await open(host);
    expect(finding(await look(), 'dns.port-taken')).toMatchObject({ title: 'The host\'s own dnsmasq holds port 53 on every address', fix: { kind: 'plan' } });
    const run = await fix('dns.port-taken');
    expect(troubles(run)).toEqual([]);
    expect(codes(await look())).not.toContain('dns.port-taken');
    const uuid = inventory.get('h')?.snapshot.networks[0]?.uuid ?? '';
    expect(troubles(await apply({ kind: 'network.start', uuid }))).toEqual([]);
    expect(await host.execOrThrow('ss -H -lnt')).toContain('127.0.0.1:53');
    await apply({ kind: 'network.stop', uuid });
    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(undo.outcome).toBe('applied');
    expect(await host.execOrThrow('ls /etc/dnsmasq.d')).toBe('');
    await host.execOrThrow('systemctl disable --quiet --now dnsmasq.service; rm /etc/systemd/system/dnsmasq.service /etc/default/dnsmasq; systemctl daemon-reload');
  });

  it('gives a user with sudo the group, which counts from the next session on', async () => {
    const { look, fix, apply, connect, inventory } = await open(host, 'nopass');
    expect(finding(await look(), 'rights.not-in-group').severity).toBe('note');
    const run = await fix('rights.not-in-group');
    expect(troubles(run)).toEqual([]);
    expect(run.plan.steps.map((step) => step.command.argv.join(' '))).toEqual(['gpasswd --add nopass libvirt']);
    expect(finding(await look(), 'rights.reconnect').fix?.kind).toBe('reconnect');
    await connect(false);
    expect(inventory.get('h')?.snapshot.privilege).toBe('libvirt-group');
    expect(codes(await look()).filter((code) => code.startsWith('rights.'))).toEqual([]);
    await connect(true);
    await apply({ kind: 'undo', historyId: run.id });
    expect(await host.execOrThrow('getent group libvirt')).not.toContain('nopass');
  });

  it('tells a user without rights what an administrator has to run', async () => {
    const { look, plans } = await open(host, 'plain', false);
    expect(finding(await look(), 'rights.read-only')).toMatchObject({ severity: 'warning', fix: { kind: 'manual', script: 'sudo gpasswd --add plain libvirt' } });
    await expect(plans.preview('h', { kind: 'preflight.fix', code: 'rights.read-only' })).rejects.toBeInstanceOf(AppError);
  });
});

describe('a host without libvirt', () => {
  let host: LabHost;
  beforeAll(async () => { host = await LabHost.up('pf-bare', { variant: 'no-libvirt' }); });
  afterAll(() => host?.down());

  it('says that its sources can\'t be reached, and leaves it as it was', async () => {
    const { look, fix, history } = await open(host);
    const report = await look();
    expect(finding(report, 'libvirt.missing')).toMatchObject({
      severity: 'blocker', fix: { kind: 'plan', script: expect.stringContaining('apt-get update\napt-get install --no-install-recommends libvirt-daemon-system libvirt-clients qemu-system-x86 dnsmasq-base\n') as unknown },
    });
    const run = await fix('libvirt.missing');
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'packages.unknown' } });
    expect(run.error?.detail).toMatch(/Fetch the lists of packages.*Temporary failure resolving/);
    expect(history.list('h')[0]?.undoRefusal).toMatch(/nothing to undo/);
  });

  it('waits for nobody who holds the lock for good', async () => {
    await labPackages(host);
    await host.execOrThrow('apt-get update');
    await host.execOrThrow('touch /run/hold; (apt-get install --reinstall --yes -o "DPkg::Pre-Invoke::=touch /run/held; while [ -e /run/hold ]; do sleep .1; done" libvirt0 >/dev/null 2>&1 &) ; until [ -e /run/held ]; do :; done');
    const { fix } = await open(host);
    const run = await fix('libvirt.missing');
    await host.execOrThrow('rm /run/hold; while pgrep -x apt-get >/dev/null; do sleep .1; done');
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'packages.locked', detail: expect.stringMatching(/apt-get \(process \d+\)/) as unknown } });
  });

  it('installs it by the plan, shows how it goes on, and the inventory notices by itself', async () => {
    const { look, fix, networks, history, inventory, seen } = await open(host);
    expect(networks()).toEqual([]);
    const run = await fix('libvirt.missing');
    expect(troubles(run)).toEqual([]);
    expect(run.outcome).toBe('applied');
    expect(networks()).toEqual(['default']);
    expect(inventory.get('h')?.snapshot).toMatchObject({ problems: [], system: { libvirtVersion: '9.0.0' } });
    expect(codes(await look())).toEqual(['kvm.missing']);
    expect(seen.some((state) => state.steps.some((step) => /Unpacking|Setting up/.test(step.progress ?? '')))).toBe(true);
    expect(history.list('h').at(0)).toMatchObject({ outcome: 'applied', undoRefusal: expect.stringMatching(/installed packages/) as unknown });
  });
});

describe('a host without Open vSwitch', () => {
  let host: LabHost;
  beforeAll(async () => { host = await LabHost.up('pf-no-ovs', { variant: 'no-ovs' }); });
  afterAll(() => host?.down());

  it('notes it, and installs it when asked', async () => {
    await labPackages(host);
    const { look, fix } = await open(host);
    expect(finding(await look(), 'ovs.missing').severity).toBe('note');
    const run = await fix('ovs.missing');
    expect(troubles(run)).toEqual([]);
    expect(codes(await look())).toEqual(['kvm.missing']);
  });
});
