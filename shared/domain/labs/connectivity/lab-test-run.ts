import { z } from 'zod';
import { appErrorDataSchema } from '../../../errors/app-error-data';
import { labTestReportSchema } from './lab-test-report';

/**
 * How far a test is. `reading`: the host anew; `plugging`: probes into the networks; `waiting`: for routers that boot; `trying`: who reaches
 * whom. `done` of `total`: probes, routers or tries; both 0 where it is not counted.
 */
export const labTestProgressSchema = z.object({ step: z.enum(['reading', 'plugging', 'waiting', 'trying', 'ended']), done: z.number().int(), total: z.number().int() });
export type LabTestProgress = z.infer<typeof labTestProgressSchema>;

/** A test of a lab that is under way or has ended; of each lab the last one is kept. Ended, it has a report or an error, or was cancelled. */
export const labTestRunSchema = labTestProgressSchema.extend({
  id: z.string(),
  hostId: z.string(),
  lab: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** It was asked to stop; what it had made on the host is being taken away until `step` is `ended`. */
  cancelled: z.boolean(),
  report: labTestReportSchema.nullable(),
  error: appErrorDataSchema.nullable(),
  /** The lab as it was tried: see `labGround`. Null: it did not come to that. */
  ground: z.string().nullable(),
});
export type LabTestRun = z.infer<typeof labTestRunSchema>;
