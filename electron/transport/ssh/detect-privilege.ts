import type { Privilege } from '../../../shared/domain/snapshot';
import { AppError } from '../../../shared/errors/app-error';
import { cancelled } from './connection-errors';
import type { Elevation } from './launch-script';
import type { ProcessSpawner } from './process-spawner';
import { NotStarted } from './remote-process';
import { runProgram, type RunParts } from './run-command';
import type { SshRunnerOptions } from './ssh-runner-options';
import { classifySudoFailure, explainSudoFailure } from './sudo-errors';

export interface Rights {
  privilege: Privilege;
  /** How commands get rights where they want them. */
  elevation: Elevation;
}

interface Probe {
  uid: number;
  groups: string[];
  /** Exit code of `sudo -n true`; null when it was not tried. */
  sudoExit: number | null;
}

const noElevation: Elevation = { kind: 'none' };

/** Groups that the distributions' sudoers files let use sudo. */
const sudoGroups = ['sudo', 'wheel', 'admin'];

/**
 * Finds out what the user may do: no trip to the host for root, one script for others, one more where sudo wants a
 * password (which is then known to be right).
 * @throws AppError `cancelled`, `auth.sudo-password`, `auth.no-privilege` (sudo can't be used, and nothing else gives rights), `ssh.*`
 */
export async function detectRights(
  parts: Omit<RunParts, 'elevation'>, options: SshRunnerOptions, loginPassword: string | null,
): Promise<Rights> {
  if (options.user === 'root') return { privilege: 'root', elevation: noElevation };
  const probe = await readProbe(parts, options.useSudo);
  if (probe.uid === 0) return { privilege: 'root', elevation: noElevation };
  if (probe.sudoExit === 0) return { privilege: 'sudo-without-password', elevation: { kind: 'sudo' } };
  const inLibvirt = probe.groups.includes('libvirt');
  const withoutSudo: Rights = { privilege: inLibvirt ? 'libvirt-group' : 'read-only', elevation: noElevation };
  // 127: no sudo there. A member of libvirt is asked for a password only when the groups say that sudo would take it.
  if (probe.sudoExit === null || probe.sudoExit === 127) return withoutSudo;
  if (inLibvirt && !probe.groups.some((group) => sudoGroups.includes(group))) return withoutSudo;
  return askSudoPassword(parts, options, loginPassword, withoutSudo);
}

async function readProbe(parts: Omit<RunParts, 'elevation'>, useSudo: boolean): Promise<Probe> {
  const script = `id -u; id -Gn; ${useSudo ? 'sudo -n true >/dev/null 2>&1 </dev/null; echo $?' : 'echo -'}`;
  const result = await runProgram({ ...parts, elevation: noElevation }, { script }, '', 'id');
  const [uid, groups, sudo] = result.stdout.toString('utf8').split('\n');
  if (uid === undefined || !/^\d+$/.test(uid) || groups === undefined || sudo === undefined) {
    throw new AppError('reply.unreadable', 'The host gave a strange answer', `id on ${parts.hostLabel} printed something unexpected.`, {
      stderr: `${result.stdout.toString('utf8')}${result.stderr.toString('utf8')}`.slice(0, 4096),
    });
  }
  return { uid: Number(uid), groups: groups.split(' ').filter(Boolean), sudoExit: /^\d+$/.test(sudo) ? Number(sudo) : null };
}

async function askSudoPassword(
  parts: Omit<RunParts, 'elevation'>, options: SshRunnerOptions, loginPassword: string | null, withoutSudo: Rights,
): Promise<Rights> {
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
        secret: 'sudo-password', label: `sudo password for ${options.user} on ${parts.hostLabel}`, problem, keyPath: null, echo: false,
      });
      asked++;
      if (candidate === null) throw cancelled(`No sudo password was given for ${options.user} on ${parts.hostLabel}.`);
    }
    const refusal = await trySudo(parts.spawner, candidate);
    if (refusal === null) return { privilege: 'sudo', elevation: { kind: 'sudo-with-password', password: candidate } };
    const kind = classifySudoFailure(refusal.output);
    if (kind === 'not-allowed' || kind === 'missing') return withoutSudo;
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
