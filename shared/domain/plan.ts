import { z } from 'zod';
import { appErrorDataSchema } from '../errors/app-error-data';
import { intentSchema } from './intent';
import { roleMarkSchema } from './labs/role-mark';
import { machineStateSchema, nicSettingsSchema } from './machine';
import { nicExtentSchema } from './machine-intent';
import { systemItemSchema } from './preflight/system-item';
import { routerStateSchema } from './router/router-state';
import { switchStateSchema } from './switch-state';

/** One process on the host: an argument vector, never a shell line; `stdin` is text shown to the user as `name`. */
export const commandSchema = z.object({
  argv: z.array(z.string()).min(1),
  stdin: z.object({ name: z.string(), text: z.string() }).optional(),
});
export type Command = z.infer<typeof commandSchema>;

/** A document as it is and as it will be; null is absence. */
export const documentChangeSchema = z.object({
  title: z.string(), language: z.enum(['xml', 'text']), before: z.string().nullable(), after: z.string().nullable(),
});
export type DocumentChange = z.infer<typeof documentChangeSchema>;

const sideSchema = nicExtentSchema.exclude(['both']);

const nicAbsentSchema = z.object({ kind: z.literal('nic-absent'), uuid: z.string(), mac: z.string(), extent: sideSchema });

const machineStateCheckSchema = z.object({ kind: z.literal('machine-state'), uuid: z.string(), state: z.enum(['running', 'shut-off']), patienceMs: z.number().int() });

/** Something that can be looked at on the host. All are reads. */
export const conditionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('network-active'), uuid: z.string(), active: z.boolean() }),
  z.object({ kind: z.literal('network-autostart'), uuid: z.string(), autostart: z.boolean() }),
  z.object({ kind: z.literal('network-absent'), uuid: z.string(), name: z.string() }),
  z.object({ kind: z.literal('network-definition'), uuid: z.string(), xml: z.string() }),
  /** `address` null: the host has none there. */
  z.object({ kind: z.literal('bridge-up'), bridge: z.string(), address: z.string().nullable(), prefix: z.number() }),
  z.object({ kind: z.literal('bridge-absent'), bridge: z.string() }),
  /** What a network is attached to; `bridge`: it has to be a Linux bridge. */
  z.object({ kind: z.literal('link-present'), device: z.string(), bridge: z.boolean() }),
  z.object({ kind: z.literal('ovs-bridge-up'), bridge: z.string() }),
  z.object({ kind: z.literal('ovs-bridge-absent'), bridge: z.string() }),
  z.object({ kind: z.literal('dns-answers'), address: z.string(), bridge: z.string() }),
  z.object({ kind: z.literal('dhcp-listens'), bridge: z.string() }),
  z.object({ kind: z.literal('route-present'), destination: z.string(), device: z.string() }),
  z.object({ kind: z.literal('nat-rules'), subnet: z.string(), bridge: z.string(), present: z.boolean() }),
  /** libvirt's forwarding rules: `routed` accepts both ways, `isolated` rejects, `open` has none. `subnet` null: the network has no address of that family. */
  z.object({ kind: z.literal('forward-rules'), mode: z.enum(['routed', 'open', 'isolated']), subnet: z.string().nullable(), bridge: z.string() }),
  z.object({ kind: z.literal('tftp-listens'), address: z.string() }),
  z.object({ kind: z.literal('ports-isolated'), bridge: z.string(), taps: z.array(z.string()) }),
  /** What net-update did is in what runs. `entries` as given to it. */
  z.object({ kind: z.literal('live-entries'), uuid: z.string(), entries: z.array(z.object({ section: z.string(), xml: z.string(), present: z.boolean() })) }),
  z.object({ kind: z.literal('machines-plugged'), bridge: z.string(), taps: z.array(z.string()) }),
  /** `enabled` null: it is not asked. A service whose socket listens counts as active. */
  z.object({ kind: z.literal('unit-state'), unit: z.string(), active: z.boolean(), enabled: z.boolean().nullable() }),
  z.object({ kind: z.literal('tool-found'), tool: z.string() }),
  z.object({ kind: z.literal('group-member'), group: z.string(), user: z.string(), member: z.boolean() }),
  z.object({ kind: z.literal('sysctl-value'), key: z.string(), value: z.string() }),
  z.object({ kind: z.literal('dns-port-free') }),
  z.object({ kind: z.literal('service-answers'), service: z.enum(['libvirt', 'ovs']) }),
  /** `place`: as `placeOf` of nic-place.ts puts it. Null: it doesn't matter. */
  z.object({
    kind: z.literal('nic-present'), uuid: z.string(), mac: z.string(), extent: sideSchema, place: z.string().nullable(), model: z.string().nullable(),
  }),
  nicAbsentSchema,
  z.object({ kind: z.literal('nic-link'), uuid: z.string(), mac: z.string(), extent: sideSchema, up: z.boolean() }),
  z.object({ kind: z.literal('nic-bandwidth'), uuid: z.string(), mac: z.string(), extent: sideSchema, bandwidth: nicSettingsSchema.shape.bandwidth }),
  /** Its metadata tells exactly these labs. */
  z.object({ kind: z.literal('machine-roles'), uuid: z.string(), roles: z.array(roleMarkSchema) }),
  machineStateCheckSchema,
]);

