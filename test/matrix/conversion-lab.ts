import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversionTiming } from '../../electron/commands/conversion/stage-transaction';
import { ActivityLog } from '../../electron/services/activity/activity-log';
import { ConversionService } from '../../electron/services/conversions/conversion-service';
import { planChangeOn } from '../../electron/services/conversions/plan-change';
import { systemSleep } from '../../electron/services/plans/plan-clock';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { ChangeRequest } from '../../shared/domain/conversion/change-request';
import type { Transaction } from '../../shared/domain/conversion/transaction';
import type { ConversionProgress, HostTransaction, HostTransactionState } from '../../shared/domain/conversion/host-transaction';
import { newHostProfile } from '../../shared/domain/host';
import { planConversion } from '../../shared/domain/conversion/plan-conversion';
import { lookAt } from '../lab/convert-plainly';
import { LAN_GATEWAY, LabHost, labKeyPath, type LAB_USERS } from '../lab/lab';
import { waitFor } from '../lab/run-process';
import { requestFor, type LabGoal } from './conversion-goals';
import { conversionStacks, lanPrefix6, stackNames, type ConversionStack, type StackSetup } from './conversion-stacks';

/** Short enough for tests, long enough for a busy machine. */
export const quick: ConversionTiming = { trialSeconds: 12, graceSeconds: 9, goSeconds: 4, settleSeconds: 8, unwellSeconds: 3 };
/** For what must not end by the deadline. */
export const patient: ConversionTiming = { ...quick, trialSeconds: 60 };

const networkServices = ['systemd-networkd', 'NetworkManager', 'networking', 'openvswitch-switch', 'ssh'];

interface ServiceOptions {
  address?: string;
  sudoPassword?: string | null;
  /** This one can make no new connection any more. */
  isGone?(): boolean;
}
/** How a session is opened. */
interface Way {
  reachAt?: string | undefined;
  useSudo?: boolean;
  sudoPassword?: string | null;
  signal?: AbortSignal;
}
const mayUseSudo = new Set(['nopass', 'admin']);

/** Whether the NIC's addresses are fixed ones, or the LAN's DHCP server gives one. */
export type Addressing = 'fixed' | 'leased';

/** A host whose NIC is to be converted; its name server answers gw.lan. */
export class ConversionLab {
  private readonly scratch = mkdtempSync(join(tmpdir(), 'netwright-conversion-test-'));
  readonly progress: ConversionProgress[] = [];
  /** Set: no new connection can be made any more, as when the app is gone. */
  cutOff = false;
  /** Told of each new connection. */
  onOpen: () => Promise<void> = async () => undefined;

  /** What nobody may lose. */
  before = '';
  /** As it is planned from what the host says. */
  private planned: Transaction | null = null;
  /** What `planned` and `before` are of. */
  private goal: LabGoal = 'bridge';
  /** Of the conversion, and of the network without a bridge: what every case can be begun from again. */
  private bridging: Transaction | null = null;
  private original = '';

  private constructor(readonly host: LabHost, readonly stack: ConversionStack) {}

  static async up(name: string, stack: ConversionStack, addressing: Addressing = 'fixed'): Promise<ConversionLab> {
    const host = await LabHost.up(name, { stack: conversionStacks[stack].lab, nics: 2, variant: 'no-libvirt' });
    return ConversionLab.on(host, stack, (lab) => (addressing === 'fixed' ? lab.setFixed() : Promise.resolve()));
  }

