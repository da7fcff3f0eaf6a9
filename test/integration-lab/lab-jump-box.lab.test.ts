import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabService } from '../../electron/services/labs/lab-service';
import { newHostProfile, sshProfileSchema } from '../../shared/domain/host';
import { destroyLab, labDriver } from '../fakes/lab-driver';
import { troubles } from '../fakes/plan-troubles';
import { installKernel } from '../lab/host-kernel';
import { labKeyPath } from '../lab/lab';
import { runProcess } from '../lab/run-process';
import type { ProcessResult } from '../lab/run-process';
import { PlanLab } from './plan-lab';

let lab: PlanLab;
let services: Awaited<ReturnType<PlanLab['open']>>;
let labs: LabService;
let driver: ReturnType<typeof labDriver>;
const scratch = mkdtempSync(join(tmpdir(), 'netwright-jump-test-'));

beforeAll(async () => {
  lab = await PlanLab.up('cloud-jump');
  await installKernel(lab.host);
  services = await lab.open();
  labs = new LabService({ ...services, ownKeys: async () => [readFileSync(`${labKeyPath}.pub`, 'utf8').trim()] });
  driver = labDriver(labs, services.plans);
});
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await lab?.closeRunners();
  await lab?.down();
});

const images = (): Promise<string> => lab.host.execOrThrow('ls -AR /var/lib/libvirt/images');

/** The user's ssh, with the entry that the app gives, and hosts it has never seen refused. */
async function userSsh(more: string, knownHosts: string): Promise<(...words: string[]) => Promise<ProcessResult>> {
  const profile = newHostProfile('h', 'plans', sshProfileSchema.parse({ kind: 'ssh', address: lab.host.address, port: 22, user: 'root', auth: 'key', keyPath: labKeyPath, sshConfigAlias: null, useSudo: false }));
  const [entry] = await labs.jumpEntries(profile, 'iso');
  const [config, known] = [join(scratch, 'config'), join(scratch, 'known_hosts')];
  writeFileSync(known, `${await lab.host.knownHostsLine()}\n${entry?.knownHosts ?? ''}\n${knownHosts}\n`);
  writeFileSync(config, `${entry?.config ?? ''}\n${more}\nHost *\n  IdentityFile ${labKeyPath}\n  UserKnownHostsFile ${known}\n  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n  BatchMode yes\n  ConnectTimeout 20\n`);
  return (...words) => runProcess(['ssh', '-F', config, ...words], { timeoutMs: 60_000 });
}

describe('an isolated lab with a jump box', () => {
  it('is entered by the key of this computer, through entries that are ready, and by no other way', async () => {
    const before = await images();
    const text = labs.fromTemplate('h', 'isolated', 'iso');
    expect(troubles(await services.apply(await driver.read(text)))).toEqual([]);
    expect(await driver.preview(await driver.read(text))).toBeNull();
    expect(await driver.preview(await driver.read(await labs.exportLab('h', 'iso')))).toBeNull();

    // A machine inside: a network namespace with an sshd of its own, which tells where it is.
    const [, own = '', inner = ''] = /network: inner, zone: inside, address: (([\d.]+)\.1)\//.exec(text) ?? [];
    const bridge = /Bridge:\s+(\S+)/.exec(await lab.host.execOrThrow('virsh net-info iso-inner'))?.[1] ?? '';
    await lab.host.execOrThrow(`ip netns add inside && ip link add inside0 type veth peer name eth0 netns inside && ip link set inside0 master ${bridge} up
      ip -n inside link set lo up; ip -n inside link set eth0 up; ip -n inside addr add ${inner}.11/24 dev eth0; ip -n inside route add default via ${own}
      mkdir -p /run/sshd; ip netns exec inside /usr/sbin/sshd -o PidFile=/run/inside.pid`);
    const key = (await lab.host.execOrThrow('cat /etc/ssh/ssh_host_ed25519_key.pub')).split(' ').slice(0, 2).join(' ');
    const ssh = await userSsh(`Host inside\n  HostName ${inner}.11\n  User root\n  ProxyJump iso-jump-box\n  HostKeyAlias inside\n`, `inside ${key}`);

    await expect.poll(async () => { const { code, stderr } = await ssh('iso-jump-box', 'echo in'); return [code, stderr]; }, { timeout: 120_000 }).toEqual([0, '']);
    expect((await ssh('inside', 'ip -br addr show dev eth0')).stdout).toContain(`${inner}.11/24`);
    // The user there has a shell and no rights; nobody else gets in, nor anybody without a key.
    expect((await ssh('iso-jump-box', 'cat /etc/ssh/host_key || echo refused')).stdout).toBe('refused\n');
    expect((await ssh('-l', 'root', 'iso-jump-box', 'true')).stderr).toContain('Permission denied (publickey)');
    expect((await ssh('-o', 'IdentityFile=none', '-o', 'IdentitiesOnly=yes', '-o', 'PubkeyAuthentication=no', 'iso-jump-box', 'true')).stderr).toContain('Permission denied (publickey)');

    // From inside there is no way: not to the host before it, and not into the box.
    const inside = (words: string): Promise<number | null> => lab.host.exec(`ip netns exec inside ${words}`).then(({ code }) => code);
    const outer = /ipv4: \{ address: ([\d.]+)\//.exec(text)?.[1] ?? '';
    expect(await inside(`ping -c1 -W2 ${own}`)).toBe(0);
    expect(await inside(`ping -c1 -W2 ${outer}`)).not.toBe(0);
    for (const place of [`${own}/22`, `${outer}/22`]) expect(await inside(`timeout 3 bash -c 'exec 3<>/dev/tcp/${place}'`)).not.toBe(0);
    await lab.host.execOrThrow('kill $(cat /run/inside.pid); ip netns del inside');

    // It is the same one after it was switched off, and who knows its key knows it.
    await lab.host.execOrThrow('virsh -q destroy iso-jump-box && virsh -q start iso-jump-box');
    await expect.poll(async () => (await ssh('iso-jump-box', 'echo in')).stdout, { timeout: 120_000 }).toBe('in\n');
    // Only root can read its key: not whoever may read its definition.
    expect(await lab.host.execOrThrow('virsh dumpxml iso-jump-box')).not.toContain('PRIVATE');
    expect(await lab.host.execOrThrow('stat -c %a /var/lib/libvirt/images/netwright/*.hostkey')).toBe('600\n');

    expect(troubles(await services.apply(destroyLab('iso')))).toEqual([]);
    expect(await images()).toBe(before);
  }, 400_000);
});
