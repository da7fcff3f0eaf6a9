import type { LabService } from '../../electron/services/labs/lab-service';
import type { PlanService } from '../../electron/services/plans/plan-service';
import type { LabIntent } from '../../shared/domain/intent';
import { describeLabProblem } from '../../shared/domain/labs/read-lab-file';
import type { Plan } from '../../shared/domain/plan';

/** Labs on the host `h`, for tests of every kind of host. */
export function labDriver(labs: LabService, plans: PlanService) {
  async function read(text: string): Promise<LabIntent> {
    const { intent, problems } = await labs.read('h', text);
    if (!intent) throw new Error(problems.map(describeLabProblem).join('\n'));
    return intent;
  }
  return {
    /** What a lab file wants; throws what is wrong with it. */
    read,
    /** The same, but for its text being kept with the lab. */
    async readUnkept(text: string): Promise<LabIntent> {
      const intent = await read(text);
      return intent.kind === 'lab.apply' ? { ...intent, file: null } : intent;
    },
    /** Null: there is nothing to do. */
    preview: async (intent: LabIntent): Promise<Plan | null> => plans.preview('h', intent).catch((error: unknown) => {
      if ((error as { code?: string }).code === 'plan.nothing') return null;
      throw error;
    }),
  };
}

export const destroyLab = (lab: string): LabIntent => ({ kind: 'lab.destroy', lab });
