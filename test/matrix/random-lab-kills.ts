import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { labTemplates } from '../../shared/domain/labs/templates/templates';
import { systemSleep } from '../../electron/services/plans/plan-clock';
import { labKeyPath } from '../lab/lab';
import type { LabHost } from '../lab/lab';
import { randomNumbers } from './random-kills';

export interface LabKill {
  lab: string;
  doing: 'making it' | 'destroying it';
  victim: 'the program' | 'its session';
  /** Since the program was started. */
  afterMs: number;
  /** How much of the lab was there when all stood still. */
  found: string;
  then: 'gone on with' | 'destroyed';
  /** What was left behind or went wrong; null: nothing. */
  problem: string | null;
}

interface Ended { code: number | null; said: string }

const name = 'cut';
const guests = ['role-a', 'role-b'];

/** Roles of machines that are there, besides what the gallery has. */
const withRoles = `version: 1
name: ${name}
networks:
  web: { kind: nat, ipv4: { address: 10.99.1.1/24 } }
  sw: { kind: ovs, createBridge: { datapath: netdev }, portgroups: [{ name: staff, vlan: { mode: access, tag: 10 } }] }
machines:
  first: { machine: role-a, nics: [{ network: web, address: 10.99.1.20 }, { network: sw, portgroup: staff }] }
  second: { machine: role-b, nics: [{ network: web, address: 10.99.1.21 }] }
`;

/** Kills at random on one host, which is afterwards as it was. */
export class LabKills {
  /** By the lab's file: how long it takes. */
  private readonly files = new Map<string, { file: string; makeMs: number; destroyMs: number }>();
  private before = '';

  private constructor(private readonly host: LabHost, private readonly cli: string, private readonly folder: string) {}

  /** Makes and destroys each once without harm, to know how long it takes. */
  static async prepare(host: LabHost, cli: string, folder: string): Promise<LabKills> {
    const kills = new LabKills(host, cli, folder);
    mkdirSync(path.join(folder, '.ssh'), { mode: 0o700 });
    writeFileSync(path.join(folder, '.ssh', 'known_hosts'), await host.knownHostsLine());
    for (const guest of guests) await host.defineGuest(guest, 'default');
    // libvirt makes its chains and dnsmasq's folder with the first network, and keeps them.
    await host.execOrThrow('virsh -q net-start default && virsh -q net-destroy default');
    for (const { id } of labTemplates) {
      const file = path.join(folder, `${id}.yaml`);
      kills.expectDone(await kills.netwright('lab', 'new', id, kills.target, name, '--out', file));
      await kills.time(id, file);
    }
    const file = path.join(folder, 'roles.yaml');
    writeFileSync(file, withRoles);
    await kills.time('roles', file);
    kills.before = await kills.marks();
    return kills;
  }

  private async time(id: string, file: string): Promise<void> {
    const timed = async (...args: string[]): Promise<number> => {
      const startedAt = performance.now();
      this.expectDone(await this.netwright(...args, '--yes'));
      return performance.now() - startedAt;
    };
    this.files.set(id, { file, makeMs: await timed('lab', 'apply', this.target, file), destroyMs: await timed('lab', 'destroy', this.target, name) });
  }

  /** The kill of that number, from 0. */
  async run(seed: number, number: number): Promise<LabKill> {
    const next = randomNumbers(seed + number * 7919);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
    const lab = pick([...this.files.keys()]);
    const { file, makeMs, destroyMs } = this.files.get(lab)!;
    const doing = pick(['making it', 'destroying it'] as const);
    const kill: LabKill = {
      lab, doing, victim: pick(['the program', 'its session'] as const), afterMs: Math.round(next() * 1.1 * (doing === 'making it' ? makeMs : destroyMs)),
      found: '', then: pick(['gone on with', 'destroyed'] as const), problem: null,
    };
    try {
      if (doing === 'destroying it') this.expectDone(await this.netwright('lab', 'apply', this.target, file, '--yes'));
      await this.cutOff(kill, doing === 'making it' ? ['lab', 'apply', this.target, file, '--yes'] : ['lab', 'destroy', this.target, name, '--yes']);
      kill.found = await this.found();
      if (kill.then === 'gone on with' && doing === 'making it') {
        this.expectDone(await this.netwright('lab', 'apply', this.target, file, '--yes'));
        this.expectDone(await this.netwright('lab', 'plan', this.target, file));
      }
      await this.destroy();
      const after = await this.marks();
      if (after !== this.before) kill.problem = `It is not as before:\n${difference(this.before, after)}`;
    } catch (error) {
      kill.problem = (error as Error).message;
    }
    return kill;
  }

