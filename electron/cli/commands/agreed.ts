import { AppError } from '../../../shared/errors/app-error';
import type { ChangeOptions } from '../arguments';
import type { CliContext } from '../main';

/** What is asked before a change. `refusal` and `hint`: what is said where nobody can be asked. */
export interface ChangeQuestion { review(): string; question: string; refusal: string; hint: string }

/** Whether the change may be made: `--yes` says so, else whoever sits there, with the review in sight. Throws AppError `input.invalid`. */
export async function isAgreed({ asker, tell }: CliContext, options: ChangeOptions, { review, question, refusal, hint }: ChangeQuestion): Promise<boolean> {
  if (options.yes) return true;
  if (!asker.interactive()) throw new AppError('input.invalid', refusal, 'Nobody can be asked here.', { hint });
  tell(review());
  if (await asker.confirm(question)) return true;
  tell('Nothing was changed.');
  return false;
}
