import { randomUUID } from 'node:crypto';
import type { LabFile } from '../../../shared/domain/labs/lab-file';
import type { LabIntent } from '../../../shared/domain/intent';
import type { LabProblem } from '../../../shared/domain/labs/lab-problem';
import { labsOnHost } from '../../../shared/domain/labs/labs-on-host';
import { readLabFile } from '../../../shared/domain/labs/read-lab-file';
import { resolveLab } from '../../../shared/domain/labs/resolve-lab';
import type { Network } from '../../../shared/domain/network';
import type { InventoryService } from '../inventory/inventory-service';
import { usedRangesFor } from '../networks/used-ranges-for';
import type { HostNames } from '../networks/used-ranges-for';
import { currentSnapshot } from '../plans/observe-host';

export interface LabDependencies {
  inventory: Pick<InventoryService, 'get' | 'refresh' | 'xml'>;
  hosts: HostNames;
  newUuid?: () => string;
}

/** A lab file as read for a host. */
export interface LabOnHost {
  file: LabFile | null;
  /** What the plan is made from; null when `problems` holds an error. */
  intent: LabIntent | null;
  problems: LabProblem[];
}

/** Lab files, and the labs of hosts. A lab is changed by its intent, through `PlanService` like everything else. */
export class LabService {
  constructor(private readonly dependencies: LabDependencies) {}

  /** What a file wants of this host as it is now. Throws `host.not-connected`. */
  async read(hostId: string, text: string): Promise<LabOnHost> {
    const { inventory, newUuid = randomUUID } = this.dependencies;
    const { file, problems, placed } = readLabFile(text);
    if (!file) return { file, intent: null, problems };
    // Whether a network starts with the host changes without an event.
    await inventory.refresh(hostId, 'quiet');
    const { networks, issues } = resolveLab(file, { snapshot: currentSnapshot(inventory, hostId), used: usedRangesFor(hostId, this.dependencies), newUuid });
    const all = [...problems, ...issues.map(placed)];
    return { file, problems: all, intent: all.some(({ severity }) => severity === 'error') ? null : { kind: 'lab.apply', lab: file.name, networks } };
  }

  /** Throws `host.not-connected`. */
  labsOn(hostId: string): { lab: string; networks: Network[] }[] {
    return labsOnHost(currentSnapshot(this.dependencies.inventory, hostId));
  }
}
