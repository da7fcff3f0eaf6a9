import type { Element } from '@xmldom/xmldom';
import type { RoleMark } from '../labs/role-mark';
import { metadataElement } from '../xml/metadata-element';
import { attribute, childElements } from '../xml/read-element';
import { parseXml } from '../xml/parse-xml';
import { escapeXml } from '../xml/xml-source';

/** As of networks (lab-mark-xml.ts). `virsh metadata` keeps one element of a namespace, so that all labs of a machine share it. */
export const roleMarksNamespace = 'urn:x-netwright:lab:1';
/** The prefix that libvirt writes it with. */
export const roleMarksPrefix = 'netwright';

const local = (element: Element, name: string): Element[] => childElements(element).filter((child) => child.localName === name);

/** The labs that a `<domain>` is part of, by its metadata. */
export function readRoleMarks(root: Element): RoleMark[] {
  const element = metadataElement(root, roleMarksNamespace, 'roles');
  return element ? marksOf(element) : [];
}

/** What `virsh metadata --set` takes: without the namespace, which libvirt puts in. */
export function roleMarksXml(marks: readonly RoleMark[]): string {
  const text = (name: string, value: string): string => ` ${name}='${escapeXml(value)}'`;
  const roles = marks.map(({ lab, role, nics }) =>
    `<role${text('lab', lab)}${text('key', role)}>${nics.map((nic) => `<nic${text('network', nic.network)}${text('mac', nic.mac)}${text('plugged', nic.plugged ? 'yes' : 'no')}/>`).join('')}</role>`);
  return `<roles>${roles.join('')}</roles>`;
}

/** The same read again. */
export function readRoleMarksXml(xml: string): RoleMark[] {
  const root = parseXml(xml).documentElement;
  return root ? marksOf(root) : [];
}

function marksOf(roles: Element): RoleMark[] {
  return local(roles, 'role').flatMap((element): RoleMark[] => {
    const [lab, role] = [attribute(element, 'lab'), attribute(element, 'key')];
    if (lab === null || role === null) return [];
    const nics = local(element, 'nic').map((nic) => ({
      network: attribute(nic, 'network') ?? '', mac: (attribute(nic, 'mac') ?? '').toLowerCase(), plugged: attribute(nic, 'plugged') === 'yes',
    }));
    return [{ lab, role, nics }];
  });
}
