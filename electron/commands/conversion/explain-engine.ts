import { AppError } from '../../../shared/errors/app-error';

interface Reply { exitCode: number | null; stdout: string; stderr: string }

/** Why a transaction could not be staged; null: it is. Exit codes: see engine.sh. */
export function explainStage({ exitCode, stderr }: Reply): AppError | null {
  if (exitCode === 0) return null;
  const said = lastLine(stderr);
  if (exitCode === 75) {
    return new AppError('conversion.busy', 'Another change is under way on this host', sentence(said), {
      hint: 'Confirm it or take it back first: “netwright transactions HOST” shows it.',
    });
  }
  if (/No space left on device/.test(stderr)) {
    return new AppError('conversion.refused', 'There is no room on the host', 'What is there now could not be kept, so nothing was changed.', { stderr, hint: 'Make room on / and /var first.' });
  }
  if (/Read-only file system/.test(stderr)) {
    return new AppError('conversion.refused', 'The host\'s configuration can\'t be written', 'Its file system is read-only, so nothing was changed.', { stderr });
  }
  return new AppError('conversion.refused', 'The host can\'t be converted as it is', `${sentence(said)} Nothing was changed.`, { stderr });
}

/** Why what brings the network back does not stand; null: it does. */
export function explainArm({ exitCode, stderr }: Reply): AppError | null {
  if (exitCode === 0) return null;
  return new AppError('conversion.not-armed', 'Nothing would bring the network back', `${sentence(lastLine(stderr))} So nothing was changed.`, { stderr });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

function sentence(text: string): string {
  if (!text) return 'The host did not say why.';
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(capital) ? capital : `${capital}.`;
}
