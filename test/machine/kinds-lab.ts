import { randomUUID } from 'node:crypto';
import type { Intent } from '../../shared/domain/intent';
import type { MachineNic } from '../../shared/domain/machine';
import type { Network } from '../../shared/domain/network';
import type { NetworkSpec } from '../../shared/domain/network-spec';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { troubles } from '../fakes/plan-troubles';
import { PlanLab } from '../integration-lab/plan-lab';
import { labScript } from '../lab/lab';
import { runProcessOrThrow } from '../lab/run-process';
import { FullMachine } from './full-machine';
import { peerScript, sendScript } from './send-scripts';

/** What tc(8) lets through a device, in kilobytes (1000 bytes) per second, in and out as a guest sees it; null: all. */
export interface Shaping { in: number | null; out: number | null }

/** A machine on the full machine, and its first NIC. */
export const guest = { name: 'guest', mac: '52:54:00:aa:00:01' } as const;

/** For NICs that come while it runs: libvirt gives a machine one to spare. */
const sparePorts = Array.from({ length: 8 }, (_none, at) => `<controller type='pci' index='${at + 1}' model='pcie-root-port'/>`).join('');
const seconds = 10;
const frameBytes = 1372 + 8 + 20 + 14;

/** A full machine with libvirt, and the app's services over an SSH session to it. */
export class KindsLab {
  private constructor(readonly host: FullMachine, private readonly plans: PlanLab, readonly services: Awaited<ReturnType<PlanLab['open']>>) {}

  static async up(name: string): Promise<KindsLab> {
    const host = await FullMachine.up(name, { variant: 'plain', nics: 3 });
    const plans = new PlanLab(host);
    return new KindsLab(host, plans, await plans.open());
  }

  async down(): Promise<void> {
    await this.plans.close();
    await this.host.down();
  }

  /** What it and its programs say of themselves. */
  async about(): Promise<string> {
    const said = await this.host.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME"; uname -rv; echo "libvirt $(virsh --version)"; ovs-vsctl --version | sed -n "1s/.*(Open vSwitch)/Open vSwitch/p"; tc -V');
    return said.trim().split('\n').join(', ');
  }

  /** Previews and applies a plan; rejects unless it did all it should, and all its checks passed. */
  async apply(intent: Intent): Promise<void> {
    const wrong = troubles(await this.services.apply(intent));
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  }

  async create(spec: NetworkSpec): Promise<void> {
    await this.apply({ kind: 'network.create', uuid: randomUUID(), spec, start: true });
  }

  /** What the app shows of the host, read anew. */
  async snapshot(): Promise<HostSnapshot> {
    await this.services.inventory.refresh('h', 'all');
    return this.services.inventory.get('h')!.snapshot;
  }

  async network(name: string): Promise<Network> {
    return found(`network ${name}`, (await this.snapshot()).networks.find((network) => network.name === name));
  }

  async nic(mac: string): Promise<MachineNic> {
    return found(`NIC ${mac}`, (await this.snapshot()).machines.flatMap(({ nics }) => nics).find((nic) => nic.mac === mac));
  }

  async guestUuid(): Promise<string> {
    return (await this.host.execOrThrow(['virsh', '-q', 'domuuid', guest.name])).trim();
  }

  /** Starts the machine, which finds nothing to boot: a guest, emulated in what is emulated itself, would need ten minutes, and its NICs work without. */
  async startMachine(network: string): Promise<void> {
    const xml = await runProcessOrThrow([labScript('guest-xml'), guest.name, network, '', `<mac address='${guest.mac}'/>`]);
    const bare = xml.replace(/<(kernel|initrd|cmdline)>.*<\/\1>/g, '').replace('<devices>', `<devices>${sparePorts}`);
    await this.host.execOrThrow(['virsh', '-q', 'define', '/dev/stdin'], { input: bare });
    await this.host.execOrThrow(['virsh', '-q', 'start', guest.name]);
  }

  /** The kernel's limits of a bridge or a tap: what leaves it for guests waits in an HTB class, what comes from them is policed. */
  async shaping(device: string): Promise<Shaping> {
    const classes = await this.host.execOrThrow(['tc', 'class', 'show', 'dev', device]);
    const filters = await this.host.exec(['tc', 'filter', 'show', 'dev', device, 'parent', 'ffff:']);
    return { in: rateIn(/htb \S+ root .*?rate (\S+)/.exec(classes)), out: rateIn(/police .*?rate (\S+)/.exec(filters.stdout)) };
  }

  /**
   * UDP as fast as it goes, for ten seconds, between the host and a neighbour of the guests: a namespace with a port of the bridge.
   * Kilobytes per second that arrive.
   */
  async carried(bridge: string, way: 'in' | 'out', own: string, peer: string): Promise<number> {
    return Number(await this.host.execOrThrow(['sh', '-c', peerScript, 'sh', bridge, way, own, peer, String(seconds)], { timeoutMs: 120_000 }));
  }

  /** UDP from the host to the guest's MAC, as fast as it goes, for ten seconds. Kilobytes per second that get to the tap. */
  async delivered(bridge: string, tap: string, address: string): Promise<number> {
    const frames = Number(await this.host.execOrThrow(['sh', '-c', sendScript, 'sh', bridge, tap, address, guest.mac, String(seconds)], { timeoutMs: 120_000 }));
    return Math.round(frames * frameBytes / seconds / 100) / 10;
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
