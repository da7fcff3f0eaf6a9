import { randomUUID } from 'node:crypto';
import { duplicateNetworkXml } from '../../../shared/domain/network-xml/duplicate-network-xml';
import { parseNetwork } from '../../../shared/domain/network-xml/parse-network';
import { familyOfKind } from '../../../shared/domain/network-families';
import { networkSpecSchema } from '../../../shared/domain/network-spec';
import type { FormKind, NetworkProposal } from '../../../shared/domain/network-spec';
import type { UsedRange } from '../../../shared/domain/used-range';
import { proposeUla } from '../../../shared/domain/propose-ula';
import { AppError } from '../../../shared/errors/app-error';
import type { InventoryService } from '../inventory/inventory-service';
import { currentSnapshot } from '../plans/observe-host';
import { usedRangesFor } from './used-ranges-for';
import type { HostNames } from './used-ranges-for';

export interface DraftDependencies {
  inventory: Pick<InventoryService, 'get' | 'xml'>;
  hosts: HostNames;
  /** From 0 up to, not including, 1. Default Math.random. */
  random?: () => number;
}

/** What the wizards start from: a proposal for a new network, or an existing one as its form shows it. */
export class NetworkDrafts {
  constructor(private readonly dependencies: DraftDependencies) {}

  /** A new network with everything filled in and free, on this host and the others whose snapshots are known. Throws `host.not-connected`. */
  propose(hostId: string, kind: FormKind): NetworkProposal {
    const snapshot = currentSnapshot(this.dependencies.inventory, hostId);
    const used = usedRangesFor(hostId, this.dependencies);
    return { spec: familyOfKind(kind).propose(kind, { snapshot, used, random: this.random }), ipv6: proposeUla(this.random), used };
  }

  /** An existing network as its wizard edits it. Throws `input.invalid` when no form can show it, `host.not-connected`. */
  async draft(hostId: string, uuid: string): Promise<NetworkProposal> {
    const { inventory } = this.dependencies;
    const network = currentSnapshot(inventory, hostId).networks.find((item) => item.uuid === uuid.toLowerCase());
    const documents = await inventory.xml(hostId, 'network', uuid);
    const xml = documents.persistent ?? documents.running ?? '';
    const { kind } = parseNetwork(xml);
    const parsed = networkSpecSchema.safeParse(familyOfKind(kind).read(xml, network?.autostart ?? false));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new AppError('input.invalid', 'This form can\'t show the network', `It holds something unusual (${issue?.path.join('.')}: ${issue?.message}).`, {
        hint: 'Change it as XML.',
      });
    }
    return { spec: parsed.data, ipv6: proposeUla(this.random), used: usedRangesFor(hostId, this.dependencies) };
  }

  /** What could clash with a new network on this host. Throws `host.not-connected`. */
  usedRanges(hostId: string): UsedRange[] {
    currentSnapshot(this.dependencies.inventory, hostId);
    return usedRangesFor(hostId, this.dependencies);
  }

  /** An existing network's definition as a copy of it: free name, bridge and subnets, a UUID of its own. Throws `host.not-connected`, `libvirt.*`. */
  async duplicateXml(hostId: string, uuid: string): Promise<{ uuid: string; xml: string }> {
    const { inventory } = this.dependencies;
    const snapshot = currentSnapshot(inventory, hostId);
    const { persistent, running } = await inventory.xml(hostId, 'network', uuid);
    const copy = randomUUID();
    return { uuid: copy, xml: duplicateNetworkXml(persistent ?? running ?? '', { snapshot, used: usedRangesFor(hostId, this.dependencies), random: this.random, uuid: copy }) };
  }

  private readonly random = (): number => (this.dependencies.random ?? Math.random)();
}
