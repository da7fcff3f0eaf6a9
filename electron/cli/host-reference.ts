import { userInfo } from 'node:os';
import { newHostProfile, sshProfileSchema, type HostProfile, type SshProfile } from '../../shared/domain/host';
import type { SshConfigEntry } from '../../shared/domain/host';
import { parseJumpHost } from '../../shared/domain/jump-hosts';
import { AppError } from '../../shared/errors/app-error';
import type { CommonOptions } from './arguments';

export interface ReferenceSources {
  findByName(name: string): HostProfile | undefined;
  sshAlias(alias: string): Promise<SshConfigEntry | null>;
}

/**
 * HOST of the command line: a name from the app, `practice`, `local` (this computer), `ssh://user@address:port` (RFC
 * 3986 authority, IPv6 in brackets), or an alias of `~/.ssh/config`. The latter two get the reference itself as id, so that their history is
 * found again.
 */
export async function resolveHost(reference: string, options: CommonOptions, sources: ReferenceSources): Promise<HostProfile> {
  const known = reference === 'practice' ? sources.findByName('Practice host') : sources.findByName(reference);
  if (known) return withOptions(known, options);
  if (reference === 'local') return withOptions(newHostProfile('local', 'this computer', { kind: 'local', rights: 'none' }), options);
  if (reference.startsWith('ssh://')) return withOptions(fromUrl(reference), options);
  const entry = await sources.sshAlias(reference);
  if (!entry) {
    throw new AppError('not-found', 'No such host', `“${reference}” is neither a host of the app nor an alias in ~/.ssh/config.`, {
      hint: 'netwright hosts lists the names; ssh://user@address names any host.',
    });
  }
  const connection = sshProfile({ address: entry.address, port: entry.port, user: entry.user, sshConfigAlias: entry.alias });
  return withOptions(newHostProfile(`alias:${entry.alias}`, entry.alias, connection), options);
}

/** RFC 3986 and, for a zone (`ssh://[fe80::1%25eth0]`), RFC 6874: the URL class takes no zones. */
function fromUrl(reference: string): HostProfile {
  const server = parseJumpHost(reference);
  if (!server) throw malformed(reference);
  const connection = sshProfile({ address: server.host, port: server.port ?? 22, user: server.user, sshConfigAlias: null });
  const shown = server.host.includes(':') ? `[${server.host.replace('%', '%25')}]` : server.host;
  return newHostProfile(`ssh://${connection.user}@${shown}:${connection.port}`, `${connection.user}@${shown}`, connection);
}

/** Keys, agent and hosts on the way are what `~/.ssh/config` says. */
function sshProfile(parts: { address: string; port: number; user: string | null; sshConfigAlias: string | null }): SshProfile {
  const parsed = sshProfileSchema.safeParse({
    kind: 'ssh', address: parts.address, port: parts.port, user: parts.user ?? userInfo().username,
    auth: 'auto', keyPath: null, sshConfigAlias: parts.sshConfigAlias, useSudo: false, proxyJump: null, client: 'builtin',
  });
  if (parsed.success) return parsed.data;
  throw new AppError('input.invalid', 'The host is not understood', parsed.error.issues[0]?.message ?? 'A part is wrong.');
}

function withOptions(profile: HostProfile, options: CommonOptions): HostProfile {
  if (options.pkexec && (options.sudo || profile.connection.kind !== 'local')) {
    throw new AppError('input.invalid', 'The command line is not understood', options.sudo ? '--sudo and --pkexec exclude each other.' : '--pkexec is for this computer: polkit asks whoever sits in front of it.', {
      hint: 'Use --sudo for other hosts.',
    });
  }
  if (profile.connection.kind === 'local') {
    const rights = options.sudo ? 'sudo' : options.pkexec ? 'pkexec' : profile.connection.rights;
    return { ...profile, connection: { kind: 'local', rights } };
  }
  if (profile.connection.kind !== 'ssh') return profile;
  const connection = { ...profile.connection };
  if (options.identity !== undefined) {
    connection.auth = 'key';
    connection.keyPath = options.identity;
  } else if (options['password-stdin'] && connection.auth === 'auto' && !connection.sshConfigAlias) {
    connection.auth = 'password';
  }
  if (options.sudo) connection.useSudo = true;
  if (options.jump !== undefined) connection.proxyJump = options.jump;
  if (options.client !== undefined) connection.client = clientOf(options.client);
  if (!sshProfileSchema.safeParse(connection).success) {
    throw new AppError('input.invalid', 'The hosts on the way are not understood', `“${options.jump ?? ''}” is not of the form user@host:port, separated by commas.`, {
      hint: 'For example: -J ada@bastion.example.net:2222,inner-gate', field: 'proxyJump',
    });
  }
  return { ...profile, connection };
}

function clientOf(name: string): SshProfile['client'] {
  if (name === 'builtin' || name === 'system') return name;
  throw new AppError('input.invalid', 'The client is not known', `--client takes builtin or system, not “${name}”.`);
}

function malformed(reference: string): AppError {
  return new AppError('input.invalid', 'The host is not understood', `“${reference}” is not of the form ssh://user@address:port.`, {
    hint: 'A password is never part of it: use --password-stdin.',
  });
}
