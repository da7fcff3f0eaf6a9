import { PassThrough } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { Command } from '../../shared/domain/plan';
import type { HostSnapshot, Privilege } from '../../shared/domain/snapshot';
import type { Machine } from '../../shared/domain/machine';
import { parseNetwork } from '../../shared/domain/network-xml/parse-network';
import { networkOf } from '../../shared/domain/subnet';
import { ownsBridge } from '../../shared/domain/used-ranges';
import { AppError } from '../../shared/errors/app-error';
import type { CommandResult, CommandRunner } from '../../electron/transport/command-runner';
import type { PlanInventory } from '../../electron/services/plans/observe-host';
import { makeInterface, makeNetwork, makeSnapshot } from './snapshot-fixture';

interface FakeNetwork { persistent: string | null; running: string | null; autostart: boolean }

/** What happens to a command instead of, or around, its normal course. Returning null lets it run. */
type Disturbance = (line: string, carryOut: () => CommandResult) => CommandResult | Promise<CommandResult> | null;

/**
 * A small host with libvirt networks, for tests of the plan engine: knows the commands plans are made of and the reads
 * their checks make, and keeps state, so that a forgotten inverse shows.
 */
export class FakePlanHost {
  readonly networks = new Map<string, FakeNetwork>();
  readonly ran: string[] = [];
  readonly taps = new Map<string, string | null>();
  machines: Machine[] = [];
  privilege: Privilege = 'root';
  disturb: Disturbance = () => null;
  connected = true;
  dnsAnswers: 'answers' | 'refused' | 'silent' = 'answers';
  private revision = 1;

  /** All that undo must bring back, comparable as text. */
  state(): string {
    return JSON.stringify([[...this.networks].sort(([a], [b]) => a.localeCompare(b)), [...this.taps]]);
  }

  reconnect(): void {
    this.connected = true;
    this.cachedRunner = null;
  }

  readonly inventory: PlanInventory = {
    get: (hostId) => ({ snapshot: { ...this.snapshot(), hostId }, stale: !this.connected }),
    refresh: async () => { this.check(); this.revision += 1; },
    refreshNetwork: async () => { this.check(); this.revision += 1; },
    refreshMachine: async () => { this.check(); this.revision += 1; },
    refreshItems: async () => { this.check(); this.revision += 1; },
    xml: async (_host, _object, uuid) => {
      this.check();
      const network = this.networks.get(uuid);
      if (!network) throw new AppError('libvirt.not-found', 'No such network', uuid);
      // virsh prints a line break more than the document has.
      return { running: network.running && `${network.running}\n`, persistent: network.persistent && `${network.persistent}\n` };
    },
    runner: () => { this.check(); return this.runner(); },
  };

  private check(): void {
    if (!this.connected) throw new AppError('host.not-connected', 'The host is not connected', 'Connect to the host first.');
  }

  snapshot(): HostSnapshot {
    const base = makeSnapshot({ privilege: this.privilege, revision: this.revision, machines: this.machines });
    const networks = [...this.networks.values()].map((network) => makeNetwork(network.persistent ?? network.running ?? '', {
      active: network.running !== null, autostart: network.autostart, persistent: network.persistent !== null,
    }));
    const bridges = this.bridges().map((name) => makeInterface(name, { kind: 'bridge' }));
    const taps = [...this.taps].map(([name, controller]) => makeInterface(name, { kind: 'tap', controller }));
    return { ...base, networks, interfaces: [...base.interfaces, ...bridges, ...taps] };
  }

  private cachedRunner: CommandRunner | null = null;

  private runner(): CommandRunner {
    this.cachedRunner ??= {
      privilege: this.privilege,
      run: async (command: Command) => {
        this.ran.push(command.argv.join(' '));
        const carryOut = (): CommandResult => this.execute(command);
        return await (this.disturb(command.argv.join(' '), carryOut) ?? carryOut());
      },
      gather: async (sections: Parameters<CommandRunner['gather']>[0]) => {
        const replies = new Map<string, CommandResult>();
        for (const { name, command } of sections) if (command.kind === 'argv') replies.set(name, await this.runner().run({ argv: [...command.argv] }));
        return replies;
      },
      connectTcp: async () => this.dns(),
    } as unknown as CommandRunner;
    return this.cachedRunner;
  }

  /** The session ends under the command that runs. */
  cut(): never {
    this.connected = false;
    throw new AppError('ssh.closed', 'The connection was closed', 'attic closed the connection.');
  }

