import type { World } from '../world';
import { runScript } from '../shell/run-script';
import { mendWithConversion } from './faults';
import { keepForUndo, placeCommitFiles, placeTrialFiles, putFilesBack, restoreNetwork } from './kept';
import { startProcess } from './process';
import type { Process } from './process';
import { judgeAsBefore, judgeConfiguredAsBefore, judgeConverted } from './probes';
import { moveLogin } from './reach';
import { shapeOf } from './shape';
import { strike } from './strike';
import { asked, decide, enter, finish, hasConcluded, isCalledOff, milliseconds, pendingTransaction, say } from './transaction-state';
import type { TransactionState } from './transaction-state';

/**
 * The engine's supervisor (electron/commands/conversion/engine/engine.sh and revert.sh), function by function, so that the two can be
 * read beside each other. A `yield` is a `sleep`, in milliseconds.
 */

const lookMs = 100;
/** What one command of a conversion takes. */
const stepMs = 400;

/** From arming on. */
export function supervise(world: World, transaction: TransactionState): void {
  startProcess(world, supervisor(world, transaction));
}

/** Takes up what was under way when the host was put away: what was on trial goes on, what was between two states goes back. */
export function resumeConversion(world: World): void {
  const transaction = pendingTransaction(world.state);
  if (!transaction || hasConcluded(transaction)) return;
  switch (transaction.state) {
    case 'ARMED': return supervise(world, transaction);
    case 'TRIAL': case 'VERIFIED': return startProcess(world, holdTrial(world, transaction));
    case 'APPLYING': case 'COMMITTING': case 'REVERTING': return goBack(world, transaction, 'the supervisor is gone');
    default: return;
  }
}

/** Root says so on the host itself, and no supervisor is there to be told. */
export function goBack(world: World, transaction: TransactionState, why: string): void {
  decide(transaction, 'expired');
  startProcess(world, revert(world, transaction, why));
}

function* supervisor(world: World, transaction: TransactionState): Process {
  const { aim, target } = shapeOf(transaction);
  const expires = world.now() + milliseconds(transaction, 'go_seconds');
  while (!asked(transaction, 'go')) {
    if (isCalledOff(transaction)) return withdraw(world, transaction, 'it was called off before it began');
    if (world.now() >= expires) return withdraw(world, transaction, `no word to begin came within ${transaction.settings['go_seconds']} s`);
    yield lookMs;
  }
  transaction.deadline = world.now() + 2000 + milliseconds(transaction, 'trial_seconds');
  say(world, transaction, 'begins in 2 s');
  yield 2000;
  enter(world, transaction, 'APPLYING', aim);
  placeTrialFiles(world, transaction);
  const failed = yield* runSteps(world, transaction, 'apply');
  if (failed !== null) return yield* fallBack(world, transaction, `a step failed: ${failed}`);
  const problem = yield* settle(world, transaction);
  if (problem !== null) return yield* fallBack(world, transaction, problem);
  enter(world, transaction, 'TRIAL', `${target} carries the network; waits to be confirmed`);
  yield* holdTrial(world, transaction);
}

/** What the host itself can see must be as before, within `settle_seconds`: null, or what is not. */
function* settle(world: World, transaction: TransactionState): Process<string | null> {
  const until = world.now() + milliseconds(transaction, 'settle_seconds');
  for (;;) {
    const { problem, isHopeless, doubt } = judgeConverted(world.state, transaction);
    if (problem === null) {
      if (doubt !== null) say(world, transaction, `noticed: ${doubt}`);
      return null;
    }
    if (isHopeless) return problem;
    if (isCalledOff(transaction)) return 'asked to go back';
    if (world.now() >= until || isOverdue(world, transaction)) return problem;
    yield 2 * lookMs;
  }
}

/** Until somebody decides, or the time is up, or the host is unwell for too long. */
function* holdTrial(world: World, transaction: TransactionState): Process {
  let unwellSince: number | null = null;
  let nextLook = world.now() + 1000;
  for (;;) {
    if (asked(transaction, 'confirm') && decide(transaction, 'confirm')) return yield* commit(world, transaction);
    if (isCalledOff(transaction)) return yield* fallBack(world, transaction, 'asked to go back');
    if (isOverdue(world, transaction)) return yield* fallBack(world, transaction, 'nobody confirmed in time');
    if (asked(transaction, 'extend')) extend(world, transaction);
    if (asked(transaction, 'verified') && transaction.state === 'TRIAL') enter(world, transaction, 'VERIFIED', 'reached over a new connection');
    if (world.now() >= nextLook) {
      nextLook = world.now() + 2000;
      const { problem } = judgeConverted(world.state, transaction);
      unwellSince = problem === null ? null : unwellSince ?? world.now();
      if (problem !== null && unwellSince !== null && world.now() - unwellSince >= milliseconds(transaction, 'unwell_seconds')) {
        return yield* fallBack(world, transaction, problem);
      }
    }
    yield lookMs;
  }
}

