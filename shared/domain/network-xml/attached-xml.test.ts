import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { attachedSpecArbitraries, attachedSpecArbitrary } from '../../../test/fakes/attached-spec-arbitrary';
import { attachedKinds } from '../network-kinds';
import type { AttachedSpec, OvsSpec } from '../attached-spec';
import { buildAttachedXml } from './build-attached-xml';
import { editAttachedXml } from './edit-attached-xml';
import { parseNetwork } from './parse-network';
import { readAttachedSpec } from './read-attached-spec';

const uuid = '0f0f0f0f-1111-4222-8333-444444444444';
const none = { inbound: null, outbound: null };
const common = { title: null, description: null, vlan: null, portgroups: [], autostart: true };

const ovs: OvsSpec = {
  kind: 'ovs', ...common, name: 'house', bridge: 'ovsbr0', createBridge: null,
  portgroups: [
    { name: 'trusted', isDefault: true, vlan: { mode: 'access', tag: 10 }, bandwidth: none },
    { name: 'router', isDefault: false, vlan: { mode: 'trunk', tags: [10, 20], native: { tag: 1, mode: 'untagged' } }, bandwidth: { inbound: { averageKBps: 1000, peakKBps: 5000, burstKiB: null }, outbound: null } },
  ],
};

/** What a person and later libvirts put in besides. */
const handmade: Record<AttachedSpec['kind'], { xml: string; kept: string[] }> = {
  bridged: {
    xml: `<network connections='2' trustGuestRxFilters='no'>
  <!-- the flat network -->
  <name>lan</name>
  <uuid>${uuid}</uuid>
  <metadata>
    <app:owner xmlns:app="urn:app" since="2019">"Jo" &amp; co</app:owner>
  </metadata>
  <forward mode='bridge'/>
  <bridge name='br0' macTableManager='libvirt'/>
  <port isolated='yes' x-note='keep'/>
  <portgroup name='slow' trustGuestRxFilters='yes'>
    <bandwidth>
      <inbound average='128' floor='12'/>
    </bandwidth>
  </portgroup>
</network>
`,
    kept: ['<!-- the flat network -->', 'trustGuestRxFilters=\'no\'', '<app:owner xmlns:app="urn:app" since="2019">"Jo" &amp; co</app:owner>', 'macTableManager=\'libvirt\'', 'x-note=\'keep\''],
  },
  macvtap: {
    xml: `<network>
  <name>direct</name>
  <forward mode="vepa" dev="eth0">
    <driver name="vfio"/>
    <interface dev="eth0" connections="1"/><!-- first -->
    <interface dev="eth1"/>
  </forward>
  <virtualport type="802.1Qbg"><parameters managerid="11"/></virtualport>
</network>
`,
    kept: ['<driver name="vfio"/>', '<!-- first -->', '<virtualport type="802.1Qbg"><parameters managerid="11"/></virtualport>'],
  },
  ovs: {
    xml: `<network>
  <name>house</name>
  <forward mode='bridge'/>
  <bridge name='ovsbr0'/>
  <virtualport type='openvswitch'>
    <parameters profileid='tenant'/>
  </virtualport>
  <portgroup name='trusted' default='yes'>
    <!-- everyone -->
    <vlan><tag id='10'/></vlan>
    <virtualport><parameters profileid='p1'/></virtualport>
  </portgroup>
  <portgroup name='n'/>
</network>
`,
    kept: ['<parameters profileid=\'tenant\'/>'],
  },
  sriov: {
    xml: `<network>
  <name>vfs</name>
  <forward mode='hostdev' managed='yes'>
    <driver name='vfio'/>
    <pf dev='ens1f0' x='1'/>
    <address type='pci' domain='0x0000' bus='0x02' slot='0x10' function='0x0'/>
  </forward>
</network>
`,
    kept: ['<driver name=\'vfio\'/>', 'x=\'1\'', '<address type=\'pci\' domain=\'0x0000\' bus=\'0x02\' slot=\'0x10\' function=\'0x0\'/>'],
  },
};

