import { z } from 'zod';
import { activityEntrySchema } from '../domain/activity';
import { addedConnectionSchema, hostProfileSchema, hostViewSchema, keptSecretSchema, promptAnswerSchema, promptSchema, sshConfigEntrySchema } from '../domain/host';
import { intentSchema } from '../domain/intent';
import { formKindSchema, networkProposalSchema } from '../domain/network-spec';
import { historyEntrySchema, historyRowSchema, planRunSchema, planSchema } from '../domain/plan';
import { preflightReportSchema } from '../domain/preflight/finding';
import { hostSnapshotSchema } from '../domain/snapshot';
import { usedRangeSchema } from '../domain/used-range';
import { longestDocument, xmlVerdictSchema } from '../domain/xml-problem';
import { appErrorDataSchema } from '../errors/app-error-data';
import { aboutSchema, settingsSchema } from './app';
import { conversionProcedures } from './conversions';
import { labFileProcedures, labProcedures } from './labs';
import { terminalProcedures } from './terminals';
import { rehearsalProcedures } from './rehearsal';

/**
 * The whole of what the window may ask of the main process. Preload, renderer client, handlers and test fakes derive
 * from this one table; a channel that is not here does not exist. `input` is parsed in main (the renderer is not
 * trusted), and both `input` and `output` in the renderer, so that a mismatch fails where it is made, not three screens later.
 */
const hostId = z.string().min(1).max(64);
const id = z.string().min(1).max(128);

