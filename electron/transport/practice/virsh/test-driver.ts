import { attributesOf } from '../../../../shared/domain/xml/xml-source';
import { childElements } from '../../../../shared/domain/xml/read-element';
import type { Element } from '@xmldom/xmldom';
import { networkSchemaTable } from '../../../../shared/domain/network-xml/network-schema';
import type { ElementSchema } from '../../../../shared/domain/network-xml/network-schema';
import { LibvirtError } from '../libvirt/libvirt-error';
import { parseNetworkDefinition } from '../libvirt/parse-network';
import { readRoot } from '../libvirt/read-document';
import { refused, reply } from './reply';
import type { VirshReply } from './reply';

/**
 * `virsh -c test:///default 'COMMAND; COMMAND'`: libvirt's pretend hypervisor, which lives as long as the process. Here it knows
 * how to put its own network away and to read another, which is all that a judgement of a document takes.
 */
export function runTestDriver(line: string, stdin: string): VirshReply {
  let last = reply('');
  const errors: string[] = [];
  for (const command of line.split(';').map((part) => part.trim()).filter((part) => part !== '')) {
    last = runCommand(command.split(/\s+/), stdin);
    errors.push(...last.errors);
  }
  return { ...last, errors };
}

function runCommand([name, ...words]: string[], stdin: string): VirshReply {
  if ((name === 'net-destroy' || name === 'net-undefine') && words[0] === 'default') return reply('');
  if (name !== 'net-define') return refused(`unknown command: '${name}'`);
  try {
    if (words.includes('--validate')) checkSchema(stdin);
    parseNetworkDefinition(stdin, () => '00000000-0000-4000-8000-000000000000');
    return reply('');
  } catch (error) {
    if (error instanceof LibvirtError) return refused('Failed to define network from /dev/stdin', error.message);
    throw error;
  }
}

/** As network.rng of libvirt 9.0 would, for names and the values of words. */
function checkSchema(xml: string): void {
  const root = readRoot(xml, 'network_definition', 'network');
  const complaint = complaintOf(root, networkSchemaTable);
  if (complaint === null) return;
  throw new LibvirtError(`XML document failed to validate against schema: Unable to validate doc against /usr/share/libvirt/schemas/network.rng\n${complaint}\n`);
}

function complaintOf(element: Element, schema: ElementSchema): string | null {
  for (const child of childElements(element)) {
    if (child.nodeName.includes(':')) continue;
    const known = schema.children?.[child.nodeName];
    if (!known || known.since !== undefined) return `Element ${element.nodeName} has extra content: ${child.nodeName}`;
    if (known.open) continue;
    const inner = complaintOf(child, known);
    if (inner !== null || attributesAreWrong(child, known)) {
      return `${inner === null ? '' : `${inner}\n`}Extra element ${child.nodeName} in interleave\nElement ${element.nodeName} failed to validate content`;
    }
  }
  return null;
}

function attributesAreWrong(element: Element, schema: ElementSchema): boolean {
  return attributesOf(element).some(([name, value]) => {
    if (name.startsWith('xmlns')) return false;
    const values = schema.attributes?.[name];
    return values === undefined || (values !== null && !values.includes(value));
  });
}
