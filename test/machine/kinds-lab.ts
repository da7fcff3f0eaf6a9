import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Machine } from '../../shared/domain/machine';
import type { Network } from '../../shared/domain/network';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { labKeyPath } from '../lab/lab';
import { runProcess, waitFor, type ProcessResult } from '../lab/run-process';
import { FullMachine } from './full-machine';

/** What the kernel lets through a device, in kilobytes (1000 bytes) per second, seen from the guests; null: no limit. */
export interface Shaping { in: number | null; out: number | null }

/** The guest that runs on the machine, and its first NIC. */
export const guest = { name: 'guest', mac: '52:54:00:aa:00:01' } as const;

/** A full machine with libvirt, the app's command line that looks after it, and a guest. Emulated in what is emulated, the guest needs minutes to boot. */
export class KindsLab {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'netwright-kinds-'));

  private constructor(readonly host: FullMachine, private readonly program: string) {}

  /** @param program the command line's bundle */
  static async up(name: string, program: string): Promise<KindsLab> {
    const lab = new KindsLab(await FullMachine.up(name, { variant: 'plain', nics: 3 }), program);
    writeFileSync(lab.knownHosts, await lab.host.knownHostsLine());
    return lab;
  }

  async down(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await this.host.down();
  }

  /** `netwright VERB HOST WORDS…`, VERB of one word or several. */
  async type(verb: string, ...words: string[]): Promise<ProcessResult> {
    const reached = [`ssh://root@${this.host.address}`, ...words, '--identity', labKeyPath, '--known-hosts', this.knownHosts];
    return runProcess(['env', `NETWRIGHT_DATA=${this.folder}`, process.execPath, this.program, ...verb.split(' '), ...reached], { timeoutMs: 300_000 });
  }

  /** A change, as `type`; rejects unless it was applied and all its checks passed. */
  async change(verb: string, ...words: string[]): Promise<void> {
    const { code, stdout, stderr } = await this.type(verb, ...words, '--yes');
    if (code !== 0) throw new Error(`netwright ${verb} ${words.join(' ')} ended with ${code}:\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  }

  /** What the app reads on the host. */
  async snapshot(): Promise<HostSnapshot> {
    const { code, stdout, stderr } = await this.type('inspect', '--json');
    if (code !== 0) throw new Error(`netwright inspect ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as HostSnapshot;
  }

  /** What it and its programs say of themselves. */
  async about(): Promise<string> {
    const said = await this.host.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME"; uname -rv; echo "libvirt $(virsh --version)"; ovs-vsctl --version | sed -n "1s/.*(Open vSwitch)/Open vSwitch/p"; tc -V');
    return said.trim().split('\n').join(', ');
  }

  async network(name: string): Promise<Network> {
    return found(`network ${name}`, (await this.snapshot()).networks.find((network) => network.name === name));
  }

  async nic(mac: string): Promise<Machine['nics'][number]> {
    return found(`NIC ${mac}`, (await this.snapshot()).machines.flatMap(({ nics }) => nics).find((nic) => nic.mac === mac));
  }

  /** The tap of a NIC of the guest. */
  async tapOf(mac: string): Promise<string> {
    return (await this.host.execOrThrow(`virsh -q domiflist ${guest.name} | awk -v mac=${mac} '$5 == mac { print $1 }'`)).trim();
  }

  /**
   * tc(8)'s own words of a bridge or a tap: what leaves it for guests waits in an HTB class, what comes from them is policed.
   * libvirt makes no other classes than a device's first and those below it.
   */
  async shaping(device: string): Promise<Shaping> {
    const [classes, filters] = await Promise.all([
      this.host.execOrThrow(['tc', 'class', 'show', 'dev', device]),
      this.host.execOrThrow(['tc', 'filter', 'show', 'dev', device, 'parent', 'ffff:']).catch(() => ''),
    ]);
    return { in: rateIn(/htb 1:1 .*?rate (\S+)/.exec(classes)), out: rateIn(/police .*?rate (\S+)/.exec(filters)) };
  }

  /** Kilobytes per second that pings bring to a guest and back: as many as it answers, of 1400 bytes, at least a hundred a second. */
  async carried(address: string): Promise<number> {
    const seconds = 12;
    const said = await this.host.exec(['ping', '-q', '-f', '-l', '32', '-s', '1372', '-w', String(seconds), address], { timeoutMs: 60_000 });
    const answers = Number(/(\d+) received/.exec(said.stdout)?.[1] ?? Number.NaN);
    // An Ethernet frame, as tc counts it: 8 bytes of ICMP, 20 of IPv4, 14 of Ethernet.
    return Math.round(answers * (1372 + 8 + 20 + 14) / seconds / 100) / 10;
  }

  /** The guest's address on a network, when it answers there. */
  async addressOf(mac: string, network: string): Promise<string> {
    let address = '';
    await waitFor(`the guest to answer on ${network}`, 600_000, async () => {
      address = new RegExp(`${mac}\\s+ipv4\\s+([\\d.]+)`).exec(await this.host.execOrThrow(['virsh', '-q', 'net-dhcp-leases', network]))?.[1] ?? '';
      return address !== '' && (await this.host.exec(['ping', '-q', '-c', '1', '-W', '5', address])).code === 0;
    });
    return address;
  }

  /** Writes a file that the command line reads; resolves to its path. */
  file(name: string, text: string): string {
    const place = path.join(this.folder, name);
    writeFileSync(place, text);
    return place;
  }

  private get knownHosts(): string {
    return path.join(this.folder, 'known-hosts');
  }
}

function found<T>(what: string, item: T | undefined): T {
  if (item === undefined) throw new Error(`The app sees no ${what}`);
  return item;
}

const units: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9 };

/** tc prints bits per second: `819200bit`, `800Kbit`. */
function rateIn(match: RegExpExecArray | null): number | null {
  const said = /^([\d.]+)([KMG]?)bit$/.exec(match?.[1] ?? '');
  return said ? Number(said[1]) * units[said[2]!]! / 8 / 1000 : null;
}
