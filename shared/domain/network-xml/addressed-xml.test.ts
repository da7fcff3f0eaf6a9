import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { addressedSpecArbitrary, addressedSpecOf } from '../../../test/fakes/addressed-spec-arbitrary';
import { plainOptions } from '../addressed-spec';
import { addressedKinds } from '../network-kinds';
import type { AddressedSpec } from '../addressed-spec';
import { buildAddressedXml } from './build-addressed-xml';
import { editAddressedXml } from './edit-addressed-xml';
import { readAddressedSpec } from './read-addressed-spec';

const uuid = '0f0f0f0f-1111-4222-8333-444444444444';

const spec: AddressedSpec = {
  ...plainOptions, kind: 'nat', name: 'lab-web', bridge: 'virbr6',
  ipv4: {
    address: '10.20.30.1', prefix: 24,
    dhcp: {
      ranges: [{ start: '10.20.30.100', end: '10.20.30.199' }],
      hosts: [{ mac: '52:54:00:00:00:01', ip: '10.20.30.11', name: 'web1' }],
      bootp: null,
    },
    tftpRoot: null,
  },
  ipv6: { address: 'fd12:3456:789a:1::1', prefix: 64, dhcp: null },
  domain: { name: 'lab.internal', localOnly: true },
  dnsHosts: [{ ip: '10.20.30.7', hostnames: ['db', 'db.lab.internal'] }],
  dnsForwarders: [{ address: '9.9.9.9', domain: null }], mtu: 1400, forwardDev: 'eth0', autostart: true,
};

/** As a careful administrator might have left it: with much that the form knows nothing about. */
const handmade = `<!-- managed by hand -->
<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0' ipv6='yes'>
  <name>lab</name>
  <uuid>${uuid}</uuid>
  <metadata>
    <app:owner xmlns:app="urn:app" since="2019">"Jo" &amp; co</app:owner>
  </metadata>
  <forward mode='nat'>
    <nat>
      <address start='203.0.113.5' end='203.0.113.6'/>
      <port start='1024' end='65535'/>
    </nat>
  </forward>
  <bridge name='virbr1' stp='off' delay='3' zone='trusted' macTableManager='libvirt'/>
  <mac address='52:54:00:aa:bb:cc'/>
  <domain name='lab' register='yes'/>
  <dns forwardPlainNames='no'>
    <forwarder domain='corp' addr='10.1.1.1'/>
    <txt name='t' value='v'/>
    <srv service='ldap' protocol='tcp' port='389'/>
    <srv service='Not ours' protocol='tcp'/>
    <host ip='10.0.0.9'>
      <hostname>old</hostname>
    </host>
  </dns>
  <bandwidth>
    <inbound average='1000' peak='5000' burst='5120'/>
  </bandwidth>
  <ip address='10.0.0.1' netmask='255.255.255.0' localPtr='yes'>
    <tftp root='/srv/tftp'/>
    <dhcp>
      <!-- the printer -->
      <range start='10.0.0.100' end='10.0.0.199'>
        <lease expiry='1' unit='hours'/>
      </range>
      <host mac='52:54:00:00:00:01' name='web1' ip='10.0.0.11' x-note='keep'>
        <lease expiry='0'/>
      </host>
      <host name='by-name' ip='10.0.0.12'/>
      <bootp file='pxelinux.0'/>
    </dhcp>
  </ip>
  <ip address='172.31.9.1' prefix='24'/>
  <route address='10.9.0.0' prefix='16' gateway='10.0.0.2'/>
  <portgroup name='eng'>
    <bandwidth><inbound average='1'/></bandwidth>
  </portgroup>
  <dnsmasq:options>
    <dnsmasq:option value='cname=*.foo,web1'/>
  </dnsmasq:options>
</network>
`;

const untouchable = [
  '<!-- managed by hand -->', '    <app:owner xmlns:app="urn:app" since="2019">"Jo" &amp; co</app:owner>',
  '<mac address=\'52:54:00:aa:bb:cc\'/>', 'forwardPlainNames=\'no\'', '<srv service=\'Not ours\' protocol=\'tcp\'/>',
  'localPtr=\'yes\'', '<ip address=\'172.31.9.1\' prefix=\'24\'/>',
  '<bandwidth><inbound average=\'1\'/></bandwidth>', '<dnsmasq:option value=\'cname=*.foo,web1\'/>',
];