const isOverdue = (world: World, { deadline }: TransactionState): boolean => deadline !== null && world.now() >= deadline;

/** Confirmed: from trial to lasting. */
function* commit(world: World, transaction: TransactionState): Process {
  enter(world, transaction, 'COMMITTING', 'confirmed');
  placeCommitFiles(world, transaction);
  const failed = yield* runSteps(world, transaction, 'commit');
  if (failed !== null) return yield* revert(world, transaction, `a step failed: ${failed}`);
  const until = world.now() + milliseconds(transaction, 'settle_seconds');
  for (;;) {
    yield 2 * lookMs;
    const { problem } = judgeConverted(world.state, transaction);
    if (problem === null) break;
    if (world.now() >= until) return yield* revert(world, transaction, `after it was made lasting: ${problem}`);
  }
  moveLogin(world.state, shapeOf(transaction).target);
  if (transaction.kept) transaction.forUndo = keepForUndo(world, transaction.kept);
  finish(world, transaction, 'DONE', 'the network is as it was on trial, and lasts');
}

/** Longer, counted from the begin of the trial, and never beyond 600 s. */
function extend(world: World, transaction: TransactionState): void {
  const wanted = Number(transaction.inbox['extend']?.split(/\s+/)[1]);
  delete transaction.inbox['extend'];
  const seconds = Math.min(600, wanted);
  const more = seconds * 1000 - milliseconds(transaction, 'trial_seconds');
  if (!Number.isInteger(wanted) || more <= 0 || transaction.deadline === null) return;
  transaction.deadline += more;
  transaction.settings['trial_seconds'] = String(seconds);
  say(world, transaction, `the trial lasts ${seconds} s now`);
}

/** Nothing was changed yet. */
function withdraw(world: World, transaction: TransactionState, why: string): void {
  if (decide(transaction, 'revert')) finish(world, transaction, 'REVERTED', `${why}; nothing was changed`);
}

function* fallBack(world: World, transaction: TransactionState, why: string): Process {
  if (decide(transaction, 'revert')) yield* revert(world, transaction, why);
}

function* revert(world: World, transaction: TransactionState, why: string): Process {
  enter(world, transaction, 'REVERTING', why);
  const { kept } = transaction;
  if (!kept) return;
  putFilesBack(world, kept);
  const failed = yield* runSteps(world, transaction, 'revert', true);
  if (failed !== null) say(world, transaction, 'the stack\'s own way back did not go well');
  if (yield* backSoon(world, transaction, milliseconds(transaction, 'settle_seconds'))) return finish(world, transaction, 'REVERTED', 'the old network is back');
  say(world, transaction, judgeAsBefore(world.state, transaction).problem ?? '');
  if (judgeConfiguredAsBefore(world.state, transaction).problem !== null) {
    say(world, transaction, 'restores addresses and routes by ip(8)');
    restoreNetwork(world, transaction, kept);
    if (yield* backSoon(world, transaction, 10_000)) return finish(world, transaction, 'REVERTED', 'the old network is back, by ip(8)');
  }
  const { problem } = judgeAsBefore(world.state, transaction);
  if (judgeConfiguredAsBefore(world.state, transaction).problem === null) return finish(world, transaction, 'REVERTED', `the old network is back, but: ${problem}`);
  enter(world, transaction, 'REVERT_FAILED', problem ?? '');
  mendWithConversion(world.state);
  if (transaction.settings['reboot_if_lost'] === 'yes') {
    say(world, transaction, 'restarts the host, as was agreed before');
    strike(world, 'power');
  }
}

function* backSoon(world: World, transaction: TransactionState, patienceMs: number): Process<boolean> {
  const until = world.now() + patienceMs;
  while (judgeAsBefore(world.state, transaction).problem !== null) {
    if (world.now() >= until) return false;
    yield 2 * lookMs;
  }
  return true;
}

/** The commands of a phase; what failed, or null. Ends with the first that fails, or goes `on`. */
function* runSteps(world: World, transaction: TransactionState, phase: 'apply' | 'commit' | 'revert', on = false): Process<string | null> {
  let failed: string | null = null;
  for (const { says, command } of transaction[phase]) {
    say(world, transaction, says);
    const { exitCode, stdout, stderr } = runScript(world, command);
    yield stepMs;
    if (exitCode === 0) continue;
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-3).join(' ');
    say(world, transaction, `failed with exit code ${exitCode}: ${said}`);
    failed = `${says} (exit code ${exitCode}): ${said}`;
    if (!on) return failed;
  }
  return failed;
}