/** Attribute order says nothing in XML. */
function sortAttributes(xml: string): string {
  return xml.replace(/<([\w:]+)((?: [\w:]+='[^']*')+)/g, (_, name: string, attributes: string) =>
    `<${name} ${(attributes.match(/[\w:]+='[^']*'/g) ?? []).sort().join(' ')}`);
}

describe('buildAttachedXml', () => {
  it('writes as libvirt prints', () => {
    expect(buildAttachedXml(uuid, ovs)).toBe(`<network>
  <name>house</name>
  <uuid>${uuid}</uuid>
  <forward mode='bridge'/>
  <bridge name='ovsbr0'/>
  <virtualport type='openvswitch'/>
  <portgroup name='trusted' default='yes'>
    <vlan>
      <tag id='10'/>
    </vlan>
  </portgroup>
  <portgroup name='router'>
    <vlan trunk='yes'>
      <tag id='1' nativeMode='untagged'/>
      <tag id='10'/>
      <tag id='20'/>
    </vlan>
    <bandwidth>
      <inbound average='1000' peak='5000'/>
    </bandwidth>
  </portgroup>
</network>
`);
    const macvtap: AttachedSpec = { kind: 'macvtap', ...common, name: 'direct', mode: 'vepa', devices: ['eth0', 'eth1'] };
    expect(buildAttachedXml(uuid, macvtap)).toContain('  <forward dev=\'eth0\' mode=\'vepa\'>\n    <interface dev=\'eth0\'/>\n    <interface dev=\'eth1\'/>\n  </forward>\n');
    const sriov: AttachedSpec = { kind: 'sriov', ...common, name: 'vfs', device: 'ens1f0', managed: true };
    expect(buildAttachedXml(uuid, sriov)).toContain('  <forward mode=\'hostdev\' managed=\'yes\'>\n    <pf dev=\'ens1f0\'/>\n  </forward>\n');
    const bridged: AttachedSpec = { kind: 'bridged', ...common, name: 'lan', bridge: 'br0', isolatedPorts: true };
    expect(buildAttachedXml(uuid, bridged)).toContain('  <bridge name=\'br0\'/>\n  <port isolated=\'yes\'/>\n');
  });

  it('is read back as it was meant, and is of its kind', () => {
    fc.assert(fc.property(attachedSpecArbitrary, (any) => {
      const xml = buildAttachedXml(uuid, any);
      expect(readAttachedSpec(xml, any.autostart)).toEqual(any);
      expect(parseNetwork(xml).kind).toBe(any.kind);
    }));
  });
});

describe.each(attachedKinds)('editAttachedXml of %s', (kind) => {
  const arbitrary: fc.Arbitrary<AttachedSpec> = attachedSpecArbitraries[kind];
  const { xml: original, kept } = handmade[kind];

  it('changes nothing when nothing changed', () => {
    expect(editAttachedXml(original, readAttachedSpec(original))).toBe(original);
    fc.assert(fc.property(arbitrary, (any) => {
      const xml = buildAttachedXml(uuid, any);
      expect(editAttachedXml(xml, any)).toBe(xml);
    }));
  });

  it('comes to the same as building anew', () => {
    fc.assert(fc.property(arbitrary, arbitrary, (a, b) => {
      expect(sortAttributes(editAttachedXml(buildAttachedXml(uuid, a), b))).toBe(sortAttributes(buildAttachedXml(uuid, b)));
    }), { numRuns: 300 });
  });

  it('says what was asked and keeps the rest of a document', () => {
    fc.assert(fc.property(arbitrary, (any) => {
      const edited = editAttachedXml(original, any);
      expect(readAttachedSpec(edited, any.autostart)).toEqual(any);
      for (const part of kept.filter((text) => !text.startsWith('x-note') || (any.kind === 'bridged'))) expect(edited).toContain(part);
    }), { numRuns: 300 });
  });
});

describe('editAttachedXml', () => {
  it('touches one line for one change', () => {
    const { xml } = handmade.ovs;
    const spec = readAttachedSpec(xml);
    const [trusted, other] = spec.portgroups;
    if (!trusted || !other) throw new Error('the document has two portgroups');
    expect(editAttachedXml(xml, { ...spec, portgroups: [{ ...trusted, vlan: { mode: 'access', tag: 11 } }, other] })).toBe(xml.replace('id=\'10\'', 'id=\'11\''));
    const grown = editAttachedXml(xml, { ...spec, portgroups: [other, trusted] });
    expect(grown).toContain('<!-- everyone -->');
    expect(grown.indexOf('name=\'n\'')).toBeLessThan(grown.indexOf('name=\'trusted\''));
  });

  it('moves a NIC written as an attribute alone', () => {
    const xml = '<network><name>d</name><forward mode=\'bridge\' dev=\'eth0\'/></network>';
    const spec = readAttachedSpec(xml);
    if (spec.kind !== 'macvtap') throw new Error(`it is ${spec.kind}`);
    expect(editAttachedXml(xml, { ...spec, devices: ['eth1'] })).toBe(xml.replace('eth0', 'eth1'));
    expect(readAttachedSpec(editAttachedXml(xml, { ...spec, devices: ['eth1', 'eth2'] }))).toEqual({ ...spec, devices: ['eth1', 'eth2'] });
  });

  it('doesn’t turn one kind into another', () => {
    expect(() => editAttachedXml(handmade.bridged.xml, ovs)).toThrow(/bridged, not ovs/);
  });
});

describe('readAttachedSpec', () => {
  it('refuses what the form can’t show, with a reason', () => {
    expect(() => readAttachedSpec('<network><name>x</name></network>')).toThrow(/neither Bridged/);
    expect(() => readAttachedSpec('<network><name>x</name><forward mode="hostdev"><address type="pci" bus="2"/></forward></network>')).toThrow(/one by one/);
  });
});
