import { access } from 'node:fs/promises';
import os from 'node:os';
import type { LocalProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import type { Carrier } from '../carrier';
import type { CommandRunner } from '../command-runner';
import type { Rights } from '../process/detect-privilege';
import { steadyElevation } from '../process/elevation';
import { sharedLeftovers } from '../process/leftover-processes';
import { openCarrierRunner } from '../process/open-carrier-runner';
import type { AskSecret } from '../ssh/ssh-runner-options';
import { LocalCarrier } from './local-carrier';
import { RootHelper } from './root-helper';

export interface LocalRunnerOptions {
  rights: LocalProfile['rights'];
  /** Asked for sudo's password, where it wants one. */
  askSecret: AskSecret;
  sudoPasswordKeptMs?: number;
  signal?: AbortSignal;
  onStep?: (step: 'authenticating' | 'reading') => void;
  /** False while reconnecting: polkit's dialog is not opened. */
  interactive?: boolean;
}

/** Where it is called by name in sentences. */
const hostLabel = 'this computer';

/**
 * Looks after the computer the app runs on: local processes, no SSH.
 * @throws AppError `auth.*`, `cancelled`, `input.invalid` (not Linux)
 */
export async function openLocalRunner({ rights, askSecret, sudoPasswordKeptMs, signal, onStep, interactive = true }: LocalRunnerOptions): Promise<CommandRunner> {
  if (process.platform !== 'linux') throw new AppError('input.invalid', 'Only Linux can be its own host', 'KVM and libvirt are parts of Linux; this computer runs something else.');
  const isRoot = process.getuid?.() === 0;
  const withHelper = rights === 'pkexec' && !isRoot;
  if (withHelper) {
    onStep?.('authenticating');
    await requirePkexec();
    if (!interactive) throw new AppError('auth.failed', 'This computer asks for a password', 'pkexec is needed again, and nobody may be there to answer.', { hint: 'Connect again to answer its question.' });
  }
  const carrier: Carrier = new LocalCarrier(withHelper ? await RootHelper.start(signal) : null);
  onStep?.('reading');
  const byHelper: Rights = { privilege: 'pkexec', elevation: steadyElevation({ kind: 'carrier' }) };
  const user = os.userInfo().username;
  return openCarrierRunner(carrier, {
    hostLabel, user, askSecret, sudoPasswordKeptMs, signal,
    target: 'this computer',
    useSudo: rights === 'sudo',
    leftovers: sharedLeftovers,
    loginPassword: null,
    // Starting a process costs no round trip here.
    warmShells: 0,
    ...(withHelper ? { rights: byHelper } : {}),
    openSilently: null,
    openAnother: () => Promise.resolve(new LocalCarrier()),
  });
}

async function requirePkexec(): Promise<void> {
  const found = await Promise.all(['/usr/bin/pkexec', '/bin/pkexec', '/usr/local/bin/pkexec', '/run/wrappers/bin/pkexec'].map((file) => access(file).then(() => true, () => false)));
  if (!found.includes(true)) {
    throw new AppError('auth.no-privilege', 'There is no pkexec', 'polkit\'s pkexec is not installed on this computer.', { hint: 'Choose sudo for this computer instead, or install polkit (pkexec).' });
  }
}
