import { describe, expect, it } from 'vitest';
import { done, failed, natXml, unparsed } from './contract-host';
import type { ContractSession, Outcome } from './contract-host';

const both = ['--live', '--config'];
const updated = (what = 'persistent config and live state'): Outcome => done(`Updated network nwc-a ${what}\n`);
const refused = (says: string): Outcome => failed('Failed to update network nwc-a', says);
const invalid = (says: string): Outcome => refused(`Requested operation is not valid: ${says}`);

export function describeUpdates(current: () => ContractSession): void {
  const update = (action: string, section: string, xml: string, ...more: string[]): Promise<Outcome> =>
    current().virsh(['net-update', 'nwc-a', action, section, '--xml', xml, ...(more.length > 0 ? more : both)]);
  const start = async (xml = natXml('nwc-a')): Promise<void> => {
    await current().define(xml);
    await current().virsh(['net-start', 'nwc-a']);
  };
  const dumps = async (): Promise<string[]> => Promise.all([[], ['--inactive']].map(async (words) => (await current().virsh(['-q', 'net-dumpxml', 'nwc-a', ...words])).stdout));

  describe('net-update', () => {
    it('adds, modifies and deletes reservations, in what runs and in the definition', async () => {
      await start();
      expect(await update('add', 'ip-dhcp-host', '<host mac="52:54:00:c0:00:01" name="web" ip="10.111.1.5"/>')).toEqual(updated());
      expect(await update('add', 'ip-dhcp-host', '<host mac="52:54:00:c0:00:02" ip="10.111.1.6"/>')).toEqual(updated());
      expect(await update('add', 'ip-dhcp-host', '<host mac="52:54:00:c0:00:03" name="web" ip="10.111.1.6"/>'))
        .toEqual(invalid('there is an existing dhcp host entry in network \'nwc-a\' that matches "<host mac=\'52:54:00:c0:00:03\' name=\'web\' ip=\'10.111.1.6\'/>"'));
      expect(await update('modify', 'ip-dhcp-host', '<host mac="52:54:00:c0:00:01" name="web2" ip="10.111.1.7"/>')).toEqual(updated());
      for (const dump of await dumps()) expect(dump).toContain('      <host mac=\'52:54:00:c0:00:01\' name=\'web2\' ip=\'10.111.1.7\'/>\n      <host mac=\'52:54:00:c0:00:02\' ip=\'10.111.1.6\'/>\n');
      // Found by its name, it gets another MAC.
      expect(await update('modify', 'ip-dhcp-host', '<host mac="52:54:00:c0:00:09" name="web2" ip="10.111.1.7"/>')).toEqual(updated());
      expect(await update('delete', 'ip-dhcp-host', '<host mac="52:54:00:c0:00:09" ip="10.111.1.7"/>')).toEqual(updated());
      expect(await update('delete', 'ip-dhcp-host', '<host mac="52:54:00:c0:00:02" ip="10.111.1.6"/>')).toEqual(updated());
      expect(await update('delete', 'ip-dhcp-host', '<host mac="52:54:00:c0:00:02" ip="10.111.1.6"/>')).toEqual(invalid('couldn\'t locate a matching dhcp host entry in network \'nwc-a\''));
      for (const dump of await dumps()) expect(dump).not.toContain('<host');
    });

    it('adds and deletes DHCP ranges', async () => {
      await start();
      const range = '<range start="10.111.1.120" end="10.111.1.130"/>';
      expect(await update('add', 'ip-dhcp-range', range)).toEqual(updated());
      expect(await update('add', 'ip-dhcp-range', range)).toEqual(invalid('there is an existing dhcp range entry in network \'nwc-a\' that matches "<range start=\'10.111.1.120\' end=\'10.111.1.130\'/>"'));
      expect(await update('add', 'ip-dhcp-range', '<range start="10.111.9.1" end="10.111.9.9"/>')).toEqual(refused('internal error: range 10.111.9.1 - 10.111.9.9 is not entirely within network 10.111.1.1/24'));
      expect(await update('modify', 'ip-dhcp-range', range)).toEqual(refused('Operation not supported: dhcp ranges cannot be modified, only added or deleted'));
      expect(await update('delete', 'ip-dhcp-range', '<range start="10.111.1.10" end="10.111.1.99"/>')).toEqual(updated());
      expect(await update('delete', 'ip-dhcp-range', '<range start="10.111.1.11" end="10.111.1.99"/>')).toEqual(invalid('couldn\'t locate a matching dhcp range entry in network \'nwc-a\''));
      for (const dump of await dumps()) expect(dump).toContain('    <dhcp>\n      <range start=\'10.111.1.120\' end=\'10.111.1.130\'/>\n    </dhcp>\n');
    });

    it('adds and deletes DNS records', async () => {
      await start();
      const host = '<host ip="10.111.1.20"><hostname>a</hostname><hostname>b</hostname></host>';
      const srv = '<srv service="ldap" protocol="tcp" target="db" port="389" priority="0" weight="3"/>';
      expect(await update('add', 'dns-host', host)).toEqual(updated());
      expect(await update('add', 'dns-host', '<host ip="10.111.1.20"><hostname>c</hostname></host>')).toEqual(invalid('there is already at least one DNS HOST record with a matching field in network nwc-a'));
      expect(await update('modify', 'dns-host', host)).toEqual(refused('Operation not supported: DNS HOST records cannot be modified, only added or deleted'));
      expect(await update('add', 'dns-txt', '<txt name="t" value="v"/>')).toEqual(updated());
      expect(await update('add', 'dns-txt', '<txt name="t" value="w"/>')).toEqual(invalid('there is already a DNS TXT record with name \'t\' in network nwc-a'));
      expect(await update('delete', 'dns-txt', '<txt name="u" value="w"/>')).toEqual(invalid('couldn\'t locate a matching DNS TXT record in network nwc-a'));
      expect(await update('modify', 'dns-txt', '<txt name="t" value="w"/>')).toEqual(refused('Operation not supported: DNS TXT records cannot be modified, only added or deleted'));
      expect(await update('add', 'dns-srv', srv)).toEqual(updated());
      expect(await update('add', 'dns-srv', srv)).toEqual(invalid('there is already at least one DNS SRV record matching all specified fields in network nwc-a'));
      expect(await update('delete', 'dns-srv', '<srv service="ldap" protocol="udp" target="db" port="389"/>')).toEqual(invalid('couldn\'t locate a matching DNS SRV record in network nwc-a'));
      expect(await update('modify', 'dns-srv', srv)).toEqual(refused('Operation not supported: DNS SRV records cannot be modified, only added or deleted'));
      const dns = `  <dns>
    <txt name='t' value='v'/>
    <srv service='ldap' protocol='tcp' target='db' port='389' weight='3'/>
    <host ip='10.111.1.20'>
      <hostname>a</hostname>
      <hostname>b</hostname>
    </host>
  </dns>
`;
      for (const dump of await dumps()) expect(dump).toContain(dns);
      expect(await update('delete', 'dns-host', host)).toEqual(updated());
      expect(await update('delete', 'dns-host', '<host ip="10.111.1.20"><hostname>a</hostname></host>')).toEqual(invalid('couldn\'t locate a matching DNS HOST record in network nwc-a'));
    });

    it('adds, modifies and deletes portgroups and interfaces of a pool', async () => {
      await start('<network><name>nwc-a</name><forward mode="bridge"><interface dev="enp9s8"/></forward></network>');
      expect(await update('add', 'portgroup', '<portgroup name="p"/>')).toEqual(updated());
      expect(await update('add', 'portgroup', '<portgroup name="p"/>')).toEqual(invalid('there is an existing portgroup entry in network \'nwc-a\' that matches "<portgroup name=\'p\'>"'));
      expect(await update('modify', 'portgroup', '<portgroup name="p" default="yes"/>')).toEqual(updated());
      expect(await update('modify', 'portgroup', '<portgroup name="q"/>')).toEqual(invalid('couldn\'t find a portgroup entry in network \'nwc-a\' matching <portgroup name=\'q\'>'));
      expect(await update('add', 'forward-interface', '<interface dev="enp9s9"/>')).toEqual(updated());
      expect(await update('add', 'forward-interface', '<interface dev="enp9s9"/>')).toEqual(invalid('there is an existing interface entry in network \'nwc-a\' that matches "<interface dev=\'enp9s9\'>"'));
      for (const dump of await dumps()) {
        expect(dump).toContain('  <forward dev=\'enp9s8\' mode=\'bridge\'>\n    <interface dev=\'enp9s8\'/>\n    <interface dev=\'enp9s9\'/>\n  </forward>\n');
        expect(dump).toContain('  <portgroup name=\'p\' default=\'yes\'>\n  </portgroup>\n');
      }
      expect(await update('delete', 'portgroup', '<portgroup name="p"/>')).toEqual(updated());
      expect(await update('delete', 'portgroup', '<portgroup name="p"/>')).toEqual(invalid('couldn\'t find a portgroup entry in network \'nwc-a\' matching <portgroup name=\'p\'>'));
      expect(await update('delete', 'forward-interface', '<interface dev="enp9s7"/>')).toEqual(invalid('couldn\'t find an interface entry in network \'nwc-a\' matching <interface dev=\'enp9s7\'>'));
    });

    it('goes to what runs, to the definition, or to both', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      const text = (name: string): string => `<txt name="${name}" value="v"/>`;
      expect(await update('add', 'dns-txt', text('a'))).toEqual(invalid('network is not running'));
      expect(await session.virsh(['net-update', 'nwc-a', 'add', 'dns-txt', '--xml', text('b')])).toEqual(updated('persistent config'));
      await session.virsh(['net-start', 'nwc-a']);
      expect(await update('add', 'dns-txt', text('c'), '--live')).toEqual(updated('live state'));
      expect(await update('add', 'dns-txt', text('d'), '--config')).toEqual(updated('persistent config'));
      expect(await session.virsh(['net-update', 'nwc-a', 'add', 'dns-txt', '--xml', text('e')])).toEqual(updated('live state'));
      // Where one of the two refuses, the other stays as it was.
      expect((await update('add', 'dns-txt', text('d'))).exitCode).toBe(1);
      expect((await dumps()).map((dump) => [...dump.matchAll(/<txt name='(.)'/g)].map((found) => found[1]).join(''))).toEqual(['bce', 'bd']);
      expect(await update('add', 'dns-txt', text('f'), '--live', '--current')).toEqual(failed('Options --current and --live are mutually exclusive'));
    });

    it('finds the <ip> it is for', async () => {
      await start(`<network><name>nwc-a</name><bridge name='nwcbr0'/><ip address='10.111.1.1' prefix='24'><dhcp><range start='10.111.1.10' end='10.111.1.99'/></dhcp></ip>
        <ip family='ipv6' address='fd12:3456::1' prefix='64'><dhcp><range start='fd12:3456::10' end='fd12:3456::20'/></dhcp></ip></network>`);
      const range6 = '<range start="fd12:3456::30" end="fd12:3456::40"/>';
      expect(await update('add', 'ip-dhcp-range', range6, '--parent-index', '1', ...both)).toEqual(updated());
      expect(await update('add', 'ip-dhcp-range', range6, '--parent-index', '5', ...both)).toEqual(invalid('couldn\'t update dhcp host entry - no <ip> element found at index 5 in network \'nwc-a\''));
      for (const dump of await dumps()) expect(dump).toContain('      <range start=\'fd12:3456::30\' end=\'fd12:3456::40\'/>\n');
    });

    it('refuses what it does not know', async () => {
      await start();
      expect(await update('add', 'bridge', '<bridge name="x"/>')).toEqual(refused('Operation not supported: can\'t update \'bridge\' section of network \'nwc-a\''));
      expect(await update('add', 'nonsense', '<x/>')).toEqual(failed('unrecognized section name \'nonsense\''));
      expect(await update('frob', 'dns-txt', '<x/>')).toEqual(failed('unrecognized command name \'frob\''));
      expect(await update('add', 'dns-txt', '<txt/>')).toEqual(refused('missing required name attribute in DNS TXT record of network nwc-a'));
      expect(await update('add', 'dns-txt', '<host/>')).toEqual(refused('XML error: unexpected element <host>, expecting <txt>, while updating network \'nwc-a\''));
      expect(await current().virsh(['net-update', 'nwc-a', 'add', 'dns-txt', '/nonexistent'])).toEqual(failed('Failed to open file \'/nonexistent\': No such file or directory'));
      expect(await current().virsh(['net-update', 'nwc-a', 'add'])).toEqual(unparsed('command \'net-update\' requires <section> option', 'command \'net-update\' requires <xml> option'));
    });
  });

  describe('ports and TFTP of a network', () => {
    it('isolates the ports of machines, and lets a port be isolated by hand', async () => {
      const session = current();
      await start(natXml('nwc-a', { extra: '<port isolated="yes"/>' }));
      await session.virsh(['define', '/dev/stdin'], await session.host.machineXml('nwc-vm', 'nwc-a', '52:54:00:c0:11:22'));
      await session.virsh(['start', 'nwc-vm']);
      const ports = async () => (JSON.parse(await session.read('ip', '-j', '-d', 'link', 'show', 'master', 'nwcbr0')) as { ifname: string; linkinfo: { info_slave_data: { isolated: boolean } } }[])
        .map((port) => ({ name: port.ifname, isolated: port.linkinfo.info_slave_data.isolated }));
      const [port] = await ports();
      expect(port?.isolated).toBe(true);
      const tap = port?.name ?? '';
      await session.read('ip', 'link', 'set', 'dev', tap, 'nomaster');
      await session.read('ip', 'link', 'set', 'dev', tap, 'master', 'nwcbr0');
      expect(await ports()).toEqual([{ name: tap, isolated: false }]);
      await session.read('ip', 'link', 'set', 'dev', tap, 'type', 'bridge_slave', 'isolated', 'on');
      expect(await ports()).toEqual([{ name: tap, isolated: true }]);
      expect(await session.run('ip', 'link', 'set', 'dev', 'lo', 'type', 'bridge_slave', 'isolated', 'on')).toEqual({ exitCode: 2, stdout: '', stderr: 'RTNETLINK answers: Operation not supported\n' });
    });

    it('offers files by TFTP', async () => {
      const session = current();
      await start('<network><name>nwc-a</name><bridge name="nwcbr0"/><ip address="10.111.1.1" prefix="24"><tftp root="/var/lib"/><dhcp><range start="10.111.1.10" end="10.111.1.99"/><bootp file="x.0"/></dhcp></ip></network>');
      expect(await session.read('ss', '-H', '-lnu')).toMatch(/ 10\.111\.1\.1:69 /);
    });

    it('makes a bridge without an address, and firewall rules for it', async () => {
      const session = current();
      await start('<network ipv6="yes"><name>nwc-a</name><bridge name="nwcbr0"/></network>');
      const [bridge] = JSON.parse(await session.read('ip', '-j', 'addr', 'show', 'dev', 'nwcbr0')) as { flags: string[]; addr_info: unknown[] }[];
      expect([bridge?.flags.includes('UP'), bridge?.addr_info]).toEqual([true, []]);
      for (const tool of ['iptables-save', 'ip6tables-save']) {
        const rules = (await session.read(tool, '-t', 'filter')).split('\n').filter((rule) => /LIBVIRT_FW[IO] .*nwcbr0/.test(rule));
        expect(rules.map((rule) => rule.replace(/ --reject-with .*/, ''))).toEqual(['-A LIBVIRT_FWI -o nwcbr0 -j REJECT', '-A LIBVIRT_FWO -i nwcbr0 -j REJECT']);
      }
      expect(await session.read('ss', '-H', '-lnu')).not.toContain('nwcbr0');
    });
  });
}
