import { hostProfileSchema, sshProfileSchema } from '../../../shared/domain/host';
import type { HostProfile, SshConfigEntry, SshProfile } from '../../../shared/domain/host';
import { parseHostAddress } from './parse-host-address';

/** The host form as it is typed: texts and choices, valid or not. */
export interface HostDraft {
  name: string;
  address: string;
  port: string;
  user: string;
  auth: SshProfile['auth'];
  keyPath: string;
  sshConfigAlias: string | null;
  useSudo: boolean;
  proxyJump: string;
  client: SshProfile['client'];
}

export type HostField = 'name' | 'address' | 'port' | 'user' | 'auth' | 'keyPath';

export const emptyDraft: HostDraft = { name: '', address: '', port: '22', user: 'root', auth: 'auto', keyPath: '', sshConfigAlias: null, useSudo: false, proxyJump: '', client: 'builtin' };

export function draftOf(profile: HostProfile): HostDraft {
  const { connection } = profile;
  if (connection.kind !== 'ssh') return { ...emptyDraft, name: profile.name };
  return {
    name: profile.name, address: connection.address, port: String(connection.port), user: connection.user, auth: connection.auth, keyPath: connection.keyPath ?? '',
    sshConfigAlias: connection.sshConfigAlias, useSudo: connection.useSudo,
    proxyJump: connection.proxyJump ?? '', client: connection.client,
  };
}

/** The draft with a pasted `user@host:port` spread over its fields. A name that was the address follows it. */
export function spreadAddress(draft: HostDraft, text: string): HostDraft {
  const parts = parseHostAddress(text);
  return {
    ...draft, address: parts.address, user: parts.user ?? draft.user, port: parts.port === null ? draft.port : String(parts.port),
    useSudo: parts.user !== null && parts.user !== 'root' && draft.user === 'root' ? true : draft.useSudo,
  };
}

/** The draft with what an entry of `~/.ssh/config` says. */
export function draftFromEntry(draft: HostDraft, entry: SshConfigEntry): HostDraft {
  return {
    ...draft, name: draft.name || entry.alias, address: entry.address, port: String(entry.port), user: entry.user ?? draft.user,
    auth: entry.keyPath ? 'key' : draft.auth, keyPath: entry.keyPath ?? draft.keyPath, sshConfigAlias: entry.alias,
  };
}

export type DraftResult = { ok: true; name: string; connection: SshProfile } | { ok: false; problems: Partial<Record<HostField, string>> };

/** The domain object, or a sentence for each field that is wrong. An empty name becomes the address. */
export function toProfile(draft: HostDraft): DraftResult {
  const problems: Partial<Record<HostField, string>> = {};
  const name = hostProfileSchema.shape.name.safeParse(draft.name.trim() || draft.address.trim().slice(0, 60));
  if (!name.success && draft.address.trim()) problems.name = name.error.issues[0]!.message;
  const connection = sshProfileSchema.safeParse({
    kind: 'ssh', address: draft.address, port: /^\d+$/.test(draft.port.trim()) ? Number(draft.port) : 0, user: draft.user, auth: draft.auth,
    keyPath: draft.auth === 'key' ? draft.keyPath.trim() : null, sshConfigAlias: draft.sshConfigAlias, useSudo: draft.useSudo,
    proxyJump: draft.proxyJump.trim() || null, client: draft.client,
  });
  for (const issue of connection.error?.issues ?? []) {
    const field = issue.path[0] as HostField;
    problems[field] ??= issue.message;
  }
  if (draft.auth === 'key' && !/^(~\/|\/|[A-Za-z]:\\)/.test(draft.keyPath.trim())) problems.keyPath = draft.keyPath.trim() ? 'A full path, or one that starts with ~/' : 'Choose a key file';
  if (Object.keys(problems).length > 0 || !connection.success || !name.success) return { ok: false, problems };
  return { ok: true, name: name.data, connection: connection.data };
}

/** The field an error of main belongs to, from a path like `connection.keyPath`. */
export function fieldOfError(path: string | undefined): HostField | null {
  const last = path?.split('.').pop();
  return last === 'name' || last === 'address' || last === 'port' || last === 'user' || last === 'auth' || last === 'keyPath' ? last : null;
}
