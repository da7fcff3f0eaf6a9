import type { Element } from '@xmldom/xmldom';
import type { LabMark } from '../labs/lab-mark';
import { metadataElement } from '../xml/metadata-element';
import { attribute } from '../xml/read-element';
import { withMetadata } from './network-metadata';
import type { OwnMetadata } from './network-metadata';

const labMark: OwnMetadata<LabMark | null> = {
  namespace: 'urn:x-netwright:lab:1',
  name: 'network',
  read: (element) => {
    const [lab, key] = [attribute(element, 'lab'), attribute(element, 'key')];
    return lab === null || key === null ? null : { lab, key, madeSwitch: attribute(element, 'switch') === 'made' };
  },
  write: (mark) => mark && { attributes: { lab: mark.lab, key: mark.key, switch: mark.madeSwitch ? 'made' : null } },
};

/** The mark in a `<network>`'s metadata; null: no lab made it. */
export function readLabMark(root: Element): LabMark | null {
  return labMark.read(metadataElement(root, labMark.namespace, labMark.name));
}

/** The same document with this mark, or without one. All else stays as it was written. Throws AppError `libvirt.xml-invalid`. */
export function withLabMark(xml: string, mark: LabMark | null): string {
  return withMetadata(xml, labMark, mark);
}
