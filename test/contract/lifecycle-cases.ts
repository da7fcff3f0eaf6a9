import { describe, expect, it } from 'vitest';
import { listAddressesArgv, parseAddresses } from '../../electron/commands/ip/list-addresses';
import { listRoutesArgv, parseRoutes } from '../../electron/commands/ip/list-routes';
import { done, failed, natXml } from './contract-host';
import type { ContractSession } from './contract-host';

const fullXml = `<network><name>nwc-a</name><forward mode="nat"><nat ipv6="yes"><port start="2000" end="3000"/></nat></forward><bridge name="nwcbr0" stp="off" delay="3"/><mtu size="1400"/>
  <mac address="52:54:00:c0:bb:01"/><ip address="10.111.1.1" prefix="24"><dhcp><range start="10.111.1.10" end="10.111.1.20"/></dhcp></ip>
  <ip family="ipv6" address="fd12:3456::1" prefix="64"><dhcp><range start="fd12:3456::10" end="fd12:3456::20"/></dhcp></ip>
  <route address="10.112.0.0" prefix="16" gateway="10.111.1.9"/></network>`;

/** Lines of a rules dump that speak of a network: its bridge or its subnets. */
function rulesOf(dump: string, ...words: string[]): string[] {
  return dump.split('\n').filter((line) => line.startsWith('-A LIBVIRT') && words.some((word) => line.includes(word)));
}

/** Listening sockets of an address or a device, blanks evened out. */
function socketsOf(dump: string, ...words: string[]): string[] {
  return dump.split('\n').filter((line) => words.some((word) => line.includes(word))).map((line) => line.trim().replace(/ +/g, ' ')).sort();
}

