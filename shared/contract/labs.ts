import { z } from 'zod';
import { uuidSchema } from '../domain/address';
import { intentSchema } from '../domain/intent';
import { labNameSchema } from '../domain/labs/lab-mark';
import { labTestRunSchema } from '../domain/labs/connectivity/lab-test-run';
import { labProblemSchema, longestLabFile } from '../domain/labs/lab-problem';
import { labVersionSchema } from '../domain/labs/lab-version';

/** What the window may ask of lab files. A lab is changed by `plan.preview` and `plan.apply`, like everything else; which labs a host has, its snapshot says. */
const hostId = z.string().min(1).max(64);
const text = z.string().max(longestLabFile);

export const labProcedures = {
  /** The lab file of a template, with subnets that are free on this host and the others that are known. */
  'labs.fromTemplate': { input: z.object({ hostId, template: z.string().max(64), name: labNameSchema }), output: z.string() },
  /** What a lab file wants of this host as it is now. `intent`: what the plan is made from; null when `problems` holds an error. */
  'labs.read': { input: z.object({ hostId, text }), output: z.object({ intent: intentSchema.nullable(), problems: z.array(labProblemSchema) }) },
  /** A lab of this host as a file that fits it. */
  'labs.export': { input: z.object({ hostId, lab: z.string().max(255) }), output: z.string() },
  /**
   * The same, with the files that are kept with the lab. `isKept`: `text` is the one applied last, which still says how the host has the lab;
   * false: `text` says how it is, and `kept` (null: none is) says otherwise. `earlier`: those before it, newest first.
   */
  'labs.definition': {
    input: z.object({ hostId, lab: z.string().max(255) }), output: z.object({ text, isKept: z.boolean(), kept: labVersionSchema.nullable(), earlier: z.array(labVersionSchema) }),
  },
  /** Networks of this host as a lab file, which leaves names and bridges to the host it is for. */
  'labs.exportNetworks': { input: z.object({ hostId, uuids: z.array(z.string().min(1).max(128)).min(1).max(1000), name: labNameSchema }), output: z.string() },
  /** The key by which a jump box that a lab made is known, as known_hosts has it: type and key. Null: it has none yet. */
  'labs.hostKey': { input: z.object({ hostId, uuid: uuidSchema }), output: z.string().nullable() },
  /** A lab file as another lab beside the first: other names and switches, free subnets of the same size. */
  'labs.clone': { input: z.object({ hostId, text, name: labNameSchema }), output: z.string() },
  /** Begins the connectivity test of a lab, or answers with the one that is under way. Progress comes by event, as does what stands against it. */
  'labs.startTest': { input: z.object({ hostId, lab: z.string().max(255) }), output: labTestRunSchema },
  /** What it has made on the host is taken away; then it has ended, which is told by event. */
  'labs.cancelTest': { input: z.object({ runId: z.string().min(1).max(128) }), output: z.void() },
  /** The last test of every lab, under way or ended. */
  'labs.tests': { input: z.void(), output: z.array(labTestRunSchema) },
} as const;

export const labEvents = {
  'labs.testProgress': labTestRunSchema,
} as const;

/** Lab files on the computer of the app, by the system's dialogs. */
export const labFileProcedures = {
  /** The file the user chooses; `problem`: why it can't be read. Null: cancelled. */
  'app.openLabFile': { input: z.void(), output: z.object({ name: z.string(), text: z.string().nullable(), problem: z.string().nullable() }).nullable() },
  /** Saves a lab file where the user says. The file's name; null: cancelled. */
  'app.saveLabFile': { input: z.object({ name: z.string().min(1).max(200), text }), output: z.string().nullable() },
} as const;
