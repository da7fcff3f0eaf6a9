import type { Intent } from '../../shared/domain/intent';
import { assignRole } from '../../shared/domain/labs/assign-role';
import type { LabFile } from '../../shared/domain/labs/lab-file';
import type { LabProblem } from '../../shared/domain/labs/lab-problem';
import { rolesOfFile } from '../../shared/domain/labs/lab-roles';
import type { LabRole } from '../../shared/domain/labs/lab-roles';
import { labsOnHost } from '../../shared/domain/labs/labs-on-host';
import { readLabFile } from '../../shared/domain/labs/read-lab-file';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { AppError } from '../../shared/errors/app-error';
import { invoke } from '../api/client';
import { toAppError } from '../api/to-app-error';

/** A lab of a host with its roles, as its file says them. */
export interface LabWithRoles {
  lab: string;
  roles: LabRole[];
  text: string;
  /** Null: it can't be read, and `roles` are none. */
  file: LabFile | null;
  /** The file that is kept with the lab says something else of it than the host. */
  hasDrifted: boolean;
  /** Why nothing is known. */
  error: AppError | null;
}

/** The labs of a host with their roles; which are open only their files know. Never rejects: what can't be read says why. */
export function loadLabRoles(hostId: string, snapshot: Pick<HostSnapshot, 'networks' | 'machines'>): Promise<LabWithRoles[]> {
  return Promise.all(labsOnHost(snapshot).map(({ lab }) => loadLab(hostId, lab)));
}

async function loadLab(hostId: string, lab: string): Promise<LabWithRoles> {
  try {
    const { text, isKept, kept } = await invoke('labs.definition', { hostId, lab });
    const { file } = readLabFile(text);
    return { lab, text, file, roles: file ? rolesOfFile(file) : [], hasDrifted: kept !== null && !isKept, error: null };
  } catch (thrown) {
    return { lab, text: '', file: null, roles: [], hasDrifted: false, error: toAppError(thrown) };
  }
}

/** What comes of a role that is given to a machine, by its name, or taken from who plays it (null). Rejects as `labs.read`. */
export async function judgeRole(hostId: string, { lab, text, file }: LabWithRoles, role: string, machine: string | null): Promise<{ intent: Extract<Intent, { kind: 'lab.apply' }> | null; problems: LabProblem[] }> {
  if (!file) throw new AppError('input.invalid', `The file of ${lab} can’t be used`, 'It has mistakes: open it in the editor, which shows them.');
  const { intent, problems } = await invoke('labs.read', { hostId, text: assignRole(text, file, role, machine) });
  return { intent: intent?.kind === 'lab.apply' ? intent : null, problems };
}

/** What a machine's leaving a lab comes to. Rejects as `labs.definition`, and where the lab's file has no such role or doesn’t fit the host. */
export async function leaveRoleIntent(hostId: string, lab: string, role: string): Promise<Intent> {
  const loaded = await loadLab(hostId, lab);
  if (loaded.error) throw loaded.error;
  const { intent, problems } = await judgeRole(hostId, loaded, role, null);
  if (!intent) throw new AppError('lab.invalid', `The file of ${lab} doesn’t fit this host`, problems.filter(({ severity }) => severity === 'error').map(({ message }) => message).join('\n'));
  return intent;
}
