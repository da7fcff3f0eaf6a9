import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultXml, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { longestDocument } from '../xml-problem';
import { parseXml } from '../xml/parse-xml';
import { writeXml } from '../xml/xml-source';
import { checkNetworkXml } from './check-network-xml';
import type { XmlContext } from './xml-rule';

const base = makeSnapshot({ networks: [makeNetwork(defaultXml)] });
const context = (change: Partial<XmlContext> = {}): XmlContext => ({ snapshot: base, used: [], uuid: null, ...change });
const inNetwork = (inside: string): string => `<network>\n  <name>lab</name>\n${inside}\n</network>`;
const messages = (xml: string, change?: Partial<XmlContext>): string[] =>
  checkNetworkXml(xml, context(change)).map(({ severity, line, message }) => `${severity} ${line ?? '-'}: ${message}`);

const folder = join(import.meta.dirname, '../../../test/fixtures/network-documents');
const documents = readdirSync(folder).filter((name) => name.endsWith('.xml'));

describe('checkNetworkXml', () => {
  it.each([
    ['a tag left open', '<network>\n  <name>a</nam>\n</network>', /^error 2: .*mismatch/],
    ['another document', '<domain/>', /^error 1: The document is a <domain>, a <network> was expected/],
    ['entities', '<!DOCTYPE network [<!ENTITY x "y">]>\n<network/>', /^error 1: XML with entities/],
    ['no name', '<network/>', /^error 1: A network needs a <name>/],
    ['a taken name', '<network>\n<name>default</name></network>', /^error 2: There is a network “default”/],
    ['a taken bridge', inNetwork('<bridge name="virbr0"/>'), /^error 3: “virbr0” is the bridge of the network “default”/],
    ['an unknown element', inNetwork('<ipp/>'), /^warning 3: libvirt knows no <ipp> inside <network>/],
    ['an unknown attribute', inNetwork('<bridge name="x" colour="blue"/>'), /^warning 3: libvirt knows no attribute “colour” of <bridge>/],
    ['an unknown value', inNetwork('<bridge name="x" stp="maybe"/>'), /^warning 3: stp="maybe" of <bridge> is not one of on, off/],
    ['a range outside', inNetwork('<ip address="10.1.1.1" prefix="24"><dhcp>\n<range start="10.1.2.2" end="10.1.2.9"/></dhcp></ip>'), /^error 4: 10.1.2.2–10.1.2.9 is not inside 10.1.1.0\/24/],
    ['a range backwards', inNetwork('<ip address="10.1.1.1" prefix="24"><dhcp><range start="10.1.1.9" end="10.1.1.2"/></dhcp></ip>'), /^error 3: .*backwards/],
    ['overlapping ranges', inNetwork('<ip address="10.1.1.1" prefix="24"><dhcp><range start="10.1.1.2" end="10.1.1.9"/><range start="10.1.1.9" end="10.1.1.12"/></dhcp></ip>'), /^warning 3: .*overlaps 10.1.1.2–10.1.1.9/],
    ['VLAN 4096', inNetwork('<forward mode="bridge"/><bridge name="o"/><virtualport type="openvswitch"/><vlan><tag id="4096"/></vlan>'), /^error 3: “4096” is not a VLAN/],
    ['VLAN 0', inNetwork('<forward mode="hostdev"/><vlan><tag id="0"/></vlan>'), /^warning 3: VLAN 0 is reserved/],
    ['NAT without an address', inNetwork('<forward mode="nat"/>'), /^error 3: A network with mode="nat" needs an <ip>/],
    ['a VLAN on NAT', inNetwork('<forward mode="nat"/><vlan><tag id="5"/></vlan>'), /^error 3: Only Open vSwitch/],
    ['an address on a bridged network', inNetwork('<forward mode="bridge"/><bridge name="br0"/>\n<ip address="10.1.1.1" prefix="24"/>'), /^error 4: .*has no address of its own/],
    ['two default port groups', inNetwork('<portgroup name="a" default="yes"/><portgroup name="b" default="yes"/>'), /^error 3: Only one <portgroup>/],
    ['a comment', inNetwork('<!-- mine -->'), /^info 3: libvirt keeps no comments/],
    ['a title', inNetwork('<title>mine</title>'), /^warning 3: libvirt 9.0.0 on this host doesn't know titles \(libvirt 9.7 does\), and drops <title>/],
    ['a bad MAC', inNetwork('<ip address="10.1.1.1" prefix="24"><dhcp><host mac="zz" ip="10.1.1.4"/></dhcp></ip>'), /^error 3: “zz” is not a MAC/],
  ])('tells of %s at its line', (_what, xml, message) => {
    expect(messages(xml).some((text) => message.test(text)), messages(xml).join('\n')).toBe(true);
  });

  it('says nothing of a document that is right', () => {
    expect(messages(inNetwork('<forward mode="nat"/><bridge name="virbr7"/><ip address="10.1.1.1" prefix="24"><dhcp><range start="10.1.1.2" end="10.1.1.9"/></dhcp></ip>'))).toEqual([]);
  });

  it('lets a network keep its own name, bridge and subnet, and not its UUID change', () => {
    const edited = { uuid: makeNetwork(defaultXml).uuid, used: [{ cidr: '192.168.122.0/24', owner: 'default on h', hostId: base.hostId, kind: 'network' as const, networkUuid: makeNetwork(defaultXml).uuid }] };
    expect(messages(defaultXml, edited).filter((text) => !text.startsWith('info'))).toEqual([]);
    expect(messages(defaultXml.replace(/<uuid>.*<\/uuid>/, '<uuid>11111111-1111-4111-8111-111111111111</uuid>'), edited)).toEqual([expect.stringMatching(/identity, and stays/)]);
  });

  it('refuses more than a megabyte with a sentence', () => {
    expect(messages('x'.repeat(longestDocument + 1))).toEqual([expect.stringMatching(/^error -: This is 1.0 MB long/)]);
  });

  it.each(documents)('knows every element of %s, and writes it back as it was', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(messages(text, { snapshot: makeSnapshot({ networks: [] }) }).filter((line) => /knows no|is not one of/.test(line))).toEqual([]);
    expect(writeXml(parseXml(text))).toBe(text);
  });

  it('never fails, whatever the document is made of', () => {
    const texts = documents.map((name) => readFileSync(join(folder, name), 'utf8'));
    const scrap = fc.constantFrom('', '<', '>', '"', '\'', '&', '</ip>', '<ip>', 'address=""', '<dhcp/>', '/', '99', ':::', '0x', '<!--', 'é', '\u0000', ' xmlns:a="b"');
    fc.assert(fc.property(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(2000), fc.nat(12), scrap), { minLength: 1, maxLength: 6 }), (text, cuts) => {
      let mutated = text;
      for (const [at, length, insert] of cuts) mutated = mutated.slice(0, at) + insert + mutated.slice(at + length);
      for (const problem of checkNetworkXml(mutated, context())) expect(problem.message).not.toBe('');
    }), { numRuns: 400 });
  });
});
