import { describe, expect, it } from 'vitest';
import { done, failed, natXml } from './contract-host';
import type { ContractSession } from './contract-host';

const head = (name: string) => `<network>\n  <name>${name}</name>\n  <uuid><uuid></uuid>\n`;

/** What is defined, and what libvirt makes of it: `net-dumpxml --inactive` right after `net-define`. */
const accepted: { title: string; xml: string; dump: string }[] = [
  {
    title: 'adds UUID, STP, delay and MAC to a NAT network',
    xml: natXml('nwc-a'),
    dump: `${head('nwc-a')}  <forward mode='nat'/>
  <bridge name='nwcbr0' stp='on' delay='0'/>
  <mac address='<mac>'/>
  <ip address='10.111.1.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='10.111.1.10' end='10.111.1.99'/>
    </dhcp>
  </ip>
</network>
`,
  },
  {
    title: 'keeps every element it knows, in its own order, and drops the rest',
    xml: `<!-- top --><network ipv6="yes"><!-- c --><name>nwc-a</name><uuid>aaaaaaaa-0000-4000-8000-c0c000000001</uuid><title>My &amp; title</title><description>d</description><unknown/>
      <metadata><x:foo xmlns:x="urn:x" a="1"><x:bar/>t</x:foo></metadata><forward mode="nat" dev="enp9s9"><nat ipv6="yes"><port start="2000" end="3000"/></nat></forward>
      <bridge name="nwcbr0" stp="off" delay="3"/><mtu size="1400"/><mac address="52:54:00:C0:BB:01"/><domain name="lab.internal" localOnly="yes"/>
      <dns forwardPlainNames="no"><forwarder addr="9.9.9.9"/><forwarder domain="z" addr="1.1.1.1"/><host ip="10.111.1.5"><hostname>web1</hostname><hostname>web</hostname></host><txt name="t" value="v w"/>
      <srv service="sip" protocol="tcp" target="web1" port="5060"/></dns><ip address="10.111.1.1" prefix="24" localPtr="yes"><tftp root="/srv"/><dhcp><bootp file="x.0" server="10.111.1.1"/>
      <host mac="52:54:00:C0:00:AA" name="web1" ip="10.111.1.5"/><range start="10.111.1.10" end="10.111.1.20"><lease expiry="30" unit="minutes"/></range></dhcp></ip>
      <ip family="ipv6" address="fd12:3456::1" prefix="64"><dhcp><range start="fd12:3456::10" end="fd12:3456::20"/></dhcp></ip><route address="10.50.0.0" prefix="16" gateway="10.111.1.9"/></network>`,
    dump: `<network ipv6='yes'>
  <name>nwc-a</name>
  <uuid>aaaaaaaa-0000-4000-8000-c0c000000001</uuid>
  <metadata>
    <x:foo xmlns:x="urn:x" a="1"><x:bar/>t</x:foo>
  </metadata>
  <forward dev='enp9s9' mode='nat'>
    <nat ipv6='yes'>
      <port start='2000' end='3000'/>
    </nat>
    <interface dev='enp9s9'/>
  </forward>
  <bridge name='nwcbr0' stp='off' delay='3'/>
  <mtu size='1400'/>
  <mac address='52:54:00:c0:bb:01'/>
  <domain name='lab.internal' localOnly='yes'/>
  <dns forwardPlainNames='no'>
    <forwarder addr='9.9.9.9'/>
    <forwarder domain='z' addr='1.1.1.1'/>
    <txt name='t' value='v w'/>
    <srv service='sip' protocol='tcp' target='web1' port='5060'/>
    <host ip='10.111.1.5'>
      <hostname>web1</hostname>
      <hostname>web</hostname>
    </host>
  </dns>
  <ip address='10.111.1.1' prefix='24' localPtr='yes'>
    <tftp root='/srv'/>
    <dhcp>
      <range start='10.111.1.10' end='10.111.1.20'>
        <lease expiry='30' unit='minutes'/>
      </range>
      <host mac='52:54:00:C0:00:AA' name='web1' ip='10.111.1.5'/>
      <bootp file='x.0' server='10.111.1.1'/>
    </dhcp>
  </ip>
  <ip family='ipv6' address='fd12:3456::1' prefix='64'>
    <dhcp>
      <range start='fd12:3456::10' end='fd12:3456::20'/>
    </dhcp>
  </ip>
  <route address='10.50.0.0' prefix='16' gateway='10.111.1.9'/>
</network>
`,
  },
  {
    title: 'carries VLANs, bandwidth and portgroups of an Open vSwitch network',
    xml: `<network trustGuestRxFilters="yes"><name>nwc-a</name><forward mode="bridge"/><bridge name="br7"/><virtualport type="openvswitch"><parameters profileid="p"/></virtualport>
      <vlan trunk="yes"><tag id="5" nativeMode="tagged"/><tag id="6"/></vlan><portgroup name="g" default="yes"><vlan><tag id="4"/></vlan><bandwidth><inbound average="1000"/></bandwidth></portgroup>
      <bandwidth><inbound average="100" peak="200" burst="300"/></bandwidth><port isolated="no"/></network>`,
    dump: `<network trustGuestRxFilters='yes'>
  <name>nwc-a</name>
  <uuid><uuid></uuid>
  <forward mode='bridge'/>
  <bridge name='br7'/>
  <vlan trunk='yes'>
    <tag id='5' nativeMode='tagged'/>
    <tag id='6'/>
  </vlan>
  <bandwidth>
    <inbound average='100' peak='200' burst='300'/>
  </bandwidth>
  <port isolated='no'/>
  <virtualport type='openvswitch'>
    <parameters profileid='p'/>
  </virtualport>
  <portgroup name='g' default='yes'>
    <vlan>
      <tag id='4'/>
    </vlan>
    <bandwidth>
      <inbound average='1000'/>
    </bandwidth>
  </portgroup>
</network>
`,
  },
  {
    title: 'names the bridge of an isolated network and keeps dnsmasq options',
    xml: `<network xmlns:dnsmasq="http://libvirt.org/schemas/network/dnsmasq/1.0"><name>nwc-a</name><bridge name="nwcv%d" zone="home" macTableManager="libvirt"/><dns enable="no"/>
      <ip address="10.111.1.1"/><dnsmasq:options><dnsmasq:option value="log-queries"/></dnsmasq:options></network>`,
    dump: `<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
  <name>nwc-a</name>
  <uuid><uuid></uuid>
  <bridge name='nwcv0' zone='home' stp='on' delay='0' macTableManager='libvirt'/>
  <mac address='<mac>'/>
  <dns enable='no'/>
  <ip address='10.111.1.1'>
  </ip>
  <dnsmasq:options>
    <dnsmasq:option value='log-queries'/>
  </dnsmasq:options>
</network>
`,
  },
  {
    title: 'writes names with the five escapes',
    xml: '<network><name>nwc-&lt;&quot;&apos;&amp;ü</name><forward mode="bridge"/><bridge name="br7"/></network>',
    dump: `${head('nwc-&lt;&quot;&apos;&amp;ü')}  <forward mode='bridge'/>
  <bridge name='br7'/>
</network>
`,
  },
  {
    title: 'repeats the device of a macvtap network',
    xml: '<network><name>nwc-a</name><forward mode="bridge"><interface dev="enp9s9"/></forward></network>',
    dump: `${head('nwc-a')}  <forward dev='enp9s9' mode='bridge'>
    <interface dev='enp9s9'/>
  </forward>
</network>
`,
  },
];

