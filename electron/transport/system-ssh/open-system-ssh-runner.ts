import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error';
import type { Carrier } from '../carrier';
import type { CommandRunner } from '../command-runner';
import { localEnvironment } from '../local/local-environment';
import { sharedLeftovers, type LeftoverProcesses } from '../process/leftover-processes';
import { openCarrierRunner } from '../process/open-carrier-runner';
import { cancelled } from '../ssh/connection-errors';
import type { ConnectStep } from '../ssh/ssh-runner-options';
import { AskpassDesk } from './askpass-desk';
import { SshAnswers, type SshAnswersOptions } from './ssh-answers';
import type { SystemSshTarget } from './ssh-arguments';
import { SshMaster } from './ssh-master';
import { SystemSshCarrier } from './system-ssh-carrier';

export interface SystemSshRunnerOptions extends SshAnswersOptions {
  target: SystemSshTarget;
  /** How the host is named in sentences. */
  hostLabel: string;
  useSudo: boolean;
  sudoPasswordKeptMs?: number;
  signal?: AbortSignal;
  onStep?: (step: ConnectStep) => void;
  leftovers?: LeftoverProcesses;
  /** Default: wherever ssh can (not on Windows). False: each channel is a login of its own, by keys of the agent alone. */
  sharesConnection?: boolean;
}

/** Opening a channel costs a process here and a round trip there. */
const warmShells = 3;

/** A socket's path has 104 bytes on macOS, 108 on Linux (unix(7)); ssh appends 17 while it makes it. */
const maxFolderLength = 80;

/**
 * Connects by the computer's own ssh(1), with all that its configuration says: for keys, certificates and options that
 * the built-in client doesn't know.
 * @throws AppError `ssh.*`, `hostkey.*`, `auth.*`, `cancelled`, `command.not-found` (no ssh)
 */
export async function openSystemSshRunner(options: SystemSshRunnerOptions): Promise<CommandRunner> {
  const { target, hostLabel, signal } = options;
  const answers = new SshAnswers(options);
  options.onStep?.('reaching');
  const carrier = await connect(options, answers, signal);
  options.onStep?.('reading');
  return openCarrierRunner(carrier, {
    hostLabel, warmShells, signal,
    user: target.user,
    useSudo: options.useSudo,
    askSecret: options.askSecret,
    sudoPasswordKeptMs: options.sudoPasswordKeptMs,
    target: `${target.user}@${target.destination}:${target.port ?? ''}`,
    leftovers: options.leftovers ?? sharedLeftovers,
    loginPassword: answers.lastPassword,
    openSilently: () => connect({ ...options, onStep: undefined }, answers.silently(), undefined),
    openAnother: () => connect({ ...options, onStep: undefined }, answers, undefined),
  });
}

async function connect(options: SystemSshRunnerOptions, answers: SshAnswers, signal: AbortSignal | undefined): Promise<Carrier> {
  const { target, hostLabel, sharesConnection = process.platform !== 'win32' } = options;
  if (!sharesConnection) {
    const master = await SshMaster.connect({ target, socket: null, interactive: false, environment: localEnvironment(), hostLabel, signal, onStep: options.onStep });
    return new SystemSshCarrier(master, target, null, hostLabel);
  }
  const folder = await privateFolder();
  const giveUp = new AbortController();
  const onAbort = (): void => giveUp.abort();
  signal?.addEventListener('abort', onAbort);
  let failure: AppError | null = null;
  const desk = await AskpassDesk.open(folder, async (question, gone) => {
    try {
      const answer = await answers.answer(question, gone);
      if (answer !== null || question.kind === 'notice') return answer;
      failure ??= cancelled(`A question of ${hostLabel} was not answered.`);
    } catch (error) {
      failure ??= error instanceof AppError ? error : new AppError('auth.failed', 'The login failed', String(error));
    }
    // Otherwise ssh would go on asking.
    giveUp.abort();
    return null;
  });
  const clear = async (): Promise<void> => {
    desk.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    answers.begin();
    answers.onGivenUp = () => {
      failure ??= cancelled(`Connecting to ${hostLabel} was given up.`);
      giveUp.abort();
    };
    const socket = path.join(folder, 'c');
    if (signal?.aborted) throw cancelled(`Connecting to ${hostLabel} was cancelled.`);
    const master = await SshMaster.connect({
      target, socket, interactive: true, environment: { ...localEnvironment(), ...desk.environment }, hostLabel, signal: giveUp.signal, onStep: options.onStep,
    });
    void master.ended.then(clear);
    return new SystemSshCarrier(master, target, socket, hostLabel);
  } catch (error) {
    await clear();
    throw failure ?? error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

async function privateFolder(): Promise<string> {
  const wanted = process.env.XDG_RUNTIME_DIR || os.tmpdir();
  // mkdtemp(3) makes it 0700.
  return mkdtemp(path.join(wanted.length > maxFolderLength - 'netwright-XXXXXX'.length ? '/tmp' : wanted, 'netwright-'));
}