  /** A host that is up, whatever it is; `first` gives it what it is to have before. It goes down with the lab, and when this rejects. */
  static async on(host: LabHost, stack: ConversionStack, first: (lab: ConversionLab) => Promise<void> = async () => undefined): Promise<ConversionLab> {
    const lab = new ConversionLab(host, stack);
    try {
      await first(lab);
      await lab.prepare();
      return lab;
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  get setup(): StackSetup {
    return conversionStacks[this.stack];
  }

  /** Last part of the host's addresses. */
  get number(): string {
    return this.host.address.split('.').at(-1)!;
  }

  /** The fixed one. */
  get address6(): string {
    return `${lanPrefix6}::${this.number}`;
  }

  /** Where `readdress` moves the host: none of the LAN's server nor of another test, and each stack another one. */
  get moved(): string {
    return `10.77.0.${[17, 18, 19, 251, 252, 253][stackNames.indexOf(this.stack)]}`;
  }

  /** Whoever begins a conversion in another place, at the same time or after the first has quit. */
  service(user: keyof typeof LAB_USERS = 'root', { address = this.host.address, sudoPassword = null, isGone = () => false }: ServiceOptions = {}): ConversionService {
    const profile = newHostProfile('h', 'attic', {
      kind: 'ssh', address, port: 22, user, auth: 'key', keyPath: labKeyPath, sshConfigAlias: null, useSudo: mayUseSudo.has(user), proxyJump: null, client: 'builtin',
    });
    const service = new ConversionService({
      hosts: { get: () => profile },
      opener: {
        open: async ({ connection }, { signal, reachAt }) => {
          await this.onOpen();
          if (this.cutOff || isGone()) throw new Error('The app is gone');
          return this.openRunner(user, address, { reachAt, useSudo: connection.kind === 'ssh' && connection.useSudo, sudoPassword, signal });
        },
      },
      activity: new ActivityLog(), clock: { now: () => new Date(), sleep: systemSleep },
      randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    });
    service.onProgress((progress) => this.progress.push(progress));
    return service;
  }

  /** What root's session plans, as the app does it: everything is read over SSH. */
  async plan(request: ChangeRequest): Promise<Transaction> {
    const runner = await this.openRunner('root', this.host.address, {});
    try {
      const { planned: { findings, plan } } = await planChangeOn(runner, request, null);
      const blockers = findings.filter(({ severity }) => severity === 'blocker');
      if (!plan || blockers.length > 0) throw new Error(`It can't be planned: ${blockers.map(({ title, detail }) => `${title}: ${detail}`).join('; ')}`);
      return plan.transaction;
    } finally {
      await runner.close();
    }
  }

  /** Until the next `startAgain`, cases are about that: what has to be there for it is made, and what is there then counts as before. */
  async aimAt(goal: LabGoal): Promise<void> {
    if (this.goal === goal) return;
    if (this.goal !== 'bridge') await this.startAgain();
    if (goal === 'bridge') return;
    const id = goal === 'readdress' ? null : (await this.service().convert('h', this.transaction(), { timing: patient, dnsName: null })).id;
    await this.untilTidy();
    this.planned = await this.plan(requestFor(goal, { id, address: `${this.moved}/24` }));
    this.goal = goal;
    this.before = await this.network();
  }

  /** The last transaction, by the host's own files and not over SSH. */
  async state(): Promise<HostTransactionState> {
    const { stdout } = await this.host.exec('cd /var/lib/netwright/tx && cat "$(ls | tail -n 1)/state"');
    return stdout.trim() as HostTransactionState;
  }

  async journal(): Promise<string> {
    return this.host.execOrThrow('cd /var/lib/netwright/tx && cat "$(ls | tail -n 1)/journal"');
  }

  /** As if the trial had been going on until shortly before its end. */
  async nearDeadline(seconds = 1): Promise<void> {
    await this.host.execOrThrow(`cd /run/netwright/*/ && read -r up rest < /proc/uptime && echo $((\${up%.*}\${up#*.} + ${seconds}00)) > deadline`);
  }

  async untilState(...states: HostTransactionState[]): Promise<HostTransactionState> {
    try {
      return await waitFor(`state ${states.join(' or ')}`, 150_000, async () => {
        const state = await this.state();
        return states.includes(state) ? state : undefined;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; it is ${await this.state()}:\n${await this.journal()}`, { cause: error });
    }
  }

  /** Nothing of a transaction is left but its journal. (A DHCP client that ifupdown started goes on in the unit it was started in, which is inactive by then.) */
  async untilTidy(): Promise<void> {
    const leftovers = `ls -d /var/lib/netwright/pending /run/netwright/* /etc/systemd/system/netwright-* /etc/systemd/system/*.wants/netwright-* 2>/dev/null
      systemctl list-units --state=active,activating,deactivating,failed --no-legend --plain 'netwright-*'
      find /etc /run/systemd/network /run/netplan /run/NetworkManager -name '*netwright-2*' -o -name '.netwright*' -o -name '*.netwright'
      find /var/lib/netwright/tx -mindepth 2 ! -name settings ! -name state ! -name journal ! -path '*/kept*'
      grep -Lx DONE /var/lib/netwright/tx/*/state 2>/dev/null | sed 's/state$/kept/' | xargs -r ls -d 2>/dev/null`;
    let left = '';
    await waitFor('the host to be tidy', 30_000, async () => {
      left = (await this.host.exec(leftovers)).stdout.trim();
      return left === '';
    }).catch((error: Error) => { throw new Error(`${error.message}; there is left:\n${left}`); });
  }

  /** All of the network that a conversion could lose: addresses, routes, rules, DNS, services, and the stack's files with mode and owner. NetworkManager names the loopback's profile anew whenever it starts. */
  async network(): Promise<string> {
    const { folders, liveFolders } = this.setup;
    return this.host.execOrThrow(`ip -o addr show | sed 's/ *valid_lft.*//; s/ tentative//; s/^[0-9]*: //' | grep -v ' fe80::' | sort
      ip route show | sort; ip -6 route show | grep -v '^fe80::' | sed 's/ expires [0-9]*sec//' | sort; ip rule show
      ip -o link show | awk '{ sub("@.*", "", $2); print $2, $5, $9 }' | sort
      cat /etc/resolv.conf; getent hosts gw.lan; ovs-vsctl show | sed 1d | sort
      for unit in ${networkServices.join(' ')}; do echo "$unit $(systemctl is-active $unit)"; done
      ! systemctl is-active --quiet NetworkManager || nmcli -g NAME,TYPE,DEVICE,STATE connection show | sort
      find ${[...folders, ...liveFolders].join(' ')} ! -name 'lo.*' ! -name 'lo-*' -exec stat -c '%n %F %a %U:%G' {} + 2>/dev/null | sort
      find ${folders.join(' ')} -type f -exec sha256sum {} + | sort`);
  }

  /** Over a new connection, at the address it always had. */
  async reached(): Promise<HostTransaction[]> {
    return this.service().list('h');
  }

  /** Keeps trying until SSH answers, as after a reboot. */
  async untilReached(): Promise<void> {
    await waitFor('SSH at the old address', 60_000, () => this.reached().then(() => true, () => false));
  }

  /** The network is what it was, at once or as soon as the stack has seen the carrier again. */
  async untilAsBefore(before = this.before): Promise<void> {
    let now = '';
    await waitFor('the network to be as before', 15_000, async () => {
      now = await this.network();
      return now === before;
    }).catch((error: Error) => {
      const [found, expected] = [now.split('\n'), before.split('\n')];
      throw new Error([error.message, ...found.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`), ...expected.filter((line) => !found.includes(line)).map((line) => `- ${line}`)].join('\n'));
    });
  }

  /** By hand, whatever has become of it: for the next case. */
  async startAgain(): Promise<void> {
    this.cutOff = false;
    await this.host.exec('systemctl kill --signal=KILL "netwright-*.service"; systemctl stop "netwright-*.timer"; rm -rf /etc/systemd/system/*netwright-* /etc/systemd/system/*/netwright-* /run/netwright');
    const { folders } = this.setup;
    const { files, revert } = this.bridging!;
    await this.host.execOrThrow(`rm -rf ${folders.join(' ')}; cd /root && cp -a --parents ${folders.map((folder) => folder.slice(1)).join(' ')} /
      rm -rf /var/lib/netwright ${files.map(({ trialPath, commitPath }) => trialPath ?? commitPath).filter((path) => path?.startsWith('/run/')).join(' ')}
      ! systemctl is-active --quiet NetworkManager || nmcli connection reload
      ${revert.map(({ command }) => command).join('\n')}`);
    Object.assign(this, { goal: 'bridge', planned: this.bridging, before: this.original });
    await this.untilAsBefore();
  }

  transaction(change: Partial<Transaction> = {}): Transaction {
    if (!this.planned) throw new Error('Nothing was planned');
    return { ...this.planned, ...change };
  }

  async down(): Promise<void> {
    rmSync(this.scratch, { recursive: true });
    await this.host.down();
  }

  /** `reachAt`: another address, where the key is known under the first. */
  private openRunner(user: keyof typeof LAB_USERS, address: string, { reachAt = address, useSudo = false, sudoPassword = null, signal }: Way): ReturnType<typeof openSshRunner> {
    return openSshRunner({
      address: reachAt, ...reachAt === address ? {} : { hostKeyAlias: address }, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo, homeDirectory: this.scratch, signal,
      hostKey: { confirmUnknown: async () => false, userFile: join(this.scratch, 'known-hosts'), systemFiles: [] }, askSecret: async () => sudoPassword,
    });
  }

  private async prepare(): Promise<void> {
    // Pinned once, as the user's own file is.
    const line = await this.host.knownHostsLine();
    writeFileSync(join(this.scratch, 'known-hosts'), `${line}${this.address6}${line.slice(line.indexOf(' '))}`);
    await this.host.execOrThrow(`mkdir -p ${this.setup.folders.join(' ')}; cd / && cp -a --parents ${this.setup.folders.map((folder) => folder.slice(1)).join(' ')} /root`);
    const { findings, plan } = planConversion(await lookAt(this.host), { nic: 'enp1s0', bridge: 'br0', kind: this.setup.kind });
    if (!plan) throw new Error(`It can't be converted: ${findings.map(({ title }) => title).join('; ')}`);
    this.planned = this.bridging = plan.transaction;
    this.before = this.original = await this.network();
  }

  private async setFixed(): Promise<void> {
    const { fixed: { path, mode, text } } = this.setup;
    await this.host.execOrThrow(`cat > ${path}; chmod ${mode.toString(8)} ${path}; [ ${path} = /etc/network/interfaces ] || echo nameserver ${LAN_GATEWAY} > /etc/resolv.conf`, {
      input: text.replaceAll('ADDRESS', this.host.address).replaceAll('HOST', this.number),
    });
    await this.host.reboot();
    await waitFor('the fixed addresses', 60_000, async () => (await this.host.exec(`ip -o addr show dev enp1s0 | grep -q ' ${lanPrefix6}::' && ! ip addr show dev enp1s0 | grep -q tentative
      ip route show default | grep -q . && ping -c 1 -W 1 ${LAN_GATEWAY} && getent hosts gw.lan`)).code === 0);
  }
}
