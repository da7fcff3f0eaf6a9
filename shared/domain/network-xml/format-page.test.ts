import { readFileSync, readdirSync } from 'node:fs';
import type { Element } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { address as hostAddress, makeInterface, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { isAddressed } from '../network-kinds';
import { describeReach } from '../describe-reach';
import { familyOfKind } from '../network-families';
import { networkSpecSchema } from '../network-spec';
import { parseRoot } from '../xml/parse-xml';
import { childElements } from '../xml/read-element';
import { attributesOf } from '../xml/xml-source';
import { editAddressedXml } from './edit-addressed-xml';
import { networkSchemaTable } from './network-schema';
import type { ElementSchema } from './network-schema';
import { parseNetwork } from './parse-network';
import { readAddressedSpec } from './read-addressed-spec';

const folder = new URL('../../../test/fixtures/network-documents/', import.meta.url);
const documents = readdirSync(folder).filter((name) => name.endsWith('.xml')).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

/** Each line but those that an edit is meant to change. */
const without = (xml: string, ...changed: RegExp[]): string[] => xml.split('\n').filter((line) => !changed.some((part) => part.test(line)));

/** Pools that no form shows: what is in them is the XML editor's. */
const formless = ['hostdev-addresses.xml', 'passthrough-pf.xml'];

/** As somebody may write it; libvirt makes up a bridge's name before any form sees the network. */
const unnamedBridge = ['nat-plain.xml'];
const shown = documents.filter(([name]) => !formless.includes(name) && !unnamedBridge.includes(name));

/** `network/ip@family` and `network/ip@family=ipv6`: each attribute and value of a document, and each element by its path. */
function wordsOf(element: Element, path: string): string[] {
  return [
    path, ...attributesOf(element).flatMap(([name, value]) => [`${path}@${name}`, `${path}@${name}=${value}`]),
    ...childElements(element).flatMap((child) => wordsOf(child, `${path}/${child.nodeName}`)),
  ];
}

/** The same of the format. “no” is nearly everywhere what is meant anyway, and nobody writes it. */
function wordsOfSchema(schema: ElementSchema, path: string): string[] {
  return [
    path, ...Object.entries(schema.attributes ?? {}).flatMap(([name, values]) => [`${path}@${name}`, ...(values ?? []).filter((value) => value !== 'no').map((value) => `${path}@${name}=${value}`)]),
    ...Object.entries(schema.children ?? {}).flatMap(([name, child]) => wordsOfSchema(child, `${path}/${name}`)),
  ];
}

describe('documents of every shape in the format page', () => {
  it('use everything that the format has', () => {
    const used = new Set(documents.flatMap(([, xml]) => wordsOf(parseRoot(xml, 'network'), 'network')));
    expect(wordsOfSchema(networkSchemaTable, 'network').filter((word) => !used.has(word))).toEqual([]);
  });

  it.each(documents)('%s is understood and can be drawn', (_, xml) => {
    const { name, kind } = parseNetwork(xml);
    expect([name.length > 0, kind]).toEqual([true, expect.any(String)]);
    const snapshot = makeSnapshot({ interfaces: [makeInterface('br0', { kind: 'bridge', addresses: [hostAddress('10.0.0.5/24')] })] });
    expect(describeReach(makeNetwork(xml), snapshot)).toHaveLength(5);
  });

  it.each(shown)('%s is shown by its form, and saved without a change', (_, xml) => {
    const family = familyOfKind(parseNetwork(xml).kind);
    const spec = networkSpecSchema.parse(family.read(xml, true));
    expect(family.edit(xml, spec)).toBe(xml);
  });

  it.each(documents.filter(([name]) => formless.includes(name)))('%s is refused by its form, with a reason', (_, xml) => {
    expect(() => familyOfKind(parseNetwork(xml).kind).read(xml, true)).toThrow(/this form can’t show it/);
  });

  it.each(documents.filter(([name]) => unnamedBridge.includes(name)))('%s lacks nothing but the name of its bridge', (_, xml) => {
    const spec = networkSpecSchema.safeParse(familyOfKind(parseNetwork(xml).kind).read(xml, true));
    expect(new Set(spec.error?.issues.map(({ path }) => path.join('.')))).toEqual(new Set(['bridge']));
  });

  it.each(shown.filter(([, xml]) => isAddressed(parseNetwork(xml))))('%s loses nothing by an edit', (_, xml) => {
    const before = readAddressedSpec(xml);
    const after = { ...before, bridge: 'virbr99', mtu: 1400, dnsTexts: [...before.dnsTexts, { name: 'added', value: 'yes' }] };
    const edited = editAddressedXml(xml, after);
    expect(readAddressedSpec(edited)).toEqual(after);
    const changed = [/<bridge /, /<mtu /, /<txt /, /<\/?dns[ >]/];
    expect(without(edited, ...changed)).toEqual(without(xml, ...changed));
    expect(editAddressedXml(edited, before).replace(/\n {2}<dns>\s*<\/dns>|\s*<dns\/>/, '')).toBe(xml);
  });
});
