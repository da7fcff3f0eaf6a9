import { parseDocument } from 'yaml';
import { AppError } from '../../errors/app-error';
import type { LabFile } from './lab-file';
import { nearestWord } from './nearest-word';

/**
 * The lab file with a role given to a machine, which leaves the role that it had; null: the role is open. Comments and all else stay.
 * `file`: what `readLabFile` made of `text`. Throws AppError `input.invalid` for a role that isn't there.
 */
export function assignRole(text: string, file: LabFile, role: string, machine: string | null): string {
  const roles = Object.keys(file.machines);
  if (!roles.includes(role)) {
    const near = nearestWord(role, roles);
    throw new AppError('input.invalid', 'No such role', `The lab ${file.name} has no role “${role}”. ${near ? `Is it “${near}”?` : roles.length > 0 ? `It has: ${roles.join(', ')}.` : 'It has none.'}`);
  }
  const document = parseDocument(text);
  for (const [key, { machine: player }] of Object.entries(file.machines)) if (key === role || (machine !== null && player === machine)) document.deleteIn(['machines', key, 'machine']);
  if (machine !== null) document.setIn(['machines', role, 'machine'], machine);
  return document.toString({ lineWidth: 0 });
}
