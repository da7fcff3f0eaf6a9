import { AppError } from '../../errors/app-error';
import type { Network } from '../network';
import type { HostSnapshot } from '../snapshot';
import { asOtherNetwork } from './duplicate-network-xml';
import { readIdentity, withIdentity } from './network-identity';

/** What a document from elsewhere is to be: itself, another network of this name, or the new definition of one that is there. */
export type ImportChoice = { kind: 'new' } | { kind: 'as'; name: string } | { kind: 'replace' };

/** The network a document would meet on a host: the one of its UUID, or else of its name. */
export function metBy(xml: string, snapshot: Pick<HostSnapshot, 'networks'>): Network | null {
  const { uuid, name } = readIdentity(xml);
  return snapshot.networks.find((network) => network.uuid === uuid) ?? snapshot.networks.find((network) => network.name === name) ?? null;
}

/**
 * The document as it goes to libvirt, and the network it replaces. Throws AppError `plan.invalid` when it meets a network and it was
 * not said what to do about that, or meets none and was to replace one; `libvirt.xml-invalid`.
 */
export function importIntent(xml: string, choice: ImportChoice, snapshot: HostSnapshot, newUuid: string): { uuid: string; xml: string; replaces: Network | null } {
  const meets = metBy(xml, snapshot);
  switch (choice.kind) {
    case 'as': return { uuid: newUuid, xml: withIdentity(asOtherNetwork(xml, { snapshot, uuid: newUuid }), { name: choice.name }), replaces: null };
    case 'replace':
      if (!meets) throw new AppError('plan.invalid', 'There is nothing to replace', 'No network of this host has the name or the UUID of the document.', { hint: 'Import it without --replace.' });
      return { uuid: meets.uuid, xml: withIdentity(xml, { uuid: meets.uuid, name: meets.name }), replaces: meets };
    case 'new': {
      if (meets) {
        throw new AppError('plan.invalid', 'There is such a network already', `“${meets.name}” has the document's ${readIdentity(xml).uuid === meets.uuid ? 'UUID' : 'name'}.`, {
          hint: 'Import it --as another name, as a network beside it, or --replace the definition of the one there is.',
        });
      }
      const uuid = readIdentity(xml).uuid ?? newUuid;
      return { uuid, xml: withIdentity(xml, { uuid }), replaces: null };
    }
  }
}