export function describeDefinitions(current: () => ContractSession): void {
  describe('net-define and net-dumpxml', () => {
    it.each(accepted)('$title', async ({ xml, dump }) => {
      const session = current();
      const name = (/<name>(.*)<\/name>/.exec(xml)?.[1] ?? '').replace('&lt;', '<').replace('&quot;', '"').replace('&apos;', '\'').replace('&amp;', '&');
      expect(await session.define(xml)).toEqual(done(`Network ${name} defined from /dev/stdin\n\n`));
      expect(await session.virsh(['net-dumpxml', '--inactive', name])).toEqual(done(`${dump}\n`));
      expect(await session.virsh(['-q', 'net-dumpxml', name])).toEqual(done(dump));
    });

    it('replaces a definition with the same UUID, and makes up a new MAC when none is given', async () => {
      const session = current();
      const uuid = '<uuid>aaaaaaaa-0000-4000-8000-c0c000000002</uuid>';
      await session.define(natXml('nwc-a', { extra: `<mac address="52:54:00:c0:00:01"/>${uuid}` }));
      expect(await session.define(natXml('nwc-a', { subnet: '10.111.2', extra: uuid }))).toEqual(done('Network nwc-a defined from /dev/stdin\n\n'));
      const dump = await session.virsh(['net-dumpxml', 'aaaaaaaa-0000-4000-8000-c0c000000002']);
      expect(dump.stdout).toContain('<ip address=\'10.111.2.1\'');
      expect(dump.stdout).toContain('<mac address=\'<mac>\'/>');
    });

    it('keeps the running definition until the next start', async () => {
      const session = current();
      const uuid = '<uuid>aaaaaaaa-0000-4000-8000-c0c000000003</uuid>';
      await session.define(natXml('nwc-a', { extra: uuid }));
      await session.virsh(['net-start', 'nwc-a']);
      await session.define(natXml('nwc-a', { subnet: '10.111.2', extra: uuid }));
      expect((await session.virsh(['net-dumpxml', 'nwc-a'])).stdout).toContain('10.111.1.1');
      expect((await session.virsh(['net-dumpxml', '--inactive', 'nwc-a'])).stdout).toContain('10.111.2.1');
      await session.virsh(['net-destroy', 'nwc-a']);
      await session.virsh(['net-start', 'nwc-a']);
      expect((await session.virsh(['net-dumpxml', 'nwc-a'])).stdout).toContain('10.111.2.1');
    });

    it('writes the definition to its file', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      const file = await session.run('cat', '/etc/libvirt/qemu/networks/nwc-a.xml');
      const dump = await session.virsh(['-q', 'net-dumpxml', 'nwc-a']);
      expect(file.stdout).toBe(`<!--\nWARNING: THIS IS AN AUTO-GENERATED FILE. CHANGES TO IT ARE LIKELY TO BE\nOVERWRITTEN AND LOST. Changes to this xml configuration should be made using:\n  virsh net-edit nwc-a\nor other application using the libvirt API.\n-->\n\n${dump.stdout}`);
    });

    it('reads a file only where there is one', async () => {
      expect(await current().virsh(['net-define', '/nonexistent'])).toEqual(failed('Failed to open file \'/nonexistent\': No such file or directory'));
    });
  });
}