/** `attempts`: how often the command is run at most, each time with this patience. plan-script.ts says each such condition in shell, too. */
const awaitedSchema = z.object({ check: z.discriminatedUnion('kind', [nicAbsentSchema, machineStateCheckSchema]), patienceMs: z.number().int(), attempts: z.number().int().min(1), otherwise: z.string() });

export const planStepSchema = z.object({
  id: z.string(),
  /** What happens, in plain words: "Define the network lab-web, bridge virbr6, host address 10.20.30.1/24". */
  title: z.string(),
  command: commandSchema,
  /** Commands that take this step back, in the order they run. */
  inverse: z.array(commandSchema),
  inverseTitle: z.string(),
  /** What it does stays when a later step fails, and Undo leaves it: `inverseTitle` says why. */
  lasting: z.boolean().optional(),
  /** The plan goes on when it fails. */
  optional: z.boolean().optional(),
  /** Default 30 s. A command that may take longer tells its progress. */
  timeoutMs: z.number().int().optional(),
  /** What the command only asks for: it is waited for after it has answered, and the step fails by `otherwise` when it doesn't come. */
  until: awaitedSchema.optional(),
  /** The same of the last command of `inverse`. */
  inverseUntil: awaitedSchema.optional(),
});
export type PlanStep = z.infer<typeof planStepSchema>;

/** What is looked at after the last step. */
export const planCheckSchema = z.object({
  id: z.string(),
  title: z.string(),
  check: conditionSchema,
});
export type PlanCheck = z.infer<typeof planCheckSchema>;

export const planSchema = z.object({
  hostId: z.string(),
  intent: intentSchema,
  /** "Create NAT network lab-web" */
  title: z.string(),
  /** One or two sentences on the whole. */
  summary: z.string(),
  steps: z.array(planStepSchema),
  checks: z.array(planCheckSchema),
  changes: z.array(documentChangeSchema),
  /** What is lost or could surprise: machines that drop, leases forgotten. */
  notices: z.array(z.object({ severity: z.enum(['info', 'warning']), text: z.string() })),
  /** SHA-256 over steps and checks: what was reviewed is what runs. */
  digest: z.string(),
});
export type Plan = z.infer<typeof planSchema>;

export const commandOutcomeSchema = z.object({
  exitCode: z.number().nullable(), stdout: z.string(), stderr: z.string(), durationMs: z.number(),
});
export type CommandOutcome = z.infer<typeof commandOutcomeSchema>;

export const stepRunSchema = z.object({
  state: z.enum(['waiting', 'running', 'done', 'failed', 'not-run', 'undoing', 'undone', 'undo-failed', 'unknown']),
  outcome: commandOutcomeSchema.nullable(),
  inverseOutcomes: z.array(commandOutcomeSchema),
  /** Of a command that runs for long: the line it printed last. */
  progress: z.string().optional(),
});
export type StepRun = z.infer<typeof stepRunSchema>;

