import type { CheckRun, PlanRun, StepRun } from '../../shared/domain/plan';

/** How a run stands, in words: the headline over its steps. */
export interface RunSummary { tone: 'working' | 'good' | 'warning' | 'bad'; title: string; detail: string }

export function summariseRun(run: PlanRun, hostName: string): RunSummary {
  const total = run.steps.length;
  const done = run.steps.filter((step) => step.state === 'done').length;
  switch (run.phase) {
    case 'applying': return { tone: 'working', title: `Working on ${hostName}`, detail: `Step ${Math.min(done + 1, total)} of ${total}.` };
    case 'cancelling': return { tone: 'working', title: 'Stopping', detail: 'The command that is running is let finish, then everything done so far is taken back.' };
    case 'rolling-back': return { tone: 'warning', title: 'Taking back what was done', detail: 'The finished steps are undone, last one first.' };
    case 'verifying': return { tone: 'working', title: `Looking at ${hostName} whether it is so`, detail: 'All steps are done. Nothing is changed any more.' };
    case 'ended': return summariseEnd(run, hostName);
  }
}

function summariseEnd(run: PlanRun, hostName: string): RunSummary {
  switch (run.outcome) {
    case 'applied': return summariseChecks(run, hostName);
    case 'rolled-back': {
      const kept = run.plan.steps.filter((step, at) => step.lasting === true && run.steps[at]?.state === 'done').length;
      const reason = run.cancelled && !run.steps.some((step) => step.state === 'failed') ? 'You cancelled.' : 'A step failed.';
      if (kept > 0) return { tone: 'warning', title: 'Not done', detail: `${reason} What could be taken back was taken back; the steps still marked as done stay.` };
      return { tone: 'warning', title: `Not done: ${hostName} is as it was`, detail: `${reason} Every finished step was taken back.` };
    }
    case 'half-done':
    case null: {
      const isLost = run.steps.some((step) => step.state === 'unknown');
      return {
        tone: 'bad',
        title: 'Half done',
        detail: isLost
          ? `The connection to ${hostName} ended while this ran. Below is what is known; a step marked unknown may or may not have happened.`
          : 'Taking back failed as well. Below is what was done and what was not taken back; look at it before trying again.',
      };
    }
  }
}

function summariseChecks(run: PlanRun, hostName: string): RunSummary {
  const failed = run.checks.filter((check) => check.state === 'failed').length;
  const open = run.checks.filter((check) => check.state !== 'failed' && check.state !== 'passed').length;
  const all = run.checks.length;
  if (failed > 0) {
    return { tone: 'bad', title: 'Done, but not as it should be', detail: `${failed} of ${all} ${all === 1 ? 'check' : 'checks'} failed. The change stays on ${hostName} until you undo it.` };
  }
  if (open > 0) return { tone: 'warning', title: 'Done, not all of it verified', detail: `${open} of ${all} ${all === 1 ? 'check' : 'checks'} could not be made; the others passed.` };
  if (all === 0) return { tone: 'good', title: 'Done', detail: 'Every step succeeded.' };
  return { tone: 'good', title: 'Done and verified', detail: all === 1 ? 'The check passed.' : `All ${all} checks passed.` };
}

/** Sign and word of a state: told apart without colour. */
export interface StateWord { sign: string; word: string; tone: 'quiet' | 'working' | 'good' | 'warning' | 'bad' }

export const stepWords: Record<StepRun['state'], StateWord> = {
  waiting: { sign: '○', word: 'waiting', tone: 'quiet' },
  running: { sign: '▲', word: 'running', tone: 'working' },
  done: { sign: '●', word: 'done', tone: 'good' },
  failed: { sign: '✕', word: 'failed', tone: 'bad' },
  'not-run': { sign: '○', word: 'not run', tone: 'quiet' },
  undoing: { sign: '▲', word: 'taking back', tone: 'warning' },
  undone: { sign: '↺', word: 'taken back', tone: 'warning' },
  'undo-failed': { sign: '✕', word: 'not taken back', tone: 'bad' },
  unknown: { sign: '?', word: 'unknown', tone: 'warning' },
};

export const checkWords: Record<CheckRun['state'], StateWord> = {
  waiting: { sign: '○', word: 'waiting', tone: 'quiet' },
  running: { sign: '▲', word: 'looking', tone: 'working' },
  passed: { sign: '●', word: 'verified', tone: 'good' },
  failed: { sign: '✕', word: 'not as it should be', tone: 'bad' },
  unknown: { sign: '?', word: 'could not look', tone: 'warning' },
  'not-run': { sign: '○', word: 'not looked', tone: 'quiet' },
};

/** `41 ms`, `1.3 s`, `2 min 5 s`. Negative spans (a clock was set back) show as 0. */
export function describeDuration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < 1000) return `${Math.round(span)} ms`;
  if (span < 60_000) return `${(span / 1000).toFixed(1)} s`;
  const seconds = Math.round(span / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
