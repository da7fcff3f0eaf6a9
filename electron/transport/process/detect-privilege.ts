import type { Privilege } from '../../../shared/domain/snapshot';
import { AppError } from '../../../shared/errors/app-error';
import { cancelled } from '../ssh/connection-errors';
import type { AskSecret } from '../ssh/ssh-runner-options';
import { doasWantsTerminal } from './doas-errors';
import { ForgottenPassword, steadyElevation, type ElevationSource } from './elevation';
import type { Elevation } from './launch-script';
import type { ProcessSpawner } from './process-spawner';
import { NotStarted } from './remote-process';
import { runProgram, type RunParts } from './run-command';
import { classifySudoFailure, explainSudoFailure } from './sudo-errors';

export interface Rights {
  privilege: Privilege;
  elevation: ElevationSource;
}

export interface RightsOptions {
  user: string;
  /** Use sudo or doas where the user is not root. */
  useSudo: boolean;
  askSecret: AskSecret;
  /** Default: as long as the session lives. */
  sudoPasswordKeptMs?: number;
}

interface Probe {
  uid: number;
  groups: string[];
  /** Exit codes of `sudo -n true` and `doas -n true` (127: not installed); null when they were not tried. */
  sudoExit: number | null;
  doasExit: number | null;
  /** What sudo said. */
  sudoOutput: string;
}

const noElevation: Elevation = { kind: 'none' };

/** Groups that the distributions' sudoers files let use sudo. */
const sudoGroups = ['sudo', 'wheel', 'admin'];

const missing = 127;

/**
 * Finds out what the user may do: no trip to the host for root, one script for others, one more where sudo wants a
 * password (which is then known to be right).
 * @throws AppError `cancelled`, `auth.sudo-password`, `auth.no-privilege` (sudo or doas can't be used, and nothing else gives rights), `ssh.*`
 */
export async function detectRights(parts: Omit<RunParts, 'elevation'>, options: RightsOptions, loginPassword: string | null): Promise<Rights> {
  const asRoot: Rights = { privilege: 'root', elevation: steadyElevation(noElevation) };
  if (options.user === 'root') return asRoot;
  const probe = await readProbe(parts, options.useSudo);
  if (probe.uid === 0) return asRoot;
  if (probe.sudoExit === 0) return { privilege: 'sudo-without-password', elevation: steadyElevation({ kind: 'sudo' }) };
  if (probe.doasExit === 0) return { privilege: 'doas', elevation: steadyElevation({ kind: 'doas' }) };
  const inLibvirt = probe.groups.includes('libvirt');
  const withoutSudo: Rights = { privilege: inLibvirt ? 'libvirt-group' : 'read-only', elevation: steadyElevation(noElevation) };
  if (probe.sudoExit === null) return withoutSudo;
  if (probe.sudoExit === missing) {
    if (!inLibvirt && probe.doasExit !== null && probe.doasExit !== missing) throw doasWantsTerminal(options.user, parts.hostLabel);
    return withoutSudo;
  }
  // A member of libvirt is asked for a password only when the groups say that sudo would take it.
  if (inLibvirt && !probe.groups.some((group) => sudoGroups.includes(group))) return withoutSudo;
  switch (classifySudoFailure(probe.sudoOutput)) {
    case 'not-allowed': return withoutSudo;
    // Said before anybody types a password that could not be used.
    case 'needs-terminal': throw explainSudoFailure(probe.sudoOutput, parts.hostLabel);
    default: return askSudoPassword(parts, options, loginPassword, withoutSudo);
  }
}

async function readProbe(parts: Omit<RunParts, 'elevation'>, useSudo: boolean): Promise<Probe> {
  const script = `id -u; id -Gn; ${useSudo
    ? 's=$(sudo -n true 2>&1 </dev/null); echo $?; doas -n true >/dev/null 2>&1 </dev/null; echo $?; printf \'%s\\n\' "$s"'
    : 'echo -; echo -'}`;
  const result = await runProgram({ ...parts, elevation: noElevation }, { script }, '', 'id');
  const [uid, groups, sudo, doas, ...said] = result.stdout.toString('utf8').split('\n');
  if (uid === undefined || !/^\d+$/.test(uid) || groups === undefined || sudo === undefined || doas === undefined) {
    throw new AppError('reply.unreadable', 'The host gave a strange answer', `id on ${parts.hostLabel} printed something unexpected.`, {
      stderr: `${result.stdout.toString('utf8')}${result.stderr.toString('utf8')}`.slice(0, 4096),
    });
  }
  const exitOf = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null);
  return { uid: Number(uid), groups: groups.split(' ').filter(Boolean), sudoExit: exitOf(sudo), doasExit: exitOf(doas), sudoOutput: said.join('\n') };
}

async function askSudoPassword(
  parts: Omit<RunParts, 'elevation'>, options: RightsOptions, loginPassword: string | null, withoutSudo: Rights,
): Promise<Rights> {
  const password = await findSudoPassword(parts, options, loginPassword);
  if (password === null) return withoutSudo;
  const { sudoPasswordKeptMs } = options;
  const askAgain = async (): Promise<string> => {
    const typed = await findSudoPassword(parts, options, null);
    if (typed === null) throw explainSudoFailure('is not allowed to run', parts.hostLabel);
    return typed;
  };
  return {
    privilege: 'sudo',
    elevation: sudoPasswordKeptMs === undefined
      ? steadyElevation({ kind: 'sudo-with-password', password }) : new ForgottenPassword(password, sudoPasswordKeptMs, askAgain),
  };
}

/** A password that sudo has just accepted; null when sudo takes none of this user. */
async function findSudoPassword(parts: Omit<RunParts, 'elevation'>, options: RightsOptions, loginPassword: string | null): Promise<string | null> {
  // The password of the login is nearly always sudo's too; only when it isn't is there something to ask.
  let candidate = loginPassword;
  let problem: string | null = null;
  for (let asked = 0; ;) {
    if (candidate === null) {
      if (asked === 3) {
        throw new AppError('auth.sudo-password', 'Wrong sudo password', `sudo on ${parts.hostLabel} refused three passwords of ${options.user}.`, {
          hint: 'Without sudo the host can be looked at: turn off “Use sudo” for it.',
        });
      }
      candidate = await options.askSecret({
        secret: 'sudo-password', label: `sudo password for ${options.user} on ${parts.hostLabel}`, problem, keyPath: null,
        server: `${options.user}@${parts.hostLabel}`, onWayTo: null,
      });
      asked++;
      if (candidate === null) throw cancelled(`No sudo password was given for ${options.user} on ${parts.hostLabel}.`);
    }
    const refusal = await trySudo(parts.spawner, candidate);
    if (refusal === null) return candidate;
    const kind = classifySudoFailure(refusal.output);
    if (kind === 'not-allowed' || kind === 'missing') return null;
    if (kind !== 'wrong-password' && kind !== 'password-needed') throw explainSudoFailure(refusal.output, parts.hostLabel);
    if (candidate !== loginPassword || asked > 0) problem = 'sudo did not accept that password.';
    candidate = null;
  }
}

/** Null when sudo let us in. */
async function trySudo(spawner: ProcessSpawner, password: string): Promise<NotStarted | null> {
  const process = await spawner.spawn({ argv: ['true'] }, { kind: 'sudo-with-password', password, unproven: true });
  process.end();
  try {
    await process.started;
    return null;
  } catch (error) {
    if (error instanceof NotStarted) return error;
    throw error;
  }
}
