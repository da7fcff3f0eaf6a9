import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { address as hostAddress, makeInterface, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { isAddressed } from '../addressed-spec';
import { describeReach } from '../describe-reach';
import { familyOfKind, hasForm } from '../network-families';
import { networkSpecSchema } from '../network-spec';
import { editAddressedXml } from './edit-addressed-xml';
import { parseNetwork } from './parse-network';
import { readAddressedSpec } from './read-addressed-spec';

const folder = new URL('../../../test/fixtures/libvirt-networks/', import.meta.url);
const documents = readdirSync(folder).filter((name) => name.endsWith('.xml')).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

/** Each line but those that an edit is meant to change. */
const without = (xml: string, ...changed: RegExp[]): string[] => xml.split('\n').filter((line) => !changed.some((part) => part.test(line)));

/** Pools that no form shows: what is in them is the XML editor's. */
const formless = ['hostdev-addresses.xml', 'passthrough-pf.xml'];

describe('documents of every shape in the format page', () => {
  it.each(documents)('%s is understood and can be drawn', (_, xml) => {
    const { name, kind } = parseNetwork(xml);
    expect([name.length > 0, kind]).toEqual([true, expect.any(String)]);
    const snapshot = makeSnapshot({ interfaces: [makeInterface('br0', { kind: 'bridge', addresses: [hostAddress('10.0.0.5/24')] })] });
    expect(describeReach(makeNetwork(xml), snapshot)).toHaveLength(5);
  });

  it.each(documents.filter(([name, xml]) => hasForm(parseNetwork(xml).kind) && !formless.includes(name)))('%s is shown by its form, and saved without a change', (_, xml) => {
    const { kind } = parseNetwork(xml);
    if (!hasForm(kind)) throw new Error('filtered above');
    const family = familyOfKind(kind);
    const spec = networkSpecSchema.parse(family.read(xml, true));
    expect(family.edit(xml, spec)).toBe(xml);
  });

  it.each(documents.filter(([name]) => formless.includes(name)))('%s is refused by its form, with a reason', (_, xml) => {
    const { kind } = parseNetwork(xml);
    expect(() => (hasForm(kind) ? familyOfKind(kind).read(xml, true) : null)).toThrow(/this form can’t show it/);
  });

  it.each(documents.filter(([, xml]) => isAddressed(parseNetwork(xml))))('%s loses nothing by an edit', (_, xml) => {
    const before = readAddressedSpec(xml);
    const after = { ...before, bridge: 'virbr99', mtu: 1400, dnsTexts: [...before.dnsTexts, { name: 'added', value: 'yes' }] };
    const edited = editAddressedXml(xml, after);
    expect(readAddressedSpec(edited)).toEqual(after);
    const changed = [/<bridge /, /<mtu /, /<txt /, /<\/?dns[ >]/];
    expect(without(edited, ...changed)).toEqual(without(xml, ...changed));
    expect(editAddressedXml(edited, before).replace(/\n {2}<dns>\s*<\/dns>|\s*<dns\/>/, '')).toBe(xml);
  });
});
