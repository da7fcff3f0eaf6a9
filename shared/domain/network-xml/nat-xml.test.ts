import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { natSpecArbitrary } from '../../../test/fakes/nat-spec-arbitrary';
import type { NatSpec } from '../nat-spec';
import { buildNatXml } from './build-nat-xml';
import { editNatXml } from './edit-nat-xml';
import { readNatSpec } from './read-nat-spec';

const uuid = '0f0f0f0f-1111-4222-8333-444444444444';

const spec: NatSpec = {
  name: 'lab-web', title: null, bridge: 'virbr6',
  ipv4: {
    address: '10.20.30.1', prefix: 24,
    dhcp: {
      ranges: [{ start: '10.20.30.100', end: '10.20.30.199' }],
      hosts: [{ mac: '52:54:00:00:00:01', ip: '10.20.30.11', name: 'web1' }],
    },
  },
  ipv6: { address: 'fd12:3456:789a:1::1', prefix: 64, dhcp: null },
  domain: { name: 'lab.internal', localOnly: true },
  dnsHosts: [{ ip: '10.20.30.7', hostnames: ['db', 'db.lab.internal'] }],
  dnsForwarders: ['9.9.9.9'], mtu: 1400, forwardDev: 'eth0', autostart: true,
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
  '<!-- managed by hand -->', 'ipv6=\'yes\'>', '    <app:owner xmlns:app="urn:app" since="2019">"Jo" &amp; co</app:owner>',
  '<address start=\'203.0.113.5\' end=\'203.0.113.6\'/>', '<port start=\'1024\' end=\'65535\'/>', 'stp=\'off\' delay=\'3\' zone=\'trusted\' macTableManager=\'libvirt\'',
  '<mac address=\'52:54:00:aa:bb:cc\'/>', '<dns forwardPlainNames=\'no\'>', '<forwarder domain=\'corp\' addr=\'10.1.1.1\'/>', '<txt name=\'t\' value=\'v\'/>',
  '<srv service=\'ldap\' protocol=\'tcp\' port=\'389\'/>', '  <bandwidth>\n    <inbound average=\'1000\' peak=\'5000\' burst=\'5120\'/>\n  </bandwidth>\n',
  'localPtr=\'yes\'', '<tftp root=\'/srv/tftp\'/>', '<ip address=\'172.31.9.1\' prefix=\'24\'/>', '<route address=\'10.9.0.0\' prefix=\'16\' gateway=\'10.0.0.2\'/>',
  '<bandwidth><inbound average=\'1\'/></bandwidth>', '<dnsmasq:option value=\'cname=*.foo,web1\'/>',
];

/** Attribute order says nothing in XML. */
function sortAttributes(xml: string): string {
  return xml.replace(/<([\w:]+)((?: [\w:]+='[^']*')+)/g, (_, name: string, attributes: string) =>
    `<${name} ${(attributes.match(/[\w:]+='[^']*'/g) ?? []).sort().join(' ')}`);
}

describe('buildNatXml', () => {
  it('writes as libvirt prints', () => {
    expect(buildNatXml(uuid, spec)).toBe(`<network>
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
    fc.assert(fc.property(natSpecArbitrary, (any) => {
      expect(readNatSpec(buildNatXml(uuid, any), any.autostart)).toEqual(any);
    }));
  });
});

describe('editNatXml', () => {
  it('changes nothing when nothing changed', () => {
    expect(editNatXml(handmade, readNatSpec(handmade))).toBe(handmade);
    fc.assert(fc.property(natSpecArbitrary, (any) => {
      const xml = buildNatXml(uuid, any);
      expect(editNatXml(xml, any)).toBe(xml);
    }));
  });

  it('comes to the same as building anew', () => {
    fc.assert(fc.property(natSpecArbitrary, natSpecArbitrary, (a, b) => {
      expect(sortAttributes(editNatXml(buildNatXml(uuid, a), b))).toBe(sortAttributes(buildNatXml(uuid, b)));
    }), { numRuns: 300 });
  });

  it('says what was asked and keeps the rest of a document', () => {
    fc.assert(fc.property(natSpecArbitrary, (any) => {
      const edited = editNatXml(handmade, any);
      expect(readNatSpec(edited, any.autostart)).toEqual(any);
      for (const part of untouchable) expect(edited).toContain(part);
    }), { numRuns: 300 });
  });

  it('touches one line for one change', () => {
    const before = readNatSpec(handmade);
    const edited = editNatXml(handmade, { ...before, bridge: 'virbr9' });
    expect(edited).toBe(handmade.replace('virbr1', 'virbr9'));
    const moved = editNatXml(handmade, { ...before, ipv4: { ...before.ipv4, prefix: 25 } });
    expect(moved).toBe(handmade.replace('255.255.255.0', '255.255.255.128'));
  });

  it('finds a static lease by its MAC and keeps what it does not know of it', () => {
    const before = readNatSpec(handmade);
    const dhcp = before.ipv4.dhcp;
    if (!dhcp) throw new Error('the document has DHCP');
    const hosts = [{ mac: '52:54:00:00:00:02', ip: '10.0.0.13', name: null }, { mac: '52:54:00:00:00:01', ip: '10.0.0.14', name: 'web2' }];
    const edited = editNatXml(handmade, { ...before, ipv4: { ...before.ipv4, dhcp: { ...dhcp, hosts } } });
    expect(edited).toBe(handmade
      .replace('      <host mac=\'52:54:00:00:00:01\' name=\'web1\' ip=\'10.0.0.11\'', '      <host mac=\'52:54:00:00:00:02\' ip=\'10.0.0.13\'/>\n      <host mac=\'52:54:00:00:00:01\' name=\'web2\' ip=\'10.0.0.14\''));
  });

  it('takes IPv6 away whole, and its masquerading with it', () => {
    const xml = buildNatXml(uuid, spec);
    const edited = editNatXml(xml, { ...spec, ipv6: null });
    expect(edited).not.toContain('ipv6');
    expect(edited).toContain('<forward dev=\'eth0\' mode=\'nat\'/>');
  });

  it('leaves the masquerading of an existing IPv6 network as it is', () => {
    const xml = buildNatXml(uuid, spec).replace('    <nat ipv6=\'yes\'/>\n', '');
    const edited = editNatXml(xml, { ...spec, ipv6: { address: 'fd12:3456:789a:1::2', prefix: 64, dhcp: null } });
    expect(edited).toBe(xml.replace('789a:1::1', '789a:1::2'));
  });

  it('moves a bound NIC together with the copy libvirt keeps of it', () => {
    const xml = buildNatXml(uuid, spec).replace('<nat ipv6=\'yes\'/>', '<nat ipv6=\'yes\'/>\n    <interface dev=\'eth0\'/>');
    expect(editNatXml(xml, { ...spec, forwardDev: 'eth1' })).toBe(xml.replaceAll('eth0', 'eth1'));
    const free = editNatXml(xml, { ...spec, forwardDev: null });
    expect(free).not.toContain('eth0');
    expect(free).not.toContain('<interface');
  });
});

describe('readNatSpec', () => {
  it('refuses what the form can\'t show, with a reason', () => {
    expect(() => readNatSpec('<network><name>x</name></network>')).toThrow(/forwards in another way/);
    expect(() => readNatSpec('<network><name>x</name><forward mode="nat"/></network>')).toThrow(/no IPv4 address/);
  });
});
