import { userInfo } from 'node:os';
import { newHostProfile, sshProfileSchema, type HostProfile, type SshProfile } from '../../shared/domain/host';
import type { SshConfigEntry } from '../../shared/domain/host';
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
  const connection = sshProfile({ address: entry.address, port: entry.port, user: entry.user, keyPath: entry.keyPath, sshConfigAlias: entry.alias });
  return withOptions(newHostProfile(`alias:${entry.alias}`, entry.alias, connection), options);
}

function fromUrl(reference: string): HostProfile {
  let url: URL;
  try {
    url = new URL(reference);
  } catch {
    throw malformed(reference);
  }
  if (url.password || (url.pathname && url.pathname !== '/') || url.search || url.hash || !url.hostname) throw malformed(reference);
  const address = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const connection = sshProfile({
    address: decodeURIComponent(address), port: url.port ? Number(url.port) : 22, user: url.username ? decodeURIComponent(url.username) : null, keyPath: null, sshConfigAlias: null,
  });
  const shown = address.includes(':') ? `[${address}]` : address;
  return newHostProfile(`ssh://${connection.user}@${shown}:${connection.port}`, `${connection.user}@${shown}`, connection);
}

function sshProfile(parts: { address: string; port: number; user: string | null; keyPath: string | null; sshConfigAlias: string | null }): SshProfile {
  const parsed = sshProfileSchema.safeParse({
    kind: 'ssh', address: parts.address, port: parts.port, user: parts.user ?? userInfo().username,
    auth: parts.keyPath ? 'key' : 'auto', keyPath: parts.keyPath, sshConfigAlias: parts.sshConfigAlias, useSudo: false, proxyJump: null, client: 'builtin',
  });
  if (parsed.success) return parsed.data;
  throw new AppError('input.invalid', 'The host is not understood', parsed.error.issues[0]?.message ?? 'A part is wrong.');
}

function withOptions(profile: HostProfile, options: CommonOptions): HostProfile {
  if (profile.connection.kind === 'local') return options.sudo ? { ...profile, connection: { kind: 'local', rights: 'sudo' } } : profile;
  if (profile.connection.kind !== 'ssh') return profile;
  const connection = { ...profile.connection };
  if (options.identity !== undefined) {
    connection.auth = 'key';
    connection.keyPath = options.identity;
  } else if (options['password-stdin'] && connection.auth === 'auto' && !connection.sshConfigAlias) {
    connection.auth = 'password';
  }
  if (options.sudo) connection.useSudo = true;
  return { ...profile, connection };
}

function malformed(reference: string): AppError {
  return new AppError('input.invalid', 'The host is not understood', `“${reference}” is not of the form ssh://user@address:port.`, {
    hint: 'A password is never part of it: use --password-stdin.',
  });
}
