import { z } from 'zod';
import { appErrorDataSchema } from '../errors/app-error-data';
import { hostColours } from './host-colours';
import { parseJumpHosts } from './jump-hosts';
import { privilegeSchema } from './snapshot';

/** How to reach a host. `auto` tries the agent, then the usual key files, then asks for a password, as ssh(1) does. */
export const sshProfileSchema = z.object({
  kind: z.literal('ssh'),
  /** Name or address; an IPv6 address without brackets. */
  address: z.string().trim().min(1, 'An address is needed').max(255).regex(/^[^\s@/\p{Cc}]+$/u, 'A host name or an address, without user or port'),
  port: z.number().int().min(1, 'A port is 1 to 65535').max(65535, 'A port is 1 to 65535'),
  user: z.string().trim().min(1, 'A user name is needed').max(64).regex(/^[^\s:@/\p{Cc}-][^\s:@/\p{Cc}]*$/u, 'Not a user name'),
  auth: z.enum(['auto', 'agent', 'key', 'password']),
  /** Absolute, or starting with `~/`. Only for `key`. */
  keyPath: z.string().max(4096).nullable(),
  /** The Host name in `~/.ssh/config` it was picked from; its options are read anew at every connect. */
  sshConfigAlias: z.string().max(255).nullable(),
  /** Use sudo (or doas) where the user is not root. */
  useSudo: z.boolean(),
  /** Hosts on the way, as for `ssh -J`: `user@host:port,…`, each looked up in `~/.ssh/config` too. Null: what the config says. */
  proxyJump: z.string().trim().max(1024).refine((text) => parseJumpHosts(text) !== null, 'Hosts as for ssh -J: user@host:port, separated by commas').nullable().default(null),
  /** `system`: the computer's own ssh(1) carries the connection, for keys and options the built-in client can't use. */
  client: z.enum(['builtin', 'system']).default('builtin'),
});
export type SshProfile = z.infer<typeof sshProfileSchema>;

/** The computer the app runs on, without SSH. `rights`: how commands become root's where the user isn't; `none` relies on the group libvirt. */
export const localProfileSchema = z.object({
  kind: z.literal('local'),
  rights: z.enum(['sudo', 'pkexec', 'none']),
});
export type LocalProfile = z.infer<typeof localProfileSchema>;

const practiceProfileSchema = z.object({ kind: z.literal('practice') });

const connectionSchema = z.discriminatedUnion('kind', [sshProfileSchema, localProfileSchema, practiceProfileSchema]);
export type Connection = z.infer<typeof connectionSchema>;
/** What a user may add: there is one practice host, and it is always there. */
export const addedConnectionSchema = z.discriminatedUnion('kind', [sshProfileSchema, localProfileSchema]);
export type AddedConnection = z.infer<typeof addedConnectionSchema>;

export const hostProfileSchema = z.object({
  id: z.string(),
  name: z.string().trim().min(1, 'A name is needed').max(60, 'At most 60 characters'),
  connection: connectionSchema,
  /** Heading in the rail; null: none. */
  group: z.string().trim().min(1).max(40, 'At most 40 characters').nullable().default(null),
  colour: z.enum(hostColours).nullable().default(null),
  /** Kept, but never connected to, not even at start. */
  disabled: z.boolean().default(false),
});
export type HostProfile = z.infer<typeof hostProfileSchema>;

/** A host as it is first known: in no group, without a colour, in use. */
export const newHostProfile = (id: string, name: string, connection: Connection): HostProfile =>
  ({ id, name, connection, group: null, colour: null, disabled: false });

/** A secret that is kept for a host, without the secret. */
export const keptSecretSchema = z.object({
  hostId: z.string(),
  kind: z.enum(['password', 'passphrase', 'sudo-password']),
  /** Whose or of what: a user, or a key file. */
  subject: z.string(),
  /** `session`: in this process only, until it ends. */
  place: z.enum(['keychain', 'session']),
});
export type KeptSecret = z.infer<typeof keptSecretSchema>;

/** What a session is doing now; `failed` waits for the user, `reconnecting` retries by itself at `retryAt` (ISO 8601). */
export const sessionStateSchema = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('disconnected') }),
  z.object({ phase: z.literal('connecting'), step: z.enum(['reaching', 'host-key', 'authenticating', 'reading']) }),
  z.object({ phase: z.literal('connected'), since: z.string(), privilege: privilegeSchema }),
  z.object({ phase: z.literal('reconnecting'), attempt: z.number().int(), retryAt: z.string(), error: appErrorDataSchema }),
  z.object({ phase: z.literal('failed'), error: appErrorDataSchema }),
]);
export type SessionState = z.infer<typeof sessionStateSchema>;

export const hostViewSchema = z.object({ profile: hostProfileSchema, session: sessionStateSchema });
export type HostView = z.infer<typeof hostViewSchema>;

/** A question main asks the user while connecting. The answer goes back by `prompts.answer`; secrets never return here. */
export const promptSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('host-key'), id: z.string(), hostId: z.string(),
    address: z.string(), port: z.number(), algorithm: z.string(),
    /** `SHA256:…` as ssh-keygen(1) prints it. */
    fingerprint: z.string(),
    knownHostsFile: z.string(),
    /** The host this server is a jump for (`user@address`); null when it is the host itself. */
    onWayTo: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('secret'), id: z.string(), hostId: z.string(),
    /** `user@address` of the server that asks: the host, or one on the way to it. */
    server: z.string(),
    onWayTo: z.string().nullable(),
    secret: z.enum(['password', 'passphrase', 'sudo-password']),
    /** "Password for admin@10.0.0.12". */
    label: z.string(),
    /** Why it is asked again, after a wrong one. */
    problem: z.string().nullable(),
    /** False when this computer has no keychain to keep it in: then it is held for this session only. */
    canRemember: z.boolean(),
  }),
  /** Several questions of one round of keyboard-interactive (RFC 4256): a password and a code, for example. */
  z.object({
    kind: z.literal('questions'), id: z.string(), hostId: z.string(),
    server: z.string(),
    onWayTo: z.string().nullable(),
    /** What the server calls the round, and what it says first; both may be empty. */
    title: z.string(),
    instruction: z.string(),
    /** `echo`: what is typed may be shown. */
    questions: z.array(z.object({ label: z.string(), echo: z.boolean() })).min(1),
    problem: z.string().nullable(),
  }),
  /** Nothing to type here: "Touch your security key". Goes by itself when it is done; `cancel` gives the connection up. */
  z.object({ kind: z.literal('notice'), id: z.string(), hostId: z.string(), text: z.string() }),
]);
export type Prompt = z.infer<typeof promptSchema>;

export const promptAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('host-key'), accept: z.boolean() }),
  z.object({ kind: z.literal('secret'), value: z.string().max(4096), remember: z.boolean() }),
  /** One value for each question, in their order. */
  z.object({ kind: z.literal('questions'), values: z.array(z.string().max(4096)).max(32) }),
  z.object({ kind: z.literal('cancel') }),
]);
export type PromptAnswer = z.infer<typeof promptAnswerSchema>;

/** A `Host` entry of `~/.ssh/config`, resolved. */
export const sshConfigEntrySchema = z.object({
  alias: z.string(), address: z.string(), port: z.number(), user: z.string().nullable(), keyPath: z.string().nullable(),
  /** Hosts on the way, as for `ssh -J`. */
  proxyJump: z.string().nullable(),
  /** Options the built-in client does not follow, for example ProxyCommand: shown, never ignored in silence. */
  unsupported: z.array(z.string()),
});
export type SshConfigEntry = z.infer<typeof sshConfigEntrySchema>;