  private dns(): Duplex {
    if (this.dnsAnswers === 'refused') throw new AppError('ssh.channel-refused', 'Refused', 'administratively prohibited');
    const stream = new PassThrough();
    const original = stream.write.bind(stream);
    stream.write = ((query: Buffer) => {
      const answer = Buffer.from(query);
      answer[4] = 0x85;
      if (this.dnsAnswers === 'answers') return original(answer);
      stream.destroy();
      return true;
    }) as typeof stream.write;
    return stream;
  }

  private execute({ argv, stdin }: Command): CommandResult {
    try {
      return reply(argv[0] === 'virsh' ? this.virsh(argv.slice(3), stdin?.text ?? '') : this.tool(argv));
    } catch (error) {
      return reply('', `error: ${(error as Error).message}\n`, 1);
    }
  }

  private virsh([verb, reference = '', flag]: string[], text: string): string {
    if (verb === 'net-define' || verb === 'net-create') {
      const { uuid } = parseNetwork(text);
      const held = this.networks.get(uuid) ?? { persistent: null, running: null, autostart: false };
      this.networks.set(uuid, verb === 'net-define' ? { ...held, persistent: text } : { ...held, running: text });
      return '';
    }
    const [uuid, network] = [...this.networks].find(([id, item]) => id === reference || parseNetwork(item.persistent ?? item.running ?? '').name === reference)
      ?? fail(`failed to get network '${reference}'`);
    switch (verb) {
      case 'net-undefine':
        if (network.running) network.persistent = null;
        else this.networks.delete(uuid);
        network.autostart = false;
        return '';
      case 'net-start':
        if (network.running) fail('network is already active');
        network.running = network.persistent;
        return '';
      case 'net-destroy': {
        if (!network.running) fail('network is not active');
        const bridge = parseNetwork(network.running ?? '').bridge?.name;
        for (const [tap, controller] of this.taps) if (controller === bridge) this.taps.set(tap, null);
        network.running = null;
        if (network.persistent === null) this.networks.delete(uuid);
        return '';
      }
      case 'net-autostart':
        network.autostart = flag !== '--disable';
        return '';
      default: return fail(`unknown command: ${verb}`);
    }
  }

  private tool(argv: string[]): string {
    const [tool, ...words] = argv;
    const after = (word: string): string => words[words.indexOf(word) + 1] ?? '';
    if (tool === 'ip' && words.includes('master') && words.includes('set')) {
      if (!this.bridges().includes(after('master'))) fail(`Device "${after('master')}" does not exist.`);
      this.taps.set(after('dev'), after('master'));
      return '';
    }
    if (tool === 'ip' && words.includes('master')) return JSON.stringify([...this.taps].filter(([, bridge]) => bridge === after('master')).map(([ifname]) => ({ ifname })));
    if (tool === 'ip' && words.includes('route')) return this.active().some((item) => item.subnets.includes(after('show'))) ? '[{}]' : '[]';
    if (tool === 'ip') {
      const found = this.active().find((item) => item.bridge === after('dev')) ?? fail(`Device "${after('dev')}" does not exist.`);
      return JSON.stringify([{ ifname: found.bridge, flags: ['UP'], addr_info: found.ips.map((ip) => ({ local: ip.address, prefixlen: ip.prefix })) }]);
    }
    if (tool === 'ss') return this.active().map((item) => `UNCONN 0 0 0.0.0.0%${item.bridge}:67 0.0.0.0:*\nLISTEN 0 32 ${item.ips[0]?.address}:53 0.0.0.0:*`).join('\n');
    if (tool === 'iptables-save') return this.active().flatMap((item) => item.subnets.map((subnet) => `-A LIBVIRT_PRT -s ${subnet} ! -d ${subnet} -j MASQUERADE`)).join('\n');
    return fail('No such file or directory');
  }

  private active(): { bridge: string; subnets: string[]; ips: { address: string; prefix: number }[] }[] {
    return [...this.networks.values()].flatMap(({ running }) => {
      const parsed = running ? parseNetwork(running) : null;
      return parsed?.bridge && ownsBridge(parsed)
        ? [{ bridge: parsed.bridge.name, ips: parsed.ips, subnets: parsed.ips.map((ip) => networkOf(ip.address, ip.prefix)) }] : [];
    });
  }

  private bridges(): string[] {
    return this.active().map((item) => item.bridge);
  }
}

export function reply(stdout: string, stderr = '', exitCode = 0): CommandResult {
  return { exitCode, stdout, stderr, durationMs: 1 };
}

function fail(message: string): never {
  throw new Error(message);
}