export function describeLifecycle(current: () => ContractSession): void {
  describe('a network from start to end', () => {
    it('starts, shows, stops and goes', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      const info = (active: string, autostart: string) => done([
        'Name:           nwc-a', 'UUID:           <uuid>', `Active:         ${active}`, 'Persistent:     yes', `Autostart:      ${autostart}`, 'Bridge:         nwcbr0', '', '',
      ].join('\n'));
      expect(await session.virsh(['net-info', 'nwc-a'])).toEqual(info('no', 'no'));
      expect(await session.virsh(['net-start', 'nwc-a'])).toEqual(done('Network nwc-a started\n\n'));
      expect(await session.virsh(['net-start', 'nwc-a'])).toEqual(failed('Failed to start network nwc-a', 'Requested operation is not valid: network is already active'));
      expect(await session.virsh(['net-autostart', 'nwc-a'])).toEqual(done('Network nwc-a marked as autostarted\n\n'));
      expect(await session.virsh(['net-info', 'nwc-a'])).toEqual(info('yes', 'yes'));
      expect(await session.virsh(['net-autostart', '--disable', 'nwc-a'])).toEqual(done('Network nwc-a unmarked as autostarted\n\n'));
      expect(await session.virsh(['net-destroy', 'nwc-a'])).toEqual(done('Network nwc-a destroyed\n\n'));
      expect(await session.virsh(['net-destroy', 'nwc-a'])).toEqual(failed('Failed to destroy network nwc-a', 'Requested operation is not valid: network \'nwc-a\' is not active'));
      expect(await session.virsh(['net-undefine', 'nwc-a'])).toEqual(done('Network nwc-a has been undefined\n\n'));
      expect((await session.virsh(['-q', 'net-list', '--all', '--name'])).stdout).not.toContain('nwc-a');
    });

    it('notes the ports of masquerading while it runs', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      await session.virsh(['net-start', 'nwc-a']);
      const forward = '  <forward mode=\'nat\'>\n    <nat>\n      <port start=\'1024\' end=\'65535\'/>\n    </nat>\n  </forward>\n';
      expect((await session.virsh(['net-dumpxml', 'nwc-a'])).stdout).toContain(forward);
      expect((await session.virsh(['net-dumpxml', '--inactive', 'nwc-a'])).stdout).toContain('  <forward mode=\'nat\'/>\n');
    });

    it('makes the bridge with its addresses and routes, and takes them away', async () => {
      const session = current();
      await session.define(fullXml);
      await session.virsh(['net-start', 'nwc-a']);
      const bridge = parseAddresses(await session.read(...listAddressesArgv)).find(({ name }) => name === 'nwcbr0');
      expect(bridge).toMatchObject({
        kind: 'bridge', mac: '52:54:00:c0:bb:01', mtu: 1400, adminUp: true, operState: 'DOWN', controller: null,
        bridge: { stp: false, forwardDelaySeconds: 3, vlanFiltering: false },
        addresses: [
          { family: 'ipv4', address: '10.111.1.1', prefix: 24, scope: 'global', dynamic: false },
          { family: 'ipv6', address: 'fd12:3456::1', prefix: 64, scope: 'global', dynamic: false },
        ],
      });
      const routes = async () => [
        ...parseRoutes('ipv4', await session.read(...listRoutesArgv('ipv4'))), ...parseRoutes('ipv6', await session.read(...listRoutesArgv('ipv6'))),
      ].filter(({ device }) => device === 'nwcbr0').map(({ destination, gateway, metric, table }) => ({ destination, gateway, metric, table }));
      expect(await routes()).toEqual([
        { destination: '10.111.1.0/24', gateway: null, metric: null, table: 'main' },
        { destination: '10.112.0.0/16', gateway: '10.111.1.9', metric: 1, table: 'main' },
        { destination: 'fd12:3456::/64', gateway: null, metric: 256, table: 'main' },
      ]);
      expect(JSON.parse(await session.read('ip', '-j', '-4', 'route', 'show', 'dev', 'nwcbr0'))[0]).toMatchObject({ dst: '10.111.1.0/24', protocol: 'kernel', scope: 'link', prefsrc: '10.111.1.1', flags: ['linkdown'] });
      await session.virsh(['net-destroy', 'nwc-a']);
      expect(await routes()).toEqual([]);
      expect(await session.run('ip', 'link', 'show', 'nwcbr0')).toEqual({ exitCode: 1, stdout: '', stderr: 'Device "nwcbr0" does not exist.\n' });
    });

    it('gives a spanning-tree bridge two seconds of delay', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      await session.virsh(['net-start', 'nwc-a']);
      const bridge = parseAddresses(await session.read(...listAddressesArgv)).find(({ name }) => name === 'nwcbr0');
      expect(bridge?.bridge).toEqual({ stp: true, forwardDelaySeconds: 2, vlanFiltering: false });
    });

    it('writes firewall rules for NAT', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      await session.virsh(['net-start', 'nwc-a']);
      expect(rulesOf(await session.read('iptables-save'), 'nwcbr0', '10.111.1.')).toEqual([
        '-A LIBVIRT_PRT -o nwcbr0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill',
        '-A LIBVIRT_FWI -d 10.111.1.0/24 -o nwcbr0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
        '-A LIBVIRT_FWI -o nwcbr0 -j REJECT --reject-with icmp-port-unreachable',
        '-A LIBVIRT_FWO -s 10.111.1.0/24 -i nwcbr0 -j ACCEPT',
        '-A LIBVIRT_FWO -i nwcbr0 -j REJECT --reject-with icmp-port-unreachable',
        '-A LIBVIRT_FWX -i nwcbr0 -o nwcbr0 -j ACCEPT',
        '-A LIBVIRT_INP -i nwcbr0 -p udp -m udp --dport 53 -j ACCEPT', '-A LIBVIRT_INP -i nwcbr0 -p tcp -m tcp --dport 53 -j ACCEPT',
        '-A LIBVIRT_INP -i nwcbr0 -p udp -m udp --dport 67 -j ACCEPT', '-A LIBVIRT_INP -i nwcbr0 -p tcp -m tcp --dport 67 -j ACCEPT',
        '-A LIBVIRT_OUT -o nwcbr0 -p udp -m udp --dport 53 -j ACCEPT', '-A LIBVIRT_OUT -o nwcbr0 -p tcp -m tcp --dport 53 -j ACCEPT',
        '-A LIBVIRT_OUT -o nwcbr0 -p udp -m udp --dport 68 -j ACCEPT', '-A LIBVIRT_OUT -o nwcbr0 -p tcp -m tcp --dport 68 -j ACCEPT',
        '-A LIBVIRT_PRT -s 10.111.1.0/24 -d 224.0.0.0/24 -j RETURN', '-A LIBVIRT_PRT -s 10.111.1.0/24 -d 255.255.255.255/32 -j RETURN',
        '-A LIBVIRT_PRT -s 10.111.1.0/24 ! -d 10.111.1.0/24 -p tcp -j MASQUERADE --to-ports 1024-65535',
        '-A LIBVIRT_PRT -s 10.111.1.0/24 ! -d 10.111.1.0/24 -p udp -j MASQUERADE --to-ports 1024-65535',
        '-A LIBVIRT_PRT -s 10.111.1.0/24 ! -d 10.111.1.0/24 -j MASQUERADE',
      ]);
      await session.virsh(['net-destroy', 'nwc-a']);
      expect(rulesOf(await session.read('iptables-save'), 'nwcbr0', '10.111.1.')).toEqual([]);
    });

    it('writes firewall rules for a device, other ports and IPv6', async () => {
      const session = current();
      const { device } = session.host.uplink;
      await session.define(fullXml.replace('<forward mode="nat">', `<forward mode="nat" dev="${device}">`));
      await session.virsh(['net-start', 'nwc-a']);
      expect(rulesOf(await session.read('iptables-save', '-t', 'nat'), '10.111.1.')).toEqual([
        `-A LIBVIRT_PRT -s 10.111.1.0/24 -d 224.0.0.0/24 -o ${device} -j RETURN`, `-A LIBVIRT_PRT -s 10.111.1.0/24 -d 255.255.255.255/32 -o ${device} -j RETURN`,
        `-A LIBVIRT_PRT -s 10.111.1.0/24 ! -d 10.111.1.0/24 -o ${device} -p tcp -j MASQUERADE --to-ports 2000-3000`,
        `-A LIBVIRT_PRT -s 10.111.1.0/24 ! -d 10.111.1.0/24 -o ${device} -p udp -j MASQUERADE --to-ports 2000-3000`,
        `-A LIBVIRT_PRT -s 10.111.1.0/24 ! -d 10.111.1.0/24 -o ${device} -j MASQUERADE`,
      ]);
      expect(rulesOf(await session.read('ip6tables-save'), 'nwcbr0', 'fd12:3456:')).toEqual([
        `-A LIBVIRT_FWI -d fd12:3456::/64 -i ${device} -o nwcbr0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
        '-A LIBVIRT_FWI -o nwcbr0 -j REJECT --reject-with icmp6-port-unreachable',
        `-A LIBVIRT_FWO -s fd12:3456::/64 -i nwcbr0 -o ${device} -j ACCEPT`,
        '-A LIBVIRT_FWO -i nwcbr0 -j REJECT --reject-with icmp6-port-unreachable',
        '-A LIBVIRT_FWX -i nwcbr0 -o nwcbr0 -j ACCEPT',
        '-A LIBVIRT_INP -i nwcbr0 -p udp -m udp --dport 547 -j ACCEPT',
        '-A LIBVIRT_INP -i nwcbr0 -p udp -m udp --dport 53 -j ACCEPT', '-A LIBVIRT_INP -i nwcbr0 -p tcp -m tcp --dport 53 -j ACCEPT',
        '-A LIBVIRT_OUT -o nwcbr0 -p udp -m udp --dport 546 -j ACCEPT',
        '-A LIBVIRT_OUT -o nwcbr0 -p udp -m udp --dport 53 -j ACCEPT', '-A LIBVIRT_OUT -o nwcbr0 -p tcp -m tcp --dport 53 -j ACCEPT',
        `-A LIBVIRT_PRT -s fd12:3456::/64 -d ff02::/16 -o ${device} -j RETURN`,
        `-A LIBVIRT_PRT -s fd12:3456::/64 ! -d fd12:3456::/64 -o ${device} -p tcp -j MASQUERADE --to-ports 2000-3000`,
        `-A LIBVIRT_PRT -s fd12:3456::/64 ! -d fd12:3456::/64 -o ${device} -p udp -j MASQUERADE --to-ports 2000-3000`,
        `-A LIBVIRT_PRT -s fd12:3456::/64 ! -d fd12:3456::/64 -o ${device} -j MASQUERADE`,
      ]);
    });

    it.each([
      ['route', ['-A LIBVIRT_FWI -d 10.111.1.0/24 -o nwcbr0 -j ACCEPT', '-A LIBVIRT_FWI -o nwcbr0 -j REJECT --reject-with icmp-port-unreachable', '-A LIBVIRT_FWO -s 10.111.1.0/24 -i nwcbr0 -j ACCEPT', '-A LIBVIRT_FWO -i nwcbr0 -j REJECT --reject-with icmp-port-unreachable']],
      ['open', []],
      ['none', ['-A LIBVIRT_FWI -o nwcbr0 -j REJECT --reject-with icmp-port-unreachable', '-A LIBVIRT_FWO -i nwcbr0 -j REJECT --reject-with icmp-port-unreachable']],
    ])('writes the forwarding rules of mode %s', async (mode, rules) => {
      const session = current();
      await session.define(natXml('nwc-a').replace('mode=\'nat\'', `mode='${mode}'`));
      await session.virsh(['net-start', 'nwc-a']);
      expect(rulesOf(await session.read('iptables-save', '-t', 'filter'), 'nwcbr0').filter((rule) => /FWI|FWO/.test(rule))).toEqual(rules);
      expect(rulesOf(await session.read('iptables-save', '-t', 'nat'), '10.111.1.')).toEqual([]);
    });

    it('lets dnsmasq listen, at first on IPv4: without carrier the IPv6 address is not ready', async () => {
      const session = current();
      await session.define(fullXml);
      await session.virsh(['net-start', 'nwc-a']);
      expect(socketsOf(await session.read('ss', '-H', '-lnt'), '10.111.1.1', 'fd12:')).toEqual(['LISTEN 0 32 10.111.1.1:53 0.0.0.0:*']);
      expect(socketsOf(await session.read('ss', '-H', '-lnu'), '10.111.1.1', 'nwcbr0', 'fd12:')).toEqual([
        'UNCONN 0 0 0.0.0.0%nwcbr0:67 0.0.0.0:*', 'UNCONN 0 0 10.111.1.1:53 0.0.0.0:*', 'UNCONN 0 0 [::]%nwcbr0:547 [::]:*',
      ]);
      await session.virsh(['net-destroy', 'nwc-a']);
      expect(socketsOf(await session.read('ss', '-H', '-lntu'), '10.111.1.1', 'nwcbr0', 'fd12:')).toEqual([]);
    });

    it('goes on as a transient network when it is undefined', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      await session.virsh(['net-start', 'nwc-a']);
      expect(await session.virsh(['net-undefine', 'nwc-a'])).toEqual(done('Network nwc-a has been undefined\n\n'));
      expect((await session.virsh(['-q', 'net-list', '--transient', '--name'])).stdout).toBe('nwc-a\n');
      expect(await session.virsh(['net-undefine', 'nwc-a'])).toEqual(failed('Failed to undefine network nwc-a', 'Requested operation is not valid: can\'t undefine transient network'));
      expect(await session.virsh(['net-autostart', 'nwc-a'])).toEqual(failed('failed to mark network nwc-a as autostarted', 'Requested operation is not valid: cannot set autostart for transient network'));
      expect(await session.virsh(['net-destroy', 'nwc-a'])).toEqual(done('Network nwc-a destroyed\n\n'));
      expect((await session.virsh(['-q', 'net-list', '--all', '--name'])).stdout).not.toContain('nwc-a');
    });

    it('lists by every filter', async () => {
      const session = current();
      await session.define('<network><name>nwc-a</name><uuid>aaaaaaaa-0000-4000-8000-c0c00000000a</uuid><forward mode="bridge"/><bridge name="br7"/></network>');
      await session.define('<network><name>nwc-b</name><uuid>aaaaaaaa-0000-4000-8000-c0c00000000b</uuid><forward mode="bridge"/><bridge name="br7"/></network>');
      await session.virsh(['net-start', 'nwc-b']);
      await session.virsh(['net-autostart', 'nwc-b']);
      const ours = async (...words: string[]) => (await session.virsh(['-q', 'net-list', ...words])).stdout.split('\n').filter((line) => /nwc-|c0c0/.test(line));
      expect(await ours('--all', '--name')).toEqual(['nwc-a', 'nwc-b']);
      expect(await ours('--name')).toEqual(['nwc-b']);
      expect(await ours('--inactive', '--name')).toEqual(['nwc-a']);
      expect(await ours('--uuid', '--all')).toHaveLength(2);
      expect(await ours('--uuid', '--all', '--autostart')).toEqual(['aaaaaaaa-0000-4000-8000-c0c00000000b']);
      expect(await ours('--name', '--all', '--no-autostart')).toEqual(['nwc-a']);
      expect(await ours('--name', '--all', '--persistent')).toEqual(['nwc-a', 'nwc-b']);
      expect(await ours('--name', '--all', '--transient')).toEqual([]);
      expect((await ours('--all')).map((line) => line.trim().split(/ +/))).toEqual([['nwc-a', 'inactive', 'no', 'yes'], ['nwc-b', 'active', 'yes', 'yes']]);
      const table = (await session.virsh(['net-list', '--all'])).stdout.split('\n');
      expect(table[0]).toMatch(/^ Name +State +Autostart   Persistent$/);
      expect(table[1]).toBe('-'.repeat((table[0] ?? '').length + 2));
      expect(table.slice(-2)).toEqual(['', '']);
    });

    it('prints an empty table of leases', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      const header = ' Expiry Time   MAC address   Protocol   IP address   Hostname   Client ID or DUID\n';
      expect(await session.virsh(['net-dhcp-leases', 'nwc-a'])).toEqual(done(`${header}${'-'.repeat(83)}\n\n`));
      expect(await session.virsh(['-q', 'net-dhcp-leases', 'nwc-a'])).toEqual(done(''));
    });
  });

  describe('the persistent virsh', () => {
    it('answers each command in order, quietly', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      const results = await session.runner.virsh([
        ['net-dumpxml', 'nwc-a'], ['net-dumpxml', 'nwc-none'], ['bogus'], ['net-list', '--all', '--name'], ['net-start', 'nwc-a'], ['net-list', '--foo'], ['net-list', '--uuid'], ['net-dumpxml', '--', 'nwc-a'],
      ]);
      const [dump, none, bogus, list, start, foo] = results.map(({ exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr }));
      expect(results).toHaveLength(8);
      expect(dump?.stdout).toMatch(/^<network>\n[^]*<\/network>\n$/);
      expect(none).toEqual({ exitCode: 1, stdout: '', stderr: 'error: failed to get network \'nwc-none\'\nerror: Network not found: no network with matching name \'nwc-none\'\n' });
      expect(bogus).toEqual({ exitCode: 1, stdout: '', stderr: 'error: unknown command: \'bogus\'\n' });
      expect(list?.stdout.split('\n')).toContain('nwc-a');
      expect(start).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      expect(foo).toEqual({ exitCode: 1, stdout: '', stderr: 'error: command \'net-list\' doesn\'t support option --foo\n' });
      expect(results[6]?.exitCode).toBe(0);
      expect(results[7]?.stdout).toContain('<port start=\'1024\' end=\'65535\'/>');
    });

    it('takes names with quotes, blanks and leading dashes', async () => {
      const session = current();
      for (const name of ['nwc-it\'s "b"', 'nwc \\ $x', 'nwc-é']) {
        await session.define(`<network><name>${name.replaceAll('"', '&quot;')}</name><forward mode="bridge"/><bridge name="br7"/></network>`);
        const [result] = await session.runner.virsh([['net-uuid', name]]);
        expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      }
    });
  });
}
