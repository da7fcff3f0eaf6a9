import { AppError } from '../../../errors/app-error';
import { proposeSubnet } from '../../propose-subnet';
import type { UsedRange } from '../../used-range';
import { activeDirectory } from './active-directory';
import { firewall } from './firewall';
import { isolated } from './isolated';
import { kubernetes } from './kubernetes';
import { templateSubnet } from './lab-template';
import type { LabTemplate } from './lab-template';
import { malware } from './malware';
import { pointToPoint } from './point-to-point';
import { pxe } from './pxe';
import { routerOnAStick } from './router-on-a-stick';
import { sandbox } from './sandbox';
import { storage } from './storage';
import { vlanCampus } from './vlan-campus';

/** In the order of the gallery. */
export const labTemplates: readonly LabTemplate[] = [sandbox, isolated, firewall, malware, activeDirectory, vlanCampus, routerOnAStick, kubernetes, pxe, storage, pointToPoint];

/** A template's lab file with subnets that are free of `used`. Throws AppError `plan.invalid` where there are not enough. */
export function writeTemplate(template: LabTemplate, name: string, used: readonly Pick<UsedRange, 'cidr'>[]): string {
  const taken = [...used];
  const subnets = Array.from({ length: template.subnets }, () => {
    const cidr = proposeSubnet(taken);
    if (cidr === null) throw new AppError('plan.invalid', 'No free subnets', `“${template.title}” needs ${template.subnets}, and this host and the others that are known leave no more.`);
    taken.push({ cidr });
    return templateSubnet(cidr);
  });
  return template.write(name, subnets);
}
