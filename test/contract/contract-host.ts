import type { CommandResult, CommandRunner } from '../../electron/transport/command-runner';

/** A host that the contract is held against: a practice host, or a real one. */
export interface ContractHost {
  runner: CommandRunner;
  /** The NIC with the LAN address, and its subnet as CIDR. */
  uplink: { device: string; subnet: string };
  /** A machine definition with one NIC on `network`, which asks for a lease when it starts. */
  machineXml(name: string, network: string, mac: string): Promise<string>;
  /** Resolves when the guest of a machine that was started takes hot-plugging. */
  untilBooted(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Everything the contract makes has a name that starts like this, so that it can be found again. */
export const prefix = 'nwc';

/** Commands on a contract host, their output made comparable. */
export class ContractSession {
  constructor(readonly host: ContractHost) {}

  get runner(): CommandRunner {
    return this.host.runner;
  }

  /** `virsh -c qemu:///system …` as a process of its own. */
  async virsh(words: readonly string[], stdin?: string): Promise<Outcome> {
    const argv = ['virsh', '-c', 'qemu:///system', ...words];
    return outcome(await this.runner.run(stdin === undefined ? { argv } : { argv, stdin: { name: 'document.xml', text: stdin } }));
  }

  define(xml: string): Promise<Outcome> {
    return this.virsh(['net-define', '/dev/stdin'], xml);
  }

  async run(...argv: string[]): Promise<Outcome> {
    return outcome(await this.runner.run({ argv }));
  }

  /** Output of a command that must succeed. */
  async read(...argv: string[]): Promise<string> {
    const result = await this.runner.run({ argv });
    if (result.exitCode !== 0) throw new Error(`${argv.join(' ')} failed: ${result.stderr}`);
    return result.stdout;
  }

  /** Takes everything away that the contract made. */
  async reset(): Promise<void> {
    await this.run('ovs-vsctl', '--if-exists', 'del-br', `${prefix}ovs`);
    for (const [list, stop, undefine] of [['list', 'destroy', 'undefine'], ['net-list', 'net-destroy', 'net-undefine']] as const) {
      const names = (await this.read('virsh', '-q', '-c', 'qemu:///system', list, '--all', '--name')).split('\n');
      for (const name of names.filter((each) => each.startsWith(prefix))) {
        // One of the two fails where the other was enough.
        await this.virsh([stop, name]);
        await this.virsh([undefine, name]);
      }
    }
  }
}

export interface Outcome { exitCode: number | null; stdout: string; stderr: string }

export function outcome({ exitCode, stdout, stderr }: CommandResult): Outcome {
  return { exitCode, stdout: normalise(stdout), stderr: normalise(stderr) };
}

/**
 * Replaces what a host makes up by itself: UUIDs of version 4, MACs in libvirt's range but for those the contract uses
 * (52:54:00:c0…), names of wrapper scripts, line numbers of the shell.
 */
export function normalise(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-(?!c0c0)[0-9a-f]{12}\b/g, '<uuid>')
    .replace(/\b52:54:00:(?!c0)[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}\b/g, '<mac>')
    .replaceAll('ovs-vsctl.real', 'ovs-vsctl')
    .replace(/^(?:\/bin\/)?sh: \d+: /gm, 'sh: N: ');
}

export const done = (stdout: string): Outcome => ({ exitCode: 0, stdout, stderr: '' });
/** A virsh command that ran and failed. */
export const failed = (...lines: string[]): Outcome => ({ exitCode: 1, stdout: '\n', stderr: lines.map((line) => `error: ${line}\n`).join('') });
/** A virsh command whose words were wrong. */
export const unparsed = (...lines: string[]): Outcome => ({ ...failed(...lines), stdout: '' });

/** A small NAT network; parts of it can be said otherwise. */
export function natXml(name: string, { bridge = 'nwcbr0', subnet = '10.111.1', extra = '' } = {}): string {
  return `<network><name>${name}</name><forward mode='nat'/><bridge name='${bridge}'/>${extra}<ip address='${subnet}.1' netmask='255.255.255.0'><dhcp><range start='${subnet}.10' end='${subnet}.99'/></dhcp></ip></network>`;
}
