import { z } from 'zod';
import { conversionFindingSchema } from './finding';
import { nicSettingSchema } from './leave/nic-settings';
import { outlookSchema } from './outlook';
import { stackNameSchema } from './transaction';

/** A device that somebody could want to make a bridge of. */
const surveyedDeviceSchema = z.object({
  outlook: outlookSchema,
  kind: z.enum(['nic', 'wireless', 'bond', 'vlan']),
  hasLink: z.boolean(),
  /** The session goes through it: it has the session's address, or is below the device that has. */
  carriesSession: z.boolean(),
  /** Who configures it; null: nobody, or several. */
  owner: stackNameSchema.nullable(),
  /** Why it can't be a bridge's port, and what to do instead; null: nothing in the device itself speaks against it. */
  refusal: conversionFindingSchema.nullable(),
  /** What would move to the bridge, and what of it may be left out. */
  settings: z.array(nicSettingSchema),
});
export type SurveyedDevice = z.infer<typeof surveyedDeviceSchema>;

export const conversionSurveySchema = z.object({
  /** What carries the session first, then what can be converted. */
  devices: z.array(surveyedDeviceSchema),
  /** Names a bridge can't have. */
  taken: z.array(z.string()),
  suggestedBridge: z.string(),
  ovsAnswers: z.boolean(),
  /** The address the session reached the host by; null: not over SSH. */
  sessionAddress: z.string().nullable(),
});
export type ConversionSurvey = z.infer<typeof conversionSurveySchema>;
