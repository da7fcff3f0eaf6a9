import { AppError } from '../../errors/app-error';
import type { MachineIntent } from '../intent';
import type { PlanDraft } from './planning-context';

/** Throws AppError `plan.invalid`. */
export function planMachine(intent: MachineIntent): PlanDraft {
  throw new AppError('plan.invalid', 'Not planned', `“${intent.kind}” can't be planned.`);
}
