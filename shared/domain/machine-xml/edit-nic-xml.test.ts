import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { macArbitrary } from '../../../test/fakes/addressed-spec-arbitrary';
import { nicSpecSchema } from '../machine-intent';
import type { NicSpec } from '../machine-intent';
import { parseRoot } from '../xml/parse-xml';
import { childElements } from '../xml/read-element';
import { writeElementXml } from '../xml/xml-source';
import { buildNicXml, editNicXml } from './edit-nic-xml';
import { nicSpecOf } from './nic-spec-of';
import { readNic } from './parse-machine';

const name = fc.string({ unit: fc.constantFrom(...'abz-09&<\'" ü'), minLength: 1, maxLength: 12 });
const device = fc.string({ unit: fc.constantFrom(...'abz09'), minLength: 1, maxLength: 15 });
const rate = fc.option(fc.record({
  averageKBps: fc.integer({ min: 1, max: 4_294_967 }), peakKBps: fc.option(fc.integer({ min: 1, max: 4_294_967 })), burstKiB: fc.option(fc.integer({ min: 1, max: 4_294_967 })),
}));
const specs: fc.Arbitrary<NicSpec> = fc.record({
  source: fc.oneof(
    fc.record({ kind: fc.constant('network' as const), network: name, portgroup: fc.option(name) }),
    fc.record({ kind: fc.constant('bridge' as const), bridge: device, isOvs: fc.boolean() }),
    fc.record({ kind: fc.constant('direct' as const), device, mode: fc.constantFrom('bridge' as const, 'private' as const, 'vepa' as const, 'passthrough' as const) }),
  ),
  mac: macArbitrary, model: fc.option(fc.constantFrom('virtio', 'e1000e', 'rtl8139')), linkUp: fc.boolean(), bandwidth: fc.record({ inbound: rate, outbound: rate }),
});

const specOf = (xml: string): NicSpec | null => nicSpecOf(readNic(parseRoot(xml, 'interface')));

/** What no form shows, and must stay. */
const others = [
  '<!-- mine -->', '<boot order=\'2\'/>', '<driver name=\'vhost\' queues=\'4\'/>', '<filterref filter=\'clean-traffic\'/>', '<mtu size=\'9000\'/>',
  '<port isolated=\'yes\'/>', '<alias name=\'ua-front\'/>', '<address type=\'pci\' domain=\'0x0000\' bus=\'0x01\' slot=\'0x00\' function=\'0x0\'/>',
  '<x:y xmlns:x=\'urn:x\'>&amp;</x:y>',
];

describe('an <interface>', () => {
  it('is read back as it was meant', () => {
    fc.assert(fc.property(specs, (spec) => {
      expect(nicSpecSchema.safeParse(spec).success).toBe(true);
      expect(specOf(buildNicXml(spec))).toEqual(spec);
    }));
  });

  it('changes nothing when nothing changed, and keeps what the form doesn\'t show', () => {
    fc.assert(fc.property(specs, specs, fc.subarray(others), (before, after, kept) => {
      const xml = buildNicXml(before).replace('</interface>', `${kept.map((line) => `  ${line}\n`).join('')}</interface>`);
      expect(editNicXml(xml, before)).toBe(xml);
      const edited = editNicXml(xml, after);
      expect(specOf(edited)).toEqual(after);
      for (const line of kept) expect(edited).toContain(line);
      // There and back says what it said at first.
      expect(specOf(editNicXml(edited, before))).toEqual(before);
    }));
  });

  it('loses with its place what belonged to that place', () => {
    const xml = '<interface type=\'network\'><source network=\'sw\' portgroup=\'ten\'/><vlan><tag id=\'10\'/></vlan><virtualport type=\'openvswitch\'><parameters interfaceid=\'1\'/></virtualport><model type=\'virtio\'/></interface>';
    const moved = editNicXml(xml, { ...specOf(xml)!, source: { kind: 'network', network: 'default', portgroup: null } });
    expect(moved).toBe('<interface type=\'network\'><source network=\'default\'/><model type=\'virtio\'/></interface>');
    const relinked = editNicXml(xml, { ...specOf(xml)!, linkUp: false });
    expect(childElements(parseRoot(relinked, 'interface')).map((child) => child.nodeName)).toEqual(['source', 'vlan', 'virtualport', 'model', 'link']);
  });

  it('keeps a promised floor when its limits go', () => {
    const xml = '<interface type=\'network\'><source network=\'a\'/><bandwidth><inbound average=\'100\' floor=\'50\'/><outbound average=\'10\'/></bandwidth></interface>';
    const edited = editNicXml(xml, { ...specOf(xml)!, bandwidth: { inbound: null, outbound: null } });
    expect(writeElementXml(parseRoot(edited, 'interface'))).toContain('<bandwidth><inbound floor=\'50\'/></bandwidth>');
  });

  it('of a kind that no spec describes is not edited', () => {
    expect(() => editNicXml('<interface type=\'user\'/>', { source: { kind: 'bridge', bridge: 'br0', isOvs: false }, mac: '52:54:00:00:00:01', model: null, linkUp: true, bandwidth: { inbound: null, outbound: null } })).toThrow(/No spec/);
  });
});