/** Attribute order says nothing in XML. */
function sortAttributes(xml: string): string {
  return xml.replace(/<([\w:]+)((?: [\w:]+='[^']*')+)/g, (_, name: string, attributes: string) =>
    `<${name} ${(attributes.match(/[\w:]+='[^']*'/g) ?? []).sort().join(' ')}`);
}

describe('buildAddressedXml', () => {
  it('writes as libvirt prints', () => {
    expect(buildAddressedXml(uuid, spec)).toBe(`<network>
  <name>lab-web</name>
  <uuid>${uuid}</uuid>
  <forward dev='eth0' mode='nat'>
    <nat ipv6='yes'/>
  </forward>
  <bridge name='virbr6' stp='on' delay='0'/>
  <mtu size='1400'/>
  <domain name='lab.internal' localOnly='yes'/>
  <dns>
    <forwarder addr='9.9.9.9'/>
    <host ip='10.20.30.7'>
      <hostname>db</hostname>
      <hostname>db.lab.internal</hostname>
    </host>
  </dns>
  <ip address='10.20.30.1' prefix='24'>
    <dhcp>
      <range start='10.20.30.100' end='10.20.30.199'/>
      <host mac='52:54:00:00:00:01' name='web1' ip='10.20.30.11'/>
    </dhcp>
  </ip>
  <ip family='ipv6' address='fd12:3456:789a:1::1' prefix='64'/>
</network>
`);
  });

  it('is read back as it was meant', () => {
    fc.assert(fc.property(addressedSpecArbitrary, (any) => {
      expect(readAddressedSpec(buildAddressedXml(uuid, any), any.autostart)).toEqual(any);
    }));
  });
});

describe('editAddressedXml', () => {
  it('sets who keeps the MAC table, and services that nobody offers', () => {
    const current = readAddressedSpec(handmade);
    expect(current.macTableManager).toBe('libvirt');
    expect(editAddressedXml(handmade, { ...current, macTableManager: 'kernel' })).toBe(handmade.replace(" macTableManager='libvirt'", ''));
    const said = handmade.replace(" macTableManager='libvirt'", " macTableManager='kernel'");
    expect(editAddressedXml(said, { ...readAddressedSpec(said), delaySeconds: 4 })).toBe(said.replace("delay='3'", "delay='4'"));
    const nobody = { service: 'sip', protocol: 'tcp' as const, domain: 'lab', target: '.', port: null, priority: null, weight: null };
    expect(editAddressedXml(handmade, { ...current, dnsServices: [...current.dnsServices, nobody] })).toContain("<srv service='sip' protocol='tcp' domain='lab' target='.'/>");
  });

  it('changes static IPv6 leases in place, and leaves those by name alone', () => {
    const xml = `<network><name>six</name><forward mode="route"/><bridge name="virbr6"/><ip family="ipv6" address="2001:db8:41:2:3::ff" prefix="64"><dhcp>
      <host name="press" ip="2001:db8:41:2:3::1"/>
      <host id="0:1:0:1:2f:66:5a:1:52:54:0:41:2:3" ip="2001:db8:41:2:3::2"/>
      <host id="0:3:0:1:52:54:0:40:50:60" name="kiln" ip="2001:db8:41:2:3::3"/>
      <host id="0:4:7c:1d" name="lathe" ip="2001:db8:41:2:3::4"/>
    </dhcp></ip></network>`;
    const current = readAddressedSpec(xml);
    const hosts = current.ipv6?.dhcp?.hosts ?? [];
    expect(hosts.map(({ ip, name }) => [ip, name])).toEqual([['2001:db8:41:2:3::2', null], ['2001:db8:41:2:3::3', 'kiln'], ['2001:db8:41:2:3::4', 'lathe']]);
    const with6 = (list: typeof hosts) => editAddressedXml(xml, { ...current, ipv6: current.ipv6 && { ...current.ipv6, dhcp: { ranges: [], hosts: list } } });
    const edited = with6([{ ...hosts[1]!, ip: '2001:db8:41:2:3::33' }, { duid: '00:03:00:01:52:54:00:00:00:0a', ip: '2001:db8:41:2:3::9', name: null }]);
    expect(edited).toContain('<host name="press" ip="2001:db8:41:2:3::1"/>');
    expect(edited).toContain('<host id="0:3:0:1:52:54:0:40:50:60" name="kiln" ip="2001:db8:41:2:3::33"/>');
    expect(edited).toContain('2001:db8:41:2:3::9');
    expect(edited).not.toContain('lathe');
    expect(readAddressedSpec(edited).ipv6?.dhcp?.hosts).toHaveLength(2);
  });

  it('changes nothing when nothing changed', () => {
    expect(editAddressedXml(handmade, readAddressedSpec(handmade))).toBe(handmade);
    fc.assert(fc.property(addressedSpecArbitrary, (any) => {
      const xml = buildAddressedXml(uuid, any);
      expect(editAddressedXml(xml, any)).toBe(xml);
    }));
  });

  it('comes to the same as building anew', () => {
    const pairs = fc.constantFrom(...addressedKinds).chain((kind) => fc.tuple(addressedSpecOf(kind), addressedSpecOf(kind)));
    fc.assert(fc.property(pairs, ([a, b]) => {
      expect(sortAttributes(editAddressedXml(buildAddressedXml(uuid, a), b))).toBe(sortAttributes(buildAddressedXml(uuid, b)));
    }), { numRuns: 300 });
  });

  it('says what was asked and keeps the rest of a document', () => {
    fc.assert(fc.property(addressedSpecOf('nat'), (any) => {
      const edited = editAddressedXml(handmade, any);
      expect(readAddressedSpec(edited, any.autostart)).toEqual(any);
      for (const part of untouchable) expect(edited).toContain(part);
    }), { numRuns: 300 });
  });

  it('touches one line for one change', () => {
    const before = readAddressedSpec(handmade);
    const edited = editAddressedXml(handmade, { ...before, bridge: 'virbr9' });
    expect(edited).toBe(handmade.replace('virbr1', 'virbr9'));
    const moved = editAddressedXml(handmade, { ...before, ipv4: before.ipv4 && { ...before.ipv4, prefix: 25 } });
    expect(moved).toBe(handmade.replace('255.255.255.0', '255.255.255.128'));
  });

  it('finds a static lease by its MAC and keeps what it does not know of it', () => {
    const before = readAddressedSpec(handmade);
    const dhcp = before.ipv4?.dhcp;
    if (!dhcp) throw new Error('the document has DHCP');
    const hosts = [{ mac: '52:54:00:00:00:02', ip: '10.0.0.13', name: null }, { mac: '52:54:00:00:00:01', ip: '10.0.0.14', name: 'web2' }];
    const edited = editAddressedXml(handmade, { ...before, ipv4: before.ipv4 && { ...before.ipv4, dhcp: { ...dhcp, hosts } } });
    expect(edited).toBe(handmade
      .replace('      <host mac=\'52:54:00:00:00:01\' name=\'web1\' ip=\'10.0.0.11\'', '      <host mac=\'52:54:00:00:00:02\' ip=\'10.0.0.13\'/>\n      <host mac=\'52:54:00:00:00:01\' name=\'web2\' ip=\'10.0.0.14\''));
  });

  it('takes IPv6 away whole, and its masquerading with it', () => {
    const xml = buildAddressedXml(uuid, spec);
    const edited = editAddressedXml(xml, { ...spec, ipv6: null });
    expect(edited).not.toContain('ipv6');
    expect(edited).toContain('<forward dev=\'eth0\' mode=\'nat\'/>');
  });

  it('leaves the masquerading of an existing IPv6 network as it is', () => {
    const xml = buildAddressedXml(uuid, spec).replace('    <nat ipv6=\'yes\'/>\n', '');
    const edited = editAddressedXml(xml, { ...spec, ipv6: { address: 'fd12:3456:789a:1::2', prefix: 64, dhcp: null } });
    expect(edited).toBe(xml.replace('789a:1::1', '789a:1::2'));
  });

  it('moves a bound NIC together with the copy libvirt keeps of it', () => {
    const xml = buildAddressedXml(uuid, spec).replace('<nat ipv6=\'yes\'/>', '<nat ipv6=\'yes\'/>\n    <interface dev=\'eth0\'/>');
    expect(editAddressedXml(xml, { ...spec, forwardDev: 'eth1' })).toBe(xml.replaceAll('eth0', 'eth1'));
    const free = editAddressedXml(xml, { ...spec, forwardDev: null });
    expect(free).not.toContain('eth0');
    expect(free).not.toContain('<interface');
  });
});

describe('readAddressedSpec', () => {
  it('refuses what the form can\'t show, with a reason', () => {
    expect(() => readAddressedSpec('<network><name>x</name><forward mode="bridge"/><bridge name="br0"/></network>')).toThrow(/isn't libvirt's/);
    expect(() => readAddressedSpec('<network><name>x</name><forward mode="nat"/></network>')).toThrow(/has no address/);
  });
});
