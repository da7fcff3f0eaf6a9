/**
 * Drives lab hosts (the scripts in this folder) from tests.
 *
 * Code that must open TCP connections to a host has to run in network namespace `lab-client`: start the whole test
 * process with `in-client`, or a single program with {@link runInClient}.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProcess, runProcessOrThrow, waitFor } from './run-process';
import type { ProcessOptions, ProcessResult } from './run-process';

/** Gateway, DHCP and DNS server of the LAN that the hosts' first NIC is on. */
export const LAN_GATEWAY = '10.77.0.1';
export const LAN_SUBNET = '10.77.0.0/24';
/** Where the app runs: network namespace lab-client. */
export const LAN_CLIENT = '10.77.0.10';
/** "A server on the internet": the LAN's gateway routes to it, without NAT. */
export const WAN_SERVER = '203.0.113.9';

/** Users of every host; all accept the key {@link labKeyPath} too. */
export const LAB_USERS = {
  root: { password: 'rootpw' },
  /** sudo, with password */
  admin: { password: 'adminpw' },
  /** sudo, without password */
  nopass: { password: 'nopasspw' },
  /** in group libvirt, no sudo */
  virt: { password: 'virtpw' },
  /** no rights */
  plain: { password: 'plainpw' },
} as const;

export type LabStack = 'ifupdown' | 'nm' | 'netplan' | 'netplan-nm' | 'networkd';
export type LabVariant = 'plain' | 'no-libvirt' | 'no-ovs';

export interface LabHostOptions {
  /** Which network stack configures enp1s0. Default: ifupdown. */
  stack?: LabStack;
  /** NICs enp1s0 … on the LAN; only the first is configured. Default: 2. */
  nics?: number;
  /** A host without libvirt, or without Open vSwitch. Default: plain (both are there). */
  variant?: LabVariant;
}

/** A script of this folder. */
export const labScript = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const labFolder = process.env['LAB'] ?? fileURLToPath(new URL('../../.lab', import.meta.url));
/** What runs now, a folder for each host below `hosts`. */
export const stateFolder = '/run/netwright-lab';

/** The private key (ed25519, OpenSSH format, no passphrase) that every user of every host accepts. */
export const labKeyPath = `${labFolder}/keys/id_ed25519`;

/**
 * Why lab hosts cannot run here, in a sentence, or undefined when they can. They need Linux, root, Debian's packages of
 * packages.txt, and NETWRIGHT_TEST_LAB not set to `off`.
 */
