import { access } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SshProfile } from '../../../shared/domain/host';
import { formatJumpHosts, parseJumpHosts, type JumpHost } from '../../../shared/domain/jump-hosts';
import { AppError } from '../../../shared/errors/app-error';
import { querySshConfig } from './query-ssh-config';
import { ConfigFiles } from './ssh-config-files';
import { selectConfigValues } from './ssh-config-values';
import type { AuthMethod, SshServer } from './ssh-runner-options';
import { jumpOfCommand, readSettings, type SshSettings } from './ssh-settings';

/** The servers of one connection. */
export interface SshRoute {
  host: SshServer;
  /** The first is reached first. */
  jumps: SshServer[];
}

export interface RouteOptions {
  /** Default: the user's. */
  homeDirectory?: string;
  /** The ssh(1) that is asked what the configuration says; null asks none. Default: `ssh` on PATH. */
  sshProgram?: string | null;
}

/** More hosts on a way are a mistake. */
const maxJumps = 16;

/**
 * Finds out how a host is reached: what the profile says, else what `~/.ssh/config` says, for the host and for each host
 * on the way. A profile made from an alias takes address, port and user from there; the file may have changed since.
 * @throws AppError `ssh.config-broken` (a mistake in the files, hosts that lead to each other), `ssh.config-unsupported`
 */
export async function resolveRoute(profile: Pick<SshProfile, 'address' | 'port' | 'user' | 'auth' | 'keyPath' | 'sshConfigAlias' | 'proxyJump'>, options: RouteOptions = {}): Promise<SshRoute> {
  const lookup = await ConfigLookup.open(options);
  const alias = profile.sshConfigAlias !== null && lookup.names(profile.sshConfigAlias) ? profile.sshConfigAlias : null;
  const settings = alias === null
    ? await lookup.ofTypedHost(profile.address, profile.user, profile.port)
    : await lookup.of(alias, null, null);
  const host: SshServer = { ...toServer(settings, settings.user ?? profile.user), auth: methodsOf(profile, settings) };
  const jumps = await new JumpSearch(lookup).before(alias ?? profile.address, settings, profile.proxyJump);
  return { host, jumps };
}

function toServer(settings: SshSettings, user: string): SshServer {
  return {
    address: settings.address, port: settings.port, user, auth: 'auto',
    identityFiles: settings.identityFiles.length > 0 ? settings.identityFiles : undefined,
    identitiesOnly: settings.identitiesOnly,
    agentSocket: settings.agentSocket,
    methods: settings.methods ?? undefined,
    hostKeyAlias: settings.hostKeyAlias ?? undefined,
    userKnownHostsFiles: settings.userKnownHostsFiles ?? undefined,
    systemKnownHostsFiles: settings.systemKnownHostsFiles ?? undefined,
    refusesUnknownKeys: settings.refusesUnknownKeys,
    addressFamily: settings.addressFamily ?? undefined,
    bindAddress: settings.bindAddress ?? undefined,
    readyTimeoutMs: settings.connectTimeoutMs ?? undefined,
    keepaliveIntervalMs: settings.keepaliveIntervalMs ?? undefined,
    keepaliveCountMax: settings.keepaliveCountMax ?? undefined,
    unsupported: settings.unsupported,
  };
}

/** What the profile says of logging in, with the configuration's keys where it names none itself. */
function methodsOf({ auth, keyPath }: Pick<SshProfile, 'auth' | 'keyPath'>, { identityFiles }: SshSettings): SshServer['auth'] {
  const files = keyPath === null ? identityFiles : [keyPath];
  switch (auth) {
    case 'auto': return 'auto';
    case 'agent': return [{ kind: 'agent' }, { kind: 'keyboard-interactive' }];
    case 'key': return [...files.map((file): AuthMethod => ({ kind: 'key', path: file })), { kind: 'keyboard-interactive' }];
    case 'password': return [{ kind: 'password' }, { kind: 'keyboard-interactive' }];
  }
}

/** Follows ProxyJump from a host to the first server of the way. */
class JumpSearch {
  readonly #jumps: SshServer[] = [];
  readonly #path: string[] = [];

  constructor(private readonly lookup: ConfigLookup) {}

  /** @param wanted the profile's or the command line's; it wins over the configuration, as `ssh -J` does. */
  async before(name: string, settings: SshSettings, wanted: string | null): Promise<SshServer[]> {
    this.#path.push(name.toLowerCase());
    await this.#follow(name, settings, wanted);
    return this.#jumps;
  }