  private async cutOff({ victim, afterMs }: LabKill, args: readonly string[]): Promise<void> {
    const { child, ended } = this.start(args);
    await Promise.race([systemSleep(afterMs), ended]);
    if (victim === 'the program') child.kill('SIGKILL');
    else await this.host.restartSshd();
    await ended;
    // What was sent is still being done.
    await this.host.execOrThrow('while pgrep -x virsh || pgrep -x ovs-vsctl || pgrep -f "^sh .*([c]pio|[m]ake-image)"; do sleep 0.1; done >/dev/null', { timeoutMs: 60_000 });
  }

  private async destroy(): Promise<void> {
    const ended = await this.netwright('lab', 'destroy', this.target, name, '--yes');
    if (ended.code !== 0 && !ended.said.includes('There is no lab')) this.expectDone(ended);
  }

  private async found(): Promise<string> {
    const said = await this.netwright('lab', 'list', this.target, '--json');
    this.expectDone(said);
    const [lab] = JSON.parse(said.said) as { networks: unknown[]; routers: unknown[]; machines: unknown[] }[];
    if (!lab) return 'nothing';
    const count = (items: unknown[], one: string): string[] => (items.length === 0 ? [] : [`${items.length} ${one}${items.length === 1 ? '' : 's'}`]);
    return [...count(lab.networks, 'network'), ...count(lab.routers, 'router'), ...count(lab.machines, 'role')].join(', ');
  }

  /** All that labs leave their marks in. libvirt keeps an empty `<metadata/>` and the ports it added. */
  private async marks(): Promise<string> {
    return this.host.execOrThrow(`virsh net-list --all; virsh list --all --name | sort; ip -br link | awk '{print $1}' | grep -v '^ovs-netdev$' | sort; ip -br addr | grep -v '^ovs-netdev' | sort; ip route
      ovs-vsctl show | grep -v '^[0-9a-f-]*$'; iptables-save | grep '^-A' | sort
      for guest in ${guests.join(' ')}; do virsh dumpxml $guest --inactive | sed '/<metadata.>/d; /<controller/,/<.controller>/d'; done
      find /etc/libvirt/qemu /var/lib/libvirt/dnsmasq /var/lib/libvirt/images /var/lib/netwright -type f -o -type l 2>/dev/null | sort`);
  }

  private get target(): string {
    return `ssh://root@${this.host.address}`;
  }

  private netwright(...args: string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  private start(args: readonly string[]): { child: ReturnType<typeof spawn>; ended: Promise<Ended> } {
    const child = spawn(process.execPath, [this.cli, ...args, '-i', labKeyPath], {
      env: { HOME: this.folder, NETWRIGHT_DATA: path.join(this.folder, 'data'), PATH: process.env['PATH'], LANG: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const hear = (chunk: Buffer): void => { said += chunk.toString(); };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    return { child, ended: new Promise((resolve, reject) => { child.on('error', reject).on('close', (code) => resolve({ code, said })); }) };
  }

  private expectDone({ code, said }: Ended): void {
    if (code !== 0) throw new Error(`netwright ended with ${code ?? 'a signal'}: ${said.slice(-1500)}`);
  }
}

function difference(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`), ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`)].join('\n');
}
