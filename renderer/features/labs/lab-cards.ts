import { pictureOfFile } from '../../../shared/domain/labs/lab-picture';
import type { LabPicture } from '../../../shared/domain/labs/lab-picture';
import { readLabFile } from '../../../shared/domain/labs/read-lab-file';
import type { LabTemplate } from '../../../shared/domain/labs/templates/lab-template';
import { labTemplates, writeTemplate } from '../../../shared/domain/labs/templates/templates';
import { nothingToAttach } from '../../../shared/domain/propose-attached';
import { hasRoot } from '../../../shared/domain/privilege';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import type { UsedRange } from '../../../shared/domain/used-range';
import { AppError } from '../../../shared/errors/app-error';

/** A template as the gallery shows it on a host. */
export interface LabCardFacts {
  template: LabTemplate;
  /** With the subnets it would be proposed; without any where there are not enough left. */
  picture: LabPicture;
  /** What the host lacks, in a sentence; null: nothing. */
  missing: string | null;
}

/** In the order of the gallery. `used`: what is in use on this host and the others that are known. */
export function labCards(snapshot: HostSnapshot, used: readonly UsedRange[]): LabCardFacts[] {
  return labTemplates.map((template) => ({ template, picture: pictureOfTemplate(template, used), missing: missingFor(template, snapshot) }));
}

export function missingFor({ needs }: LabTemplate, snapshot: HostSnapshot): string | null {
  if (needs.includes('ovs')) {
    const without = nothingToAttach('ovs', snapshot);
    if (without) return without.text;
  }
  if (needs.includes('router') && !hasRoot(snapshot)) return 'Making a router takes root on the host: it is made of the host’s own kernel.';
  return needs.includes('sshd') && !snapshot.system.tools.includes('sshd') ? 'Its jump box is made of the host’s own sshd, which it lacks: on Debian and Ubuntu it is in the package openssh-server.' : null;
}

function pictureOfTemplate(template: LabTemplate, used: readonly UsedRange[]): LabPicture {
  const { file } = readLabFile(textOf(template, used));
  if (!file) throw new Error(`The template ${template.id} can’t be read`);
  return pictureOfFile(file, []);
}

function textOf(template: LabTemplate, used: readonly UsedRange[]): string {
  try {
    return writeTemplate(template, template.id, used);
  } catch (error) {
    if (error instanceof AppError && error.code === 'plan.invalid') return writeTemplate(template, template.id, []);
    throw error;
  }
}