  async #follow(name: string, settings: SshSettings, wanted: string | null): Promise<void> {
    const text = wanted ?? settings.proxyJump ?? jumpOfProxyCommand(name, settings);
    const hops = parseJumpHosts(text ?? '');
    if (hops === null) {
      throw new AppError(wanted === null ? 'ssh.config-broken' : 'input.invalid', 'The hosts on the way are not understood', `“${text}” is not of the form user@host:port, separated by commas.`, {
        field: 'proxyJump', hint: 'For example: ada@bastion.example.net:2222, inner-gate',
      });
    }
    const [first, ...others] = hops;
    if (!first) return;
    // As ssh(1) does: the first host may have hosts before it; between those of one list the way is given.
    const settingsOfFirst = await this.#settingsOf(first);
    this.#enter(first.host);
    await this.#follow(first.host, settingsOfFirst, null);
    this.#add(first, settingsOfFirst);
    for (const hop of others) {
      this.#enter(hop.host);
      this.#add(hop, await this.#settingsOf(hop));
    }
  }

  async #settingsOf({ host, user, port }: JumpHost): Promise<SshSettings> {
    return this.lookup.of(host, user, port);
  }

  #add(hop: JumpHost, settings: SshSettings): void {
    this.#jumps.push(toServer(settings, hop.user ?? settings.user ?? os.userInfo().username));
  }

  #enter(host: string): void {
    const name = host.toLowerCase();
    if (this.#path.includes(name) || this.#path.length > maxJumps) {
      throw new AppError('ssh.config-broken', 'The hosts on the way lead in a circle', `${[...this.#path, name].join(' → ')}: a connection would never arrive.`, {
        field: 'proxyJump', hint: 'Look for ProxyJump in ~/.ssh/config; “ProxyJump none” ends a way. A “Host *” section with a ProxyJump also counts for the jump host itself.',
      });
    }
    this.#path.push(name);
  }
}

/** @throws AppError `ssh.config-unsupported`: connecting past a proxy command would reach something else, or nothing. */
function jumpOfProxyCommand(name: string, { proxyCommand }: SshSettings): string | null {
  if (proxyCommand === null) return null;
  const jump = jumpOfCommand(proxyCommand);
  if (jump !== null) return jump;
  throw new AppError('ssh.config-unsupported', 'The SSH configuration uses a proxy command', `Connections to ${name} go through “${proxyCommand}”, which only ssh itself can run.`, {
    hint: 'In the host\'s settings, choose to connect with the system\'s ssh; or name the hosts on the way there.', field: 'client',
  });
}

/** What the configuration says of names: by ssh(1) where there is one, else by reading the files. */
class ConfigLookup {
  readonly #answers = new Map<string, Promise<SshSettings>>();

  private constructor(private readonly home: string, private readonly files: ConfigFiles, private readonly program: string | null) {}

  static async open({ homeDirectory, sshProgram }: RouteOptions): Promise<ConfigLookup> {
    const home = homeDirectory ?? os.homedir();
    return new ConfigLookup(home, await ConfigFiles.read(path.join(home, '.ssh', 'config'), home), sshProgram === undefined ? 'ssh' : sshProgram);
  }

  /** Does a `Host` line name this alias itself? */
  names(alias: string): boolean {
    return this.files.directives.some(({ keyword, values }) => keyword === 'host' && values.includes(alias));
  }

  /** @throws AppError `ssh.config-broken` */
  of(name: string, user: string | null, port: number | null): Promise<SshSettings> {
    const key = formatJumpHosts([{ user, host: name, port }]);
    let answer = this.#answers.get(key);
    if (!answer) {
      answer = this.#ask(name, user, port);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  /** A host that was typed can be reached whatever is wrong in the files. */
  async ofTypedHost(address: string, user: string, port: number): Promise<SshSettings> {
    try {
      return await this.of(address, user, port);
    } catch (error) {
      if (error instanceof AppError && error.code === 'ssh.config-broken') return this.#read(address, user, port);
      throw error;
    }
  }

  async #ask(name: string, user: string | null, port: number | null): Promise<SshSettings> {
    const values = this.program === null ? null : await querySshConfig({ name, user, port, file: await this.#fileForSsh(), program: this.program });
    if (values === null) {
      if (this.files.problem) throw this.files.problem;
      return this.#read(name, user, port);
    }
    const settings = readSettings(values, name, this.home, 'query');
    // ssh fills in the local user; only the files tell whether somebody wrote that down.
    const written = user ?? selectConfigValues(this.files.directives, name).values.get('user')?.[0] ?? null;
    const known = written ?? (settings.user === os.userInfo().username ? null : settings.user);
    return { ...settings, user: known };
  }

  #read(name: string, user: string | null, port: number | null): SshSettings {
    const { values, unknownMatches } = selectConfigValues(this.files.directives, name, { user });
    const settings = readSettings(values, name, this.home, 'files');
    return { ...settings, user: user ?? settings.user, port: port ?? settings.port, unsupported: [...unknownMatches, ...settings.unsupported] };
  }

  /** ssh(1) looks for its files in the home directory of the user database, we in that of the environment. */
  async #fileForSsh(): Promise<string | undefined> {
    if (this.home === os.userInfo().homedir) return undefined;
    const file = path.join(this.home, '.ssh', 'config');
    return access(file).then(() => file, () => 'none');
  }
}
