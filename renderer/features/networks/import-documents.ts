import { asOtherNetwork } from '../../../shared/domain/network-xml/duplicate-network-xml';
import { metBy } from '../../../shared/domain/network-xml/import-intent';
import { readIdentity, withIdentity } from '../../../shared/domain/network-xml/network-identity';
import type { Network } from '../../../shared/domain/network';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { longestDocument } from '../../../shared/domain/xml-problem';
import { AppError } from '../../../shared/errors/app-error';
import type { ImportedFile } from '../../stores/xml-drafts';

/** A document on its way in: what it is called, why it can't be used, and the network on the host that it would meet. */
export interface ImportedDocument {
  file: ImportedFile;
  name: string | null;
  problem: string | null;
  /** The network of the same UUID, or else of the same name. */
  meets: Network | null;
}

/** How a document that meets a network is taken: in its place, or beside it. */
export type ImportWay = 'new' | 'replace' | 'copy';

export function readDocument(file: ImportedFile, snapshot: HostSnapshot): ImportedDocument {
  if (file.text === null) return { file, name: null, problem: file.problem, meets: null };
  if (file.text.length > longestDocument) return { file, name: null, problem: tooLong(file.text.length), meets: null };
  try {
    const { name } = readIdentity(file.text);
    return { file, name, problem: name === null ? 'It names no network (<name> is missing).' : null, meets: metBy(file.text, snapshot) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { file, name: null, problem: [error.data.detail, error.data.hint].filter(Boolean).join(' '), meets: null };
  }
}

/** What goes into the editor, and as which network. */
export function documentToDraft(text: string, way: ImportWay, meets: Network | null, snapshot: HostSnapshot, newUuid: string): { uuid: string; xml: string } {
  if (way === 'replace' && meets) return { uuid: meets.uuid, xml: withIdentity(text, { uuid: meets.uuid, name: meets.name }) };
  if (way === 'copy') return { uuid: newUuid, xml: asOtherNetwork(text, { snapshot, uuid: newUuid }) };
  const { uuid } = readIdentity(text);
  return { uuid: uuid ?? newUuid, xml: withIdentity(text, { uuid: uuid ?? newUuid }) };
}

/** Files dropped on the page; what is too long is not read at all. */
export function readDroppedFiles(files: readonly File[]): Promise<ImportedFile[]> {
  return Promise.all(files.slice(0, 100).map(async (file) => {
    if (file.size > longestDocument) return { name: file.name, text: null, problem: tooLong(file.size) };
    try {
      return { name: file.name, text: new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()), problem: null };
    } catch {
      return { name: file.name, text: null, problem: 'It is no text in UTF-8, or can’t be read.' };
    }
  }));
}

function tooLong(size: number): string {
  return `It is ${(size / 1_000_000).toFixed(1)} MB long; a network’s definition has some hundred lines. More than 1 MB is not read.`;
}
