import { describe, expect, it } from 'vitest';
import { parseNetwork } from './parse-network';

const full = `<network connections='2' xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0' trustGuestRxFilters='yes'>
  <name>lab &amp; web</name>
  <uuid>525d772d-5c82-4e03-b6ce-7eb39dcb763d</uuid>
  <title>Web lab</title>
  <metadata><app:x xmlns:app="urn:x">1</app:x></metadata>
  <forward dev='eth0' mode='nat'>
    <nat ipv6='yes'><port start='1024' end='65535'/></nat>
    <interface dev='eth0'/>
  </forward>
  <bridge name='virbr6' zone='trusted' stp='off' delay='2'/>
  <mtu size='9000'/>
  <mac address='52:54:00:99:c3:f8'/>
  <domain name='lab.internal' localOnly='yes' register='yes'/>
  <dns enable='no' forwardPlainNames='no'>
    <forwarder domain='corp' addr='10.1.1.1'/>
    <forwarder addr='9.9.9.9'/>
    <txt name='t' value='v'/>
    <host ip='10.20.30.7'><hostname>a</hostname><hostname>b</hostname></host>
    <srv service='ldap' protocol='tcp' domain='d' target='t.d' port='389' priority='1' weight='2'/>
  </dns>
  <ip address='10.20.30.1' netmask='255.255.255.0'>
    <tftp root='/srv/tftp'/>
    <dhcp>
      <range start='10.20.30.100' end='10.20.30.199'><lease expiry='1' unit='hours'/></range>
      <host mac='52:54:00:00:00:01' name='web1' ip='10.20.30.11'/>
      <bootp file='pxelinux.0'/>
    </dhcp>
  </ip>
  <ip family='ipv6' address='fd00:1::1' prefix='64'/>
  <ip address='172.16.0.1'/>
  <route family='ipv4' address='10.99.0.0' prefix='16' gateway='10.20.30.2' metric='5'/>
  <route address='10.98.0.0' netmask='255.255.0.0' gateway='10.20.30.2'/>
  <portgroup name='eng' default='yes'><vlan trunk='yes'><tag id='42' nativeMode='untagged'/><tag id='47'/></vlan><bandwidth><inbound average='1000' peak='5000' burst='5120'/></bandwidth></portgroup>
</network>
`;

describe('parseNetwork', () => {
  it('reads every field', () => {
    expect(parseNetwork(full)).toEqual({
      uuid: '525d772d-5c82-4e03-b6ce-7eb39dcb763d',
      name: 'lab & web',
      title: 'Web lab',
      kind: 'nat',
      forward: { mode: 'nat', dev: 'eth0', interfaces: ['eth0'], natIpv6: true },
      bridge: { name: 'virbr6', stp: false, delaySeconds: 2, zone: 'trusted' },
      virtualPort: null,
      portIsolation: false,
      guestIpv6: false,
      mac: '52:54:00:99:c3:f8',
      mtu: 9000,
      domain: { name: 'lab.internal', localOnly: true },
      dns: {
        enabled: false,
        forwarders: [{ address: '10.1.1.1', domain: 'corp' }, { address: '9.9.9.9', domain: null }],
        hosts: [{ ip: '10.20.30.7', hostnames: ['a', 'b'] }],
        srv: [{ service: 'ldap', protocol: 'tcp', domain: 'd', target: 't.d', port: 389 }],
        txt: [{ name: 't', value: 'v' }],
      },
      ips: [
        {
          family: 'ipv4', address: '10.20.30.1', prefix: 24, tftpRoot: '/srv/tftp',
          dhcp: {
            ranges: [{ start: '10.20.30.100', end: '10.20.30.199' }],
            hosts: [{ mac: '52:54:00:00:00:01', name: 'web1', ip: '10.20.30.11' }],
            bootpFile: 'pxelinux.0',
          },
        },
        { family: 'ipv6', address: 'fd00:1::1', prefix: 64, dhcp: null },
        { family: 'ipv4', address: '172.16.0.1', prefix: 16, dhcp: null },
      ],
      routes: [
        { destination: '10.99.0.0/16', gateway: '10.20.30.2', metric: 5 },
        { destination: '10.98.0.0/16', gateway: '10.20.30.2', metric: null },
      ],
      portgroups: [{ name: 'eng', isDefault: true, vlan: { trunk: true, tags: [{ id: 42, nativeMode: 'untagged' }, { id: 47 }] }, bandwidth: { inbound: { averageKBps: 1000, peakKBps: 5000, burstKiB: 5120 }, outbound: null } }],
      vlan: null,
      lab: null,
    });
  });

  it.each([
    ['<forward mode="bridge"/><bridge name="br0"/>', 'bridged'],
    ['<forward mode="bridge"/><bridge name="br0"/><virtualport type="openvswitch"/>', 'ovs'],
    ['<forward mode="bridge"><interface dev="eth0"/></forward>', 'macvtap'],
    ['<forward mode="private"><interface dev="eth0"/></forward>', 'macvtap'],
    ['<forward mode="hostdev" managed="yes"><pf dev="eth3"/></forward>', 'sriov'],
    ['<forward mode="route"/><bridge name="virbr1"/>', 'routed'],
    ['<forward mode="open"/><bridge name="virbr1"/>', 'open'],
    ['<forward/><bridge name="virbr1"/>', 'nat'],
    ['<bridge name="virbr1"/>', 'isolated'],
  ])('knows the kind of %s', (inner, kind) => {
    expect(parseNetwork(`<network><name>n</name>${inner}</network>`).kind).toBe(kind);
  });

  it('reads the PCI addresses of a pool', () => {
    const xml = `<network><name>n</name><forward mode='hostdev'><address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x1'/></forward></network>`;
    expect(parseNetwork(xml).forward.interfaces).toEqual(['0000:02:00.1']);
  });

  it('refuses another document', () => {
    expect(() => parseNetwork('<domain/>')).toThrow(/a <network> was expected/);
  });
});