export const checkRunSchema = z.object({
  /** `unknown`: it could not be looked at (no right to), which is not a pass. */
  state: z.enum(['waiting', 'running', 'passed', 'failed', 'unknown', 'not-run']),
  detail: z.string(),
});
export type CheckRun = z.infer<typeof checkRunSchema>;

/**
 * A plan on its way. `outcome` is set at the end: `applied` (all steps done; checks may still have failed, see them),
 * `rolled-back` (a step failed or the user cancelled, and every finished step was taken back),
 * `half-done` (taking back failed or the connection was lost: each step says what is known).
 */
export const planRunSchema = z.object({
  id: z.string(),
  plan: planSchema,
  phase: z.enum(['applying', 'cancelling', 'rolling-back', 'verifying', 'ended']),
  steps: z.array(stepRunSchema),
  checks: z.array(checkRunSchema),
  outcome: z.enum(['applied', 'rolled-back', 'half-done']).nullable(),
  cancelled: z.boolean(),
  error: appErrorDataSchema.nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
});
export type PlanRun = z.infer<typeof planRunSchema>;

/** A network as a plan finds or leaves it. `xml`: what its next start uses (a transient network's running XML); null: there is none. */
export const networkStateSchema = z.object({
  uuid: z.string(), name: z.string(), xml: z.string().nullable(), active: z.boolean(), autostart: z.boolean(),
  /** False: it has no definition and is gone once stopped. Absent: true. */
  persistent: z.boolean().optional(),
});
export type NetworkState = z.infer<typeof networkStateSchema>;

/** A machine as a plan finds or leaves it: its power and the `<interface>` elements of both its XMLs. */
export const machineConditionSchema = z.object({
  uuid: z.string(), name: z.string(), state: machineStateSchema,
  /** Null: it has no definition (transient, or gone). */
  definition: z.array(z.string()).nullable(),
  /** Null: it is off. */
  running: z.array(z.string()).nullable(),
  /** Of its definition; of what runs where it has none. */
  labRoles: z.array(roleMarkSchema).default([]),
});
export type MachineCondition = z.infer<typeof machineConditionSchema>;

/** A finished run as History keeps it. */
export const historyEntrySchema = z.object({
  id: z.string(),
  hostId: z.string(),
  hostName: z.string(),
  run: planRunSchema,
  /** XML of each touched network after the run (null: gone), by UUID: undo is refused when the host has moved on from it. */
  after: z.array(networkStateSchema),
  /** The same before the run: what undo goes back to. */
  before: z.array(networkStateSchema).optional(),
  /** The same of what a fix of preflight changed outside libvirt; `after` null: nobody could look. */
  system: z.object({ before: z.array(systemItemSchema), after: z.array(systemItemSchema).nullable() }).optional(),
  /** Open vSwitch bridges that the plan made or removed; `after` null: nobody could look. Absent: none. */
  switches: z.object({ before: z.array(switchStateSchema), after: z.array(switchStateSchema).nullable() }).optional(),
  /** The same of a lab's routers; `after` null: nobody could look. Absent: none. */
  routers: z.object({ before: z.array(routerStateSchema), after: z.array(routerStateSchema).nullable() }).optional(),
  /** The same of machines whose NICs or power were changed; `after` null: nobody could look. */
  machines: z.object({ before: z.array(machineConditionSchema), after: z.array(machineConditionSchema).nullable() }).optional(),
  /** Set when a later entry undid this one. */
  undoneBy: z.string().nullable(),
  /** Set when this entry undid an earlier one. */
  undoes: z.string().nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** A row of the history list. */
export const historyRowSchema = z.object({
  id: z.string(), hostId: z.string(), hostName: z.string(), title: z.string(), outcome: planRunSchema.shape.outcome, cancelled: z.boolean(),
  startedAt: z.string(), durationMs: z.number().nullable(), stepCount: z.number(), failedChecks: z.number(),
  undoneBy: z.string().nullable(), undoes: z.string().nullable(),
  /** Null when it can be undone; otherwise why not, in a sentence. The host may still refuse later. */
  undoRefusal: z.string().nullable(),
});
export type HistoryRow = z.infer<typeof historyRowSchema>;