export function whyNoLab(): string | undefined {
  if (process.env['NETWRIGHT_TEST_LAB'] === 'off') return 'NETWRIGHT_TEST_LAB=off leaves the lab hosts out';
  if (process.platform !== 'linux') return `lab hosts need Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'lab hosts need root';
  if (!existsSync('/usr/bin/dpkg-query')) return 'lab hosts are Debian systems built by apt, and there is no apt here';
  const wanted = readFileSync(labScript('packages.txt'), 'utf8').split('\n').filter(Boolean);
  const states = execFileSync('dpkg-query', ['--show', '--showformat', '${Package} ${db:Status-Status}\n'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const installed = new Set(states.split('\n').filter((line) => line.endsWith(' installed')));
  const missing = wanted.filter((name) => !installed.has(`${name} installed`));
  return missing.length === 0 ? undefined : `lab hosts need these Debian packages: ${missing.join(' ')}`;
}

/** Whether lab hosts can run here; {@link whyNoLab} says why not. */
export function labAvailable(): boolean {
  return whyNoLab() === undefined;
}

/** Runs a program to its end on the LAN, in network namespace lab-client. Rejects as runProcess does. */
export function runInClient(argv: readonly string[], options?: ProcessOptions): Promise<ProcessResult> {
  return runProcess([labScript('in-client'), ...argv], options);
}

/** A running hypervisor host: Debian 12 with sshd, libvirtd, Open vSwitch and one network stack. */
export class LabHost {
  protected constructor(
    /** Host name; unique on the machine the lab runs on. */
    readonly name: string,
    /** IPv4 address on the LAN, from its DHCP server; a reboot may change it. */
    public address: string,
  ) {}

  /**
   * Boots a host, in some 3 s once the root file system is built (a minute). Resolves when sshd and libvirtd answer.
   * A host of that name that an interrupted run left behind is thrown away first.
   */
  static async up(name: string, options: LabHostOptions = {}): Promise<LabHost> {
    const { stack = 'ifupdown', nics = 2, variant = 'plain' } = options;
    const argv = [labScript('lab-up'), name, '--stack', stack, '--nics', String(nics), '--variant', variant];
    await runProcessOrThrow([labScript('lab-down'), name]);
    const stdout = await runProcessOrThrow(argv, { timeoutMs: 600_000 });
    return new LabHost(name, stdout.trim().split(' ')[1]!);
  }

  /** The driver of a host that another process brought up. Throws when there is none of that name. */
  static attach(name: string): LabHost {
    return new LabHost(name, readFileSync(`${stateFolder}/hosts/${name}/address`, 'utf8').trim());
  }

  /**
   * Runs a command as root on the host, not over SSH: the test's own eyes and hands. A string is a line for `sh -c`.
   * The host's PATH includes the sbin folders.
   */
  exec(command: string | readonly string[], options?: ProcessOptions): Promise<ProcessResult> {
    const argv = typeof command === 'string' ? ['sh', '-c', command] : command;
    return runProcess([labScript('lab-exec'), this.name, ...argv], options);
  }

  /** As exec, but rejects when the command fails. Returns stdout. */
  execOrThrow(command: string | readonly string[], options?: ProcessOptions): Promise<string> {
    const argv = typeof command === 'string' ? ['sh', '-c', command] : command;
    return runProcessOrThrow([labScript('lab-exec'), this.name, ...argv], options);
  }

  /** Pulls the plug and throws the disk away. No error when the host is down already. */
  async down(): Promise<void> {
    await runProcessOrThrow([labScript('lab-down'), this.name]);
  }

  /**
   * Shuts down in order (`hard`: at once, as in a power cut) and boots again, with new NICs (same MACs). Resolves as `up` does;
   * `address` may be new. Not `leased`: the host has no address of the LAN's server, and sshd runs when this resolves.
   */
  async reboot({ hard = false, leased = true }: { hard?: boolean; leased?: boolean } = {}): Promise<void> {
    const initId = (): string | undefined => {
      const file = `${stateFolder}/hosts/${this.name}/nspawn.pid`;
      return existsSync(file) ? readFileSync(file, 'utf8').trim() || undefined : undefined;
    };
    const before = initId();
    if (hard) await this.exec(['systemctl', 'reboot', '--force', '--force']);
    else await this.execOrThrow(['systemctl', 'reboot']);
    try {
      await waitFor(`${this.name} to boot again`, 90_000, () => initId() !== undefined && initId() !== before);
      if (!leased) await waitFor(`sshd of ${this.name}`, 60_000, async () => (await this.exec('systemctl is-active --quiet ssh', { timeoutMs: 5_000 }).catch(() => null))?.code === 0);
    } catch (error) {
      throw new Error(`${(error as Error).message}; its console:\n${readFileSync(`${stateFolder}/hosts/${this.name}/console.log`, 'utf8').slice(-2000)}`, { cause: error });
    }
    if (!leased) return;
    this.address = (await runProcessOrThrow([labScript('lab-wait'), this.name])).trim();
  }

  /** The host's ed25519 key as a line for an OpenSSH known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
  async knownHostsLine(): Promise<string> {
    const key = await this.execOrThrow(['cat', '/etc/ssh/ssh_host_ed25519_key.pub']);
    return `${this.address} ${key.split(' ').slice(0, 2).join(' ').trim()}\n`;
  }

  /**
   * Cuts NIC `nic` (1 = enp1s0) off the LAN without a sign: frames are dropped both ways, the carrier stays up. As when a
   * cable between two switches is pulled.
   */
  async cutLink(nic = 1): Promise<void> {
    await this.setPort(nic, 'state', 'disabled');
  }

  /** Mends what cutLink did. */
  async restoreLink(nic = 1): Promise<void> {
    await this.setPort(nic, 'state', 'forwarding');
  }

  /** Whether the LAN's switch sends frames of NIC `nic` back out of the port they came from (802.1Qbg, reflective relay). */
  async setHairpin(on: boolean, nic = 1): Promise<void> {
    await this.setPort(nic, 'hairpin', on ? 'on' : 'off');
  }

  /** Takes the cable out of NIC `nic`, and puts it back in: the host sees its carrier go and come. */
  async plugLink(plugged: boolean, nic = 1): Promise<void> {
    await runProcessOrThrow(['ip', '-n', 'lab-lan', 'link', 'set', 'dev', this.portOf(nic), plugged ? 'up' : 'down']);
  }

  /**
   * What NIC `nic` sends to DHCP servers gets lost, or goes to `device` of namespace lab-lan alone. The LAN's own server serves other
   * hosts too: it can't be stopped.
   */
  async divertDhcp(device?: string, nic = 1): Promise<void> {
    const port = this.portOf(nic);
    const [table, verdict] = [`netdev ${port}`, device === undefined ? 'drop' : `fwd to "${device}"`];
    await this.filterLan(`add table ${table}; add chain ${table} c { type filter hook ingress device "${port}" priority 0; }; add rule ${table} c udp dport 67 ${verdict}`);
  }

  /** Mends what divertDhcp did. */
  async restoreDhcp(nic = 1): Promise<void> {
    await this.filterLan(`delete table netdev ${this.portOf(nic)}`);
  }

  /** Ends every SSH session on the host and starts sshd anew, as an upgrade gone wrong would. Resolves when it listens. */
  async restartSshd(): Promise<void> {
    await this.execOrThrow('systemctl stop ssh.service; pkill -KILL -x sshd; systemctl start ssh.service');
    await this.execOrThrow('until ss -Hltn "sport = 22" | grep -q .; do sleep 0.05; done', { timeoutMs: 10_000 });
  }

  /**
   * Defines and starts the tiny guest with one virtio NIC on libvirt network `network`.
   * `cmdline` is its orders: `ping=A,B`, `addr=A/N gw=A`, `off` and more (see make-guest). `interfaceXml` goes inside <interface>.
   */
  async startGuest(name: string, network: string, cmdline = '', interfaceXml = ''): Promise<void> {
    await this.defineGuest(name, network, cmdline, interfaceXml);
    await this.execOrThrow(['virsh', '-q', 'start', name]);
  }

  /** Defines the tiny guest as startGuest does, and leaves it shut off. */
  async defineGuest(name: string, network: string, cmdline = '', interfaceXml = ''): Promise<void> {
    const xml = await runProcessOrThrow([labScript('guest-xml'), name, network, cmdline, interfaceXml]);
    await this.execOrThrow(['virsh', '-q', 'define', '/dev/stdin'], { input: xml });
  }

  /** What the guest has printed on its serial console since its last start; empty before the first. */
  async guestConsole(name: string): Promise<string> {
    const file = `/var/log/libvirt/qemu/${name}.console`;
    return this.execOrThrow(['sh', '-c', '[ ! -e "$0" ] || cat "$0"', file]);
  }

  /**
   * Waits for a whole line of the guest's console that matches, and resolves to the match. A guest boots in 6 to 20 s.
   * Rejects after `timeoutMs` (default 90 s) with what the console says.
   */
  async waitForGuestLine(name: string, pattern: RegExp, timeoutMs = 90_000): Promise<RegExpExecArray> {
    let text = '';
    try {
      return await waitFor(`${pattern} on the console of ${name}`, timeoutMs, async () => {
        text = await this.guestConsole(name);
        const wholeLines = text.split(/\r?\n/).slice(0, -1);
        for (const line of wholeLines) {
          const match = pattern.exec(line);
          if (match) return match;
        }
        return undefined;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; its console:\n${text}`, { cause: error });
    }
  }

  /** By the host's own nft(8): the machine has none. */
  private async filterLan(commands: string): Promise<void> {
    const conf = readFileSync(`${stateFolder}/hosts/${this.name}/conf`, 'utf8');
    await runProcessOrThrow(['nsenter', '--net=/run/netns/lab-lan', 'chroot', /^ROOT=(.+)$/m.exec(conf)![1]!, '/usr/sbin/nft', commands]);
  }

  /** A setting of the LAN's end of a NIC, as bridge(8) names it. */
  private async setPort(nic: number, setting: string, value: string): Promise<void> {
    await runProcessOrThrow(['bridge', '-n', 'lab-lan', 'link', 'set', 'dev', this.portOf(nic), setting, value]);
  }

  /** The LAN-side end of a NIC's cable. */
  private portOf(nic: number): string {
    const conf = readFileSync(`${stateFolder}/hosts/${this.name}/conf`, 'utf8');
    return `h${/^NUMBER=(\d+)$/m.exec(conf)![1]}-${nic}`;
  }
}
