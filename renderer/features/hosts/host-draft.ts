import { addedConnectionSchema, hostProfileSchema } from '../../../shared/domain/host';
import type { AddedConnection, HostProfile, LocalProfile, SshConfigEntry, SshProfile } from '../../../shared/domain/host';
import { parseJumpHosts } from '../../../shared/domain/jump-hosts';
import { parseHostAddress } from './parse-host-address';

/** The host form as it is typed: texts and choices, valid or not. */
export interface HostDraft {
  kind: AddedConnection['kind'];
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
  /** This computer only. */
  rights: LocalProfile['rights'];
  group: string;
  colour: HostProfile['colour'];
}

const fields = ['name', 'address', 'port', 'user', 'auth', 'keyPath', 'proxyJump', 'client', 'rights', 'group'] as const;
export type HostField = (typeof fields)[number];

export const emptyDraft: HostDraft = {
  kind: 'ssh', name: '', address: '', port: '22', user: 'root', auth: 'auto', keyPath: '', sshConfigAlias: null, useSudo: false, proxyJump: '', client: 'builtin',
  rights: 'sudo', group: '', colour: null,
};

export function draftOf({ name, connection, group, colour }: HostProfile): HostDraft {
  const common = { ...emptyDraft, name, group: group ?? '', colour };
  switch (connection.kind) {
    case 'practice': return common;
    case 'local': return { ...common, kind: 'local', rights: connection.rights };
    case 'ssh': return {
      ...common, kind: 'ssh', address: connection.address, port: String(connection.port), user: connection.user, auth: connection.auth, keyPath: connection.keyPath ?? '',
      sshConfigAlias: connection.sshConfigAlias, useSudo: connection.useSudo, proxyJump: connection.proxyJump ?? '', client: connection.client,
    };
  }
}

/** The draft with a pasted `user@host:port` spread over its fields. A name that was the address follows it. */
export function spreadAddress(draft: HostDraft, text: string): HostDraft {
  const parts = parseHostAddress(text);
  return {
    ...draft, address: parts.address, user: parts.user ?? draft.user, port: parts.port === null ? draft.port : String(parts.port),
    useSudo: parts.user !== null && parts.user !== 'root' && draft.user === 'root' ? true : draft.useSudo,
  };
}

/** The draft with what an entry of `~/.ssh/config` says. Its hosts on the way are read there at every connect. */
export function draftFromEntry(draft: HostDraft, entry: SshConfigEntry): HostDraft {
  return {
    ...draft, name: draft.name || entry.alias, address: entry.address, port: String(entry.port), user: entry.user ?? draft.user,
    // Keys stay the configuration's: it may name several, and is read again at every connect.
    auth: 'auto', keyPath: '', sshConfigAlias: entry.alias, proxyJump: '',
  };
}

export type DraftedHost = Pick<HostProfile, 'name' | 'group' | 'colour'> & { connection: AddedConnection };
export type DraftResult = { ok: true; host: DraftedHost } | { ok: false; problems: Partial<Record<HostField, string>> };

const localName = 'This computer';

function connectionOf(draft: HostDraft): unknown {
  if (draft.kind === 'local') return { kind: 'local', rights: draft.rights };
  return {
    kind: 'ssh', address: draft.address, port: /^\d+$/.test(draft.port.trim()) ? Number(draft.port) : 0, user: draft.user, auth: draft.auth,
    keyPath: draft.auth === 'key' ? draft.keyPath.trim() : null, sshConfigAlias: draft.sshConfigAlias, useSudo: draft.useSudo,
    proxyJump: draft.proxyJump.trim() || null, client: draft.client,
  };
}

/** The domain object, or a sentence for each field that is wrong. An empty name becomes the address. */
export function toHost(draft: HostDraft): DraftResult {
  const problems: Partial<Record<HostField, string>> = {};
  const fallbackName = draft.kind === 'local' ? localName : draft.address.trim().slice(0, 60);
  const name = hostProfileSchema.shape.name.safeParse(draft.name.trim() || fallbackName);
  if (!name.success && fallbackName) problems.name = name.error.issues[0]!.message;
  const group = hostProfileSchema.shape.group.safeParse(draft.group.trim() || null);
  if (!group.success) problems.group = group.error.issues[0]!.message;
  const connection = addedConnectionSchema.safeParse(connectionOf(draft));
  for (const issue of connection.error?.issues ?? []) {
    const field = issue.path[0] as HostField;
    problems[field] ??= issue.message;
  }
  if (draft.kind === 'ssh') {
    if (draft.auth === 'key' && !/^(~\/|\/|[A-Za-z]:\\)/.test(draft.keyPath.trim())) problems.keyPath = draft.keyPath.trim() ? 'A full path, or one that starts with ~/' : 'Choose a key file';
    if (parseJumpHosts(draft.proxyJump) === null) problems.proxyJump = 'Hosts separated by commas, each as user@host:port; user and port may be left out';
  }
  if (Object.keys(problems).length > 0 || !connection.success || !name.success || !group.success) return { ok: false, problems };
  return { ok: true, host: { name: name.data, group: group.data, colour: draft.colour, connection: connection.data } };
}

/** The field an error of main belongs to, from a path like `connection.keyPath`. */
export function fieldOfError(path: string | undefined): HostField | null {
  const last = path?.split('.').pop();
  return fields.find((field) => field === last) ?? null;
}
