import type { Element } from '@xmldom/xmldom';
import type { RoleMark } from '../labs/role-mark';
import { removeElement, setAttribute } from '../xml/edit-element';
import { parseRoot } from '../xml/parse-xml';
import { attribute, childElement, childElements } from '../xml/read-element';
import { remembering } from '../xml/remembering';
import { writeElementXml } from '../xml/xml-source';
import { interfaceElements, readNic } from './parse-machine';
import type { NicInXml } from './parse-machine';
import { readRoleMarks } from './role-marks-xml';

/** One NIC as a document of its own, as `attach-device` and its siblings take it. */
export interface NicDocument {
  xml: string;
  nic: NicInXml;
}

/**
 * The `<interface>` elements of a machine, fit to be given back to libvirt. Those of a running machine also show what
 * libvirt made of them (tap, alias, port of the network, the kind of connection): that is taken out.
 */
export function nicDocuments(machineXml: string): NicDocument[] {
  return nicsOf(parseRoot(machineXml, 'domain'));
}

/** These, and the labs that the machine is part of by its metadata. */
export function nicsAndRoles(machineXml: string): { nics: NicDocument[]; labRoles: RoleMark[] } {
  const root = parseRoot(machineXml, 'domain');
  return { labRoles: readRoleMarks(root), nics: nicsOf(root) };
}

function nicsOf(root: Element): NicDocument[] {
  return interfaceElements(root).map((element) => {
    strip(element);
    return { xml: dedented(writeElementXml(element)), nic: readNic(element) };
  });
}

/** One such document, read again. */
export const nicDocument = remembering((xml: string): NicDocument => ({ xml, nic: readNic(parseRoot(xml, 'interface')) }));

/** Whose document it is. */
export const macOfDocument = (xml: string): string => nicDocument(xml).nic.mac;

function strip(nic: Element): void {
  const source = childElement(nic, 'source');
  const isRunning = childElement(nic, 'alias') !== null;
  if (source && attribute(source, 'network') !== null) {
    setAttribute(nic, 'type', 'network');
    for (const name of ['portid', 'bridge', 'dev', 'mode']) setAttribute(source, name, null);
  }
  // What users named themselves stays (formatdomain.html: aliases that begin with “ua-”, taps that don't with “vnet”).
  for (const alias of childElements(nic, 'alias')) if (!attribute(alias, 'name')?.startsWith('ua-')) removeElement(alias);
  for (const target of childElements(nic, 'target')) {
    if (isRunning && /^(?:vnet|macvtap|macvlan|vif)\d+$/.test(attribute(target, 'dev') ?? '')) removeElement(target);
  }
  // libvirt prints an empty one where limits were taken away.
  for (const bandwidth of childElements(nic, 'bandwidth')) if (childElements(bandwidth).length === 0) removeElement(bandwidth);
}

/** As it would stand at the left margin. */
function dedented(text: string): string {
  const indent = /\n([ \t]+)<\/interface>$/.exec(text)?.[1] ?? '';
  return indent === '' ? text : text.replaceAll(`\n${indent}`, '\n');
}
