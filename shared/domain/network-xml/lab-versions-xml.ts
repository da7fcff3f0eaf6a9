import type { LabVersion } from '../labs/lab-version';
import { metadataElement } from '../xml/metadata-element';
import { parseXml } from '../xml/parse-xml';
import { attribute, childElements } from '../xml/read-element';
import { withMetadata } from './network-metadata';
import type { OwnMetadata } from './network-metadata';

/**
 * A lab's file, and its earlier versions, in the metadata of one of its networks: whoever may change the network may keep it, every computer
 * that reads the host finds it, and it goes with the lab. Apart from the mark, for libvirt 9.7 gives one element of each namespace by
 * `virsh net-metadata NETWORK urn:x-netwright:lab-file:1`.
 */
const labVersions: OwnMetadata<LabVersion[]> = {
  namespace: 'urn:x-netwright:lab-file:1',
  name: 'files',
  read: (element) => (element ? childElements(element) : []).filter((child) => child.localName === 'file')
    .map((child) => ({ text: child.textContent ?? '', appliedAt: attribute(child, 'applied') ?? '' })),
  write: (versions) => (versions.length > 0 ? { children: versions.map(({ text, appliedAt }) => ({ name: 'netwright:file', attributes: { applied: appliedAt }, text })) } : null),
};

/** Newest first; empty: the network keeps none. Throws AppError `libvirt.xml-invalid`. */
export function readLabVersions(xml: string): LabVersion[] {
  const root = parseXml(xml).documentElement;
  return root ? labVersions.read(metadataElement(root, labVersions.namespace, labVersions.name)) : [];
}

/** The same document with these versions, or with none. All else stays as it was written. Throws AppError `libvirt.xml-invalid`. */
export function withLabVersions(xml: string, versions: readonly LabVersion[]): string {
  return withMetadata(xml, labVersions, versions);
}