export const procedures = {
  'hosts.list': { input: z.void(), output: z.array(hostViewSchema) },
  'hosts.add': {
    input: z.object({ name: z.string(), connection: addedConnectionSchema, group: hostProfileSchema.shape.group, colour: hostProfileSchema.shape.colour }),
    output: hostViewSchema,
  },
  'hosts.update': { input: hostProfileSchema, output: hostViewSchema },
  /** Forgets the host, its secrets and its last snapshot; its history stays. */
  'hosts.remove': { input: z.object({ hostId }), output: z.void() },
  /** `problem`: why the file could not be read in full, with line and what is wrong. */
  'hosts.readSshConfig': { input: z.void(), output: z.object({ path: z.string(), entries: z.array(sshConfigEntrySchema), problem: appErrorDataSchema.nullable() }) },
  /** Whether the computer the app runs on can be a host ("This computer"); `reason` says why not, in a sentence. */
  'hosts.localAvailable': { input: z.void(), output: z.object({ available: z.boolean(), reason: z.string().nullable() }) },
  /** The hosts in their new order; one that is not named keeps its place behind them. */
  'hosts.reorder': { input: z.object({ hostIds: z.array(hostId).max(10_000) }), output: z.void() },
  'hosts.forgetSecrets': { input: z.object({ hostId }), output: z.void() },
  /** What is kept, and where; never a secret itself. Null: of all hosts. */
  'secrets.list': { input: z.object({ hostId: hostId.nullable() }), output: z.array(keptSecretSchema) },
  'secrets.forgetAll': { input: z.void(), output: z.void() },

  'sessions.connect': { input: z.object({ hostId }), output: z.void() },
  'sessions.disconnect': { input: z.object({ hostId }), output: z.void() },
  'sessions.retryNow': { input: z.object({ hostId }), output: z.void() },
  /** The window saw this computer's network come back: sessions are looked after at once. */
  'sessions.networkChanged': { input: z.void(), output: z.void() },
  'prompts.list': { input: z.void(), output: z.array(promptSchema) },
  'prompts.answer': { input: z.object({ promptId: id, answer: promptAnswerSchema }), output: z.void() },

  /** `stale`: the session is down, this is how the host was. Null: never read. */
  'inventory.get': { input: z.object({ hostId }), output: z.object({ snapshot: hostSnapshotSchema, stale: z.boolean() }).nullable() },
  /** Rereads everything, or only what emits no event (leases, links, autostart) when `scope` is `quiet`. */
  'inventory.refresh': { input: z.object({ hostId, scope: z.enum(['all', 'quiet']) }), output: z.void() },
  /** `running` is null when inactive; `persistent` is null for a transient object. */
  'inventory.xml': {
    input: z.object({ hostId, object: z.enum(['network', 'machine']), uuid: id }),
    output: z.object({ running: z.string().nullable(), persistent: z.string().nullable() }),
  },

  /** What stands in the way of virtual networks on a host, as last looked at; null: never. */
  'preflight.get': { input: z.object({ hostId }), output: preflightReportSchema.nullable() },
  /** Looks anew, also at what emits no event (services, packages, groups). */
  'preflight.refresh': { input: z.object({ hostId }), output: preflightReportSchema },

  /** A new network of this kind, everything filled in and free. */
  'networks.propose': { input: z.object({ hostId, kind: formKindSchema }), output: networkProposalSchema },
  /** An existing network as the wizard of its kind edits it, from its persistent definition. */
  'networks.draft': { input: z.object({ hostId, uuid: id }), output: networkProposalSchema },

  /** What could clash with a new network, for checking a document while it is typed. */
  'networks.usedRanges': { input: z.object({ hostId }), output: z.array(usedRangeSchema) },
  /** Has the host's libvirt judge a definition, changing nothing. */
  'networks.judgeXml': { input: z.object({ hostId, xml: z.string().max(longestDocument) }), output: xmlVerdictSchema },
  /** A copy of a network's definition that is free of clashes. */
  'networks.duplicateXml': { input: z.object({ hostId, uuid: id }), output: z.object({ uuid: z.string(), xml: z.string() }) },

  'plan.preview': { input: z.object({ hostId, intent: intentSchema }), output: planSchema },
  /** Plans again, refuses with `plan.stale` if the result differs from `digest`, then runs. Progress comes by event. */
  'plan.apply': { input: z.object({ hostId, intent: intentSchema, digest: z.string() }), output: planRunSchema },
  'plan.cancel': { input: z.object({ runId: id }), output: z.void() },
  /** The runs that are under way, so that a reloaded window finds them again. */
  'plan.running': { input: z.void(), output: z.array(planRunSchema) },

  'history.list': { input: z.object({ hostId: hostId.nullable() }), output: z.array(historyRowSchema) },
  'history.get': { input: z.object({ historyId: id }), output: historyEntrySchema },

  'activity.list': { input: z.object({ hostId }), output: z.array(activityEntrySchema) },

  ...labProcedures,

  ...conversionProcedures,

  ...terminalProcedures,

  ...rehearsalProcedures,

  'settings.get': { input: z.void(), output: settingsSchema },
  'settings.update': { input: settingsSchema.partial(), output: settingsSchema },

  /** The window shows its first picture: now hosts may be connected to, which would have held it up. */
  'app.shown': { input: z.void(), output: z.void() },
  'app.about': { input: z.void(), output: aboutSchema },
  'app.copyText': { input: z.object({ text: z.string().max(4_000_000) }), output: z.void() },
  /** Pastes the clipboard into what has the focus, as the keys do: the page itself can't read it. */
  'app.paste': { input: z.void(), output: z.void() },
  /** Opens an address in the system's browser, after asking the user with the site's name. False: they'd rather not. */
  'app.openExternal': { input: z.object({ url: z.url({ protocol: /^https?$/ }).max(4096) }), output: z.boolean() },
  /** The system's file dialog; null when it was cancelled. */
  'app.chooseKeyFile': { input: z.void(), output: z.string().nullable() },
  /** Saves texts where the user says: one by a save dialog, several into a folder. The names of the files; null: cancelled. */
  'app.saveTextFiles': { input: z.object({ files: z.array(z.object({ name: z.string().min(1).max(200), text: z.string().max(longestDocument * 4) })).min(1).max(1000) }), output: z.array(z.string()).nullable() },
  /** The contents of the XML files the user chooses; `problem`: why one can't be read. None: cancelled. */
  'app.openXmlFiles': { input: z.void(), output: z.array(z.object({ name: z.string(), text: z.string().nullable(), problem: z.string().nullable() })) },
  ...labFileProcedures,
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type Procedures = typeof procedures;
export type ProcedureName = keyof Procedures;
export type ProcedureInput<N extends ProcedureName> = z.infer<Procedures[N]['input']>;
export type ProcedureOutput<N extends ProcedureName> = z.infer<Procedures[N]['output']>;

/** The reply of every invoke: errors travel as data, for Electron would flatten a thrown one to its message. */
export type ProcedureReply<N extends ProcedureName> =
  | { ok: true; value: ProcedureOutput<N> }
  | { ok: false; error: z.infer<typeof appErrorDataSchema> };

/** Electron IPC channel of a procedure and of an event. */
export const procedureChannel = (name: ProcedureName): string => `netwright:${name}`;
