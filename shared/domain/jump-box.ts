import type { HostProfile } from './host';
import type { Machine, MachineNic } from './machine';

/**
 * A machine with a second NIC on an isolated network is the way into that network. The text is what `~/.ssh/config` needs for
 * `ssh NAME` to go that way (ssh_config(5), ProxyJump).
 */

export interface JumpBox {
  /** Lines for `~/.ssh/config`, ending with a line break. */
  config: string;
  /** A line for `~/.ssh/known_hosts`, by which ssh knows the jump box without a question; null: its key is not known. */
  knownHosts: string | null;
  /** What the user has to fill in or know, in sentences; empty when the lines are ready to use. */
  gaps: string[];
}

export interface JumpBoxRequest {
  host: HostProfile;
  /** The machine that has both NICs. */
  machine: Machine;
  /** Who logs in there; null: ssh's own choice. */
  user: string | null;
  /** False: this computer reaches the machine by itself, for example where it is bridged into the LAN. */
  throughHost: boolean;
  /** Machines of the isolated network, behind the jump box; empty: none is named yet. */
  targets: readonly { machine: Machine; user: string | null }[];
  /** The jump box's own key, as known_hosts has it: type and key. Left out: not known. */
  hostKey?: string | null;
}

export function jumpBox({ host, machine, user, throughHost, targets, hostKey = null }: JumpBoxRequest): JumpBox {
  const gaps: string[] = [];
  const blocks: string[][] = [];
  const hostAlias = throughHost ? hostEntry(host, blocks, gaps) : null;
  const taken = new Set(hostAlias === null ? [] : [hostAlias]);
  const machineAlias = freeAlias(machine.name, taken);
  taken.add(machineAlias);
  const isolated = new Set(targets.flatMap((target) => [...networksOf(target.machine)]));
  // Where both are on one network, its address there is of no use from outside.
  const entrance = machine.nics.find((nic) => !isolated.has(nic.network ?? '') && addressOf(nic) !== null) ?? machine.nics.find((nic) => addressOf(nic) !== null);
  // Labs come and go, and their addresses with them: the key is known by a name that is this machine's alone.
  const keyAlias = `${aliasOf(machine.name)}-${machine.uuid.slice(0, 8)}`;
  blocks.push([...entry(machineAlias, (entrance && addressOf(entrance)) ?? missing(machine, gaps), user, hostAlias), ...hostKey === null ? [] : [`  HostKeyAlias ${keyAlias}`]]);
  for (const target of targets) {
    const shared = networksOf(machine);
    const nic = target.machine.nics.find((candidate) => shared.has(candidate.network ?? '') && addressOf(candidate) !== null);
    if (![...networksOf(target.machine)].some((network) => shared.has(network))) {
      gaps.push(`${machine.name} and ${target.machine.name} have no network in common yet: plug a second NIC of ${machine.name} into it.`);
    }
    const alias = freeAlias(target.machine.name, taken);
    taken.add(alias);
    blocks.push(entry(alias, (nic && addressOf(nic)) ?? missing(target.machine, gaps), target.user, machineAlias));
  }
  return { config: `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`, gaps, knownHosts: hostKey === null ? null : `${keyAlias} ${hostKey}` };
}

/** Its alias; an entry is only needed where `~/.ssh/config` has none. */
function hostEntry({ name, connection }: HostProfile, blocks: string[][], gaps: string[]): string | null {
  if (connection.kind === 'local') return null;
  if (connection.kind === 'practice') {
    gaps.push('The practice host can’t be reached by ssh: this shows what the lines look like.');
    return aliasOf(name);
  }
  if (connection.sshConfigAlias !== null) return connection.sshConfigAlias;
  const alias = aliasOf(name);
  blocks.push([
    ...entry(alias, connection.address, connection.user, connection.proxyJump),
    ...connection.port === 22 ? [] : [`  Port ${connection.port}`],
    ...connection.auth === 'key' && connection.keyPath !== null ? [`  IdentityFile ${quoted(connection.keyPath)}`] : [],
  ]);
  return alias;
}

function entry(alias: string, address: string, user: string | null, jump: string | null): string[] {
  return [`Host ${alias}`, `  HostName ${address}`, ...user === null ? [] : [`  User ${quoted(user)}`], ...jump === null || jump === '' ? [] : [`  ProxyJump ${jump}`]];
}

function missing(machine: Machine, gaps: string[]): string {
  gaps.push(`The address of ${machine.name} is not known: put it in place of ADDRESS. It is known once the machine runs and has a lease.`);
  return 'ADDRESS';
}

/** IPv4 first: it needs no zone. Link-local addresses can't be reached through a jump. */
function addressOf(nic: MachineNic): string | null {
  const usable = nic.addresses.map(({ address }) => address).filter((address) => !/^fe[89ab]/i.test(address));
  return usable.find((address) => !address.includes(':')) ?? usable[0] ?? null;
}

function networksOf(machine: Machine): Set<string> {
  return new Set(machine.nics.flatMap((nic) => (nic.network === null ? [] : [nic.network])));
}

function freeAlias(name: string, taken: ReadonlySet<string>): string {
  const alias = aliasOf(name);
  return taken.has(alias) ? `${alias}-vm` : alias;
}

/** A word for `Host`: no blanks, no patterns. */
function aliasOf(name: string): string {
  return name.trim().replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'host';
}

const quoted = (text: string): string => (/[\s#"]/.test(text) ? `"${text.replaceAll('"', '')}"` : text);
