import { describe, expect, it } from 'vitest';
import { done, failed, natXml, unparsed } from './contract-host';
import type { ContractSession } from './contract-host';

const a = (inside: string) => `<network><name>nwc-a</name>${inside}</network>`;
const nat = (inside: string) => a(`<forward mode="nat"/>${inside}`);
const dhcp = (inside: string) => nat(`<ip address="10.1.1.1" prefix="24"><dhcp>${inside}</dhcp></ip>`);

/** Definitions that libvirt refuses, and what it says after "Failed to define network from /dev/stdin". */
export const refused: [xml: string, says: string][] = [
  ['', '(network_definition):1: Document is empty\n(null)\n^'],
  ['junk', '(network_definition):1: Start tag expected, \'<\' not found\njunk\n^'],
  ['<network>', '(network_definition):1: Premature end of data in tag network line 1\n<network>\n---------^'],
  ['<network><name>a</network>', '(network_definition):1: Opening and ending tag mismatch: name line 1 and network\n<network><name>a</network>\n--------------------------^'],
  ['<network>\n<name>x</name>\n<b></c>\n</network>', '(network_definition):3: Opening and ending tag mismatch: b line 3 and c\n<b></c>\n-------^'],
  ['<network><name>x</name></network><more/>', '(network_definition):1: Extra content at the end of the document\n<network><name>x</name></network><more/>\n---------------------------------^'],
  ['<foo/>', 'XML error: expecting root element of \'network\', not \'foo\''],
  ['<network/>', 'missing name information'],
  ['<network><name/></network>', 'missing name information'],
  ['<network><name>a/b</name></network>', 'invalid char in name: /'],
  [a('<uuid>zz</uuid>'), 'internal error: malformed uuid element'],
  [a('<forward mode="bogus"/>'), 'unsupported configuration: unknown forwarding type \'bogus\''],
  [a('<forward mode="nat"/>'), 'XML error: nat forwarding requested, but no IP address provided for network \'nwc-a\''],
  [a('<forward mode="route"/>'), 'XML error: route forwarding requested, but no IP address provided for network \'nwc-a\''],
  [a('<forward mode="open"/>'), 'XML error: open forwarding requested, but no IP address provided for network \'nwc-a\''],
  [a('<forward mode="bridge"/><bridge name="br9"/><ip address="10.1.1.1" prefix="24"/>'), 'unsupported configuration: Unsupported <ip> element in network nwc-a with forward mode=\'bridge\''],
  [nat('<ip address="10.1.1.1" prefix="24"/><vlan><tag id="4"/></vlan>'), 'unsupported configuration: <vlan> element specified for network nwc-a, whose type doesn\'t support vlan configuration'],
  [a('<portgroup name="g"><vlan><tag id="4"/></vlan></portgroup>'), 'unsupported configuration: <vlan> element specified for network nwc-a, whose type doesn\'t support vlan configuration'],
  [
    a('<forward mode="bridge"/><bridge name="ovs9"/><virtualport type="openvswitch"/><portgroup name="g"><vlan><tag id="4"/></vlan><virtualport><parameters profileid="p"/></virtualport></portgroup>'),
    'unsupported configuration: <vlan> element specified for network nwc-a, whose type doesn\'t support vlan configuration',
  ],
  [a('<bandwidth><inbound average="9" floor="3"/></bandwidth>'), 'unsupported configuration: floor attribute is not supported for this config'],
  [a('<bandwidth><outbound average="9" floor="3"/></bandwidth>'), 'unsupported configuration: \'floor\' attribute allowed only in <inbound> element'],
  [a('<portgroup name="g"><bandwidth><inbound average="9" floor="3"/></bandwidth></portgroup>'), 'unsupported configuration: floor attribute is not supported for this config'],
  [nat('<ip/>'), 'XML error: Missing required address attribute in network \'nwc-a\''],
  [nat('<ip address="10.1.1.999" netmask="255.255.255.0"/>'), 'XML error: Invalid address \'10.1.1.999\' in network \'nwc-a\''],
  [nat('<ip address="10.1.1.1" prefix="40"/>'), 'unsupported configuration: Invalid IPv4 prefix \'40\' in network \'nwc-a\''],
  [nat('<ip address="10.1.1.1" netmask="x"/>'), 'XML error: Invalid netmask \'x\' in network \'nwc-a\''],
  [nat('<ip address="10.1.1.1" netmask="255.255.255.0" prefix="24"/>'), 'unsupported configuration: Network \'nwc-a\' IP address cannot have both a prefix and a netmask'],
  [nat('<ip address="fd00::1" prefix="64"/>'), 'unsupported configuration: no family specified for non-IPv4 address \'fd00::1\' in network \'nwc-a\''],
  [nat('<ip family="ipv6" address="10.1.1.1" prefix="64"/>'), 'unsupported configuration: Family \'ipv6\' specified for non-IPv6 address \'10.1.1.1\' in network \'nwc-a\''],
  [nat('<ip family="ipv6" address="fd00::1" prefix="200"/>'), 'unsupported configuration: Invalid IPv6 prefix \'200\' in network \'nwc-a\''],
  [nat('<ip family="ipv6" address="fd00::1" netmask="255.0.0.0"/>'), 'unsupported configuration: netmask not allowed for IPv6 address \'fd00::1\' in network \'nwc-a\''],
  [nat('<ip family="bogus" address="fd00::1" prefix="64"/>'), 'XML error: Unrecognized family \'bogus\' in network \'nwc-a\''],
  [dhcp('<range start="10.1.2.2" end="10.1.2.9"/>'), 'internal error: range 10.1.2.2 - 10.1.2.9 is not entirely within network 10.1.1.1/24'],
  [dhcp('<range start="10.1.1.9" end="10.1.1.2"/>'), 'internal error: range 10.1.1.9 - 10.1.1.2 is reversed '],
  [dhcp('<range start="10.1.1.0" end="10.1.1.9"/>'), 'internal error: start of range 10.1.1.0 - 10.1.1.9 in network 10.1.1.1/24 is the network address'],
  [dhcp('<range start="10.1.1.2" end="10.1.1.255"/>'), 'internal error: end of range 10.1.1.2 - 10.1.1.255 in network 10.1.1.1/24 is the broadcast address'],
  [dhcp('<range start="bad" end="10.1.1.255"/>'), 'Cannot parse socket address \'bad\': Name or service not known'],
  [dhcp('<range end="10.1.1.4"/>'), 'XML error: Missing \'start\' attribute in dhcp range for network \'nwc-a\''],
  [dhcp('<range start="10.1.1.3"/>'), 'XML error: Missing \'end\' attribute in dhcp range for network \'nwc-a\''],
  [dhcp('<range start="10.1.1.4" end="fd00::1"/>'), 'internal error: mismatch of address family in range 10.1.1.4 - fd00::1'],
  [dhcp('<host mac="xx" ip="10.1.1.3"/>'), 'XML error: Cannot parse MAC address \'xx\' in network \'nwc-a\''],
  [dhcp('<host mac="52:54:00:c0:00:01"/>'), 'XML error: Missing IP address in static host definition for network \'nwc-a\''],
  [dhcp('<host ip="10.1.1.4"/>'), 'XML error: Static host definition in IPv4 network \'nwc-a\' must have mac or name attribute'],
  [dhcp('<host mac="52:54:00:c0:00:01" ip="bad"/>'), 'XML error: Invalid IP address in static host definition for network \'nwc-a\''],
  [
    nat('<ip address="10.1.1.1" prefix="24"><dhcp><range start="10.1.1.3" end="10.1.1.9"/></dhcp></ip><ip address="10.1.2.1" prefix="24"><dhcp><range start="10.1.2.3" end="10.1.2.9"/></dhcp></ip>'),
    'unsupported configuration: Multiple IPv4 dhcp sections found -- dhcp is supported only for a single IPv4 address on each network',
  ],
  [a('<mtu size="zz"/>'), 'XML error: Invalid mtu size \'zz\' in network \'nwc-a\''],
  [a('<mac address="zz"/>'), 'XML error: Invalid bridge mac address \'zz\' in network \'nwc-a\''],
  [a('<mac address="01:00:5e:00:00:01"/>'), 'XML error: Invalid multicast bridge mac address \'01:00:5e:00:00:01\' in network \'nwc-a\''],
  [a('<bridge name="q1" delay="x"/>'), 'XML error: Invalid delay value in network \'nwc-a\''],
  [a('<dns><host ip="10.1.1.1"/></dns>'), 'Missing hostname in network \'nwc-a\' DNS HOST record'],
  [a('<dns><host ip="bad"><hostname>x</hostname></host></dns>'), 'Invalid IP address in network \'nwc-a\' DNS HOST record'],
  [a('<dns><forwarder addr="bad"/></dns>'), 'XML error: Invalid forwarder IP address \'bad\' in network \'nwc-a\''],
  [a('<dns><forwarder/></dns>'), 'XML error: Invalid forwarder element, must contain at least one of addr or domain'],
  [a('<route address="10.1.0.0" prefix="16"/>'), 'XML error: nwc-a: Missing required gateway attribute in route definition'],
  [a('<route address="10.1.0.0" prefix="16" gateway="10.2.0.1"/>'), 'unsupported configuration: unreachable static route gateway \'10.2.0.1\' specified for network \'nwc-a\''],
  [a('<forward mode="nat"><nat><port start="9" end="2"/></nat></forward><ip address="10.1.1.1" prefix="24"/>'), 'Missing or invalid \'end\' attribute in <port> in <nat> in <forward> in network nwc-a'],
];

/** Definitions that pass, and fail at the start. `LAN` stands for the uplink's own subnet. */
const unstartable: [title: string, xml: string, says: string][] = [
  ['a bridge name too long', nat('<bridge name="nwc4567890123456"/><ip address="10.111.1.1" prefix="24"/>'), 'error creating bridge interface nwc4567890123456: Numerical result out of range'],
  ['a bridge name with a blank', nat('<bridge name="nwc b"/><ip address="10.111.1.1" prefix="24"/>'), 'error creating bridge interface nwc b: Invalid argument'],
  ['a bridge name that an interface has', nat('<bridge name="lo"/><ip address="10.111.1.1" prefix="24"/>'), 'error creating bridge interface lo: File exists'],
  ['an MTU too small', nat('<bridge name="nwcbr0"/><mtu size="10"/><ip address="10.111.1.1" prefix="24"/>'), 'Cannot set interface MTU on \'nwcbr0\': Invalid argument'],
  ['an MTU too large', nat('<bridge name="nwcbr0"/><mtu size="99999999"/><ip address="10.111.1.1" prefix="24"/>'), 'Cannot set interface MTU on \'nwcbr0\': Invalid argument'],
  ['a netmask with holes', nat('<bridge name="nwcbr0"/><ip address="10.111.1.77" netmask="255.0.255.0"/>'), 'internal error: Invalid prefix or netmask for \'nwcbr0\''],
  ['a netmask with holes, isolated', a('<bridge name="nwcbr0"/><ip address="10.111.1.77" netmask="255.0.255.0"/>'), 'internal error: bridge \'nwcbr0\' has an invalid netmask or IP address'],
  ['a firewall zone without firewalld', nat('<bridge name="nwcbr0" zone="home"/><ip address="10.111.1.1" prefix="24"/>'), 'internal error: zone home requested for network nwc-a but firewalld is not active'],
];

const networkCommands = ['net-start', 'net-destroy', 'net-undefine', 'net-dumpxml', 'net-autostart', 'net-info', 'net-dhcp-leases', 'net-uuid'];
const machineCommands = ['start', 'shutdown', 'destroy', 'undefine', 'dumpxml', 'domiflist', 'domstate'];

export function describeRefusals(current: () => ContractSession): void {
  describe('what libvirt refuses', () => {
    it.each(refused)('net-define %j', async (xml, says) => {
      expect(await current().define(xml)).toEqual(failed('Failed to define network from /dev/stdin', says));
      expect((await current().virsh(['-q', 'net-list', '--all', '--name'])).stdout).not.toContain('nwc-a');
    });

    it.each(unstartable)('net-start with %s', async (_title, xml, says) => {
      const session = current();
      await session.define(xml);
      expect(await session.virsh(['net-start', 'nwc-a'])).toEqual(failed('Failed to start network nwc-a', says));
      expect((await session.run('ip', 'link', 'show', 'nwcbr0')).exitCode).toBe(1);
    });

    it('names, UUIDs, bridges and subnets that are taken', async () => {
      const session = current();
      const { device, subnet } = session.host.uplink;
      await session.define(natXml('nwc-a', { extra: '<uuid>aaaaaaaa-0000-4000-8000-c0c000000004</uuid>' }));
      const refusedAs = (says: string) => failed('Failed to define network from /dev/stdin', says);
      expect(await session.define('<network><name>nwc-a</name></network>'))
        .toEqual(refusedAs('operation failed: network \'nwc-a\' already exists with uuid aaaaaaaa-0000-4000-8000-c0c000000004'));
      expect(await session.define('<network><name>nwc-b</name><uuid>aaaaaaaa-0000-4000-8000-c0c000000004</uuid></network>'))
        .toEqual(refusedAs('operation failed: network \'nwc-a\' is already defined with uuid aaaaaaaa-0000-4000-8000-c0c000000004'));
      expect(await session.define('<network><name>nwc-b</name><bridge name="nwcbr0"/></network>'))
        .toEqual(refusedAs('internal error: bridge name \'nwcbr0\' already in use.'));
      // Only who makes the bridge must have it alone.
      expect((await session.define('<network><name>nwc-b</name><forward mode="bridge"/><bridge name="nwcbr0"/></network>')).exitCode).toBe(0);
      await session.virsh(['net-start', 'nwc-a']);
      await session.define(natXml('nwc-c', { bridge: 'nwcbr1' }));
      expect(await session.virsh(['net-start', 'nwc-c'])).toEqual(failed('Failed to start network nwc-c', 'internal error: Network is already in use by interface nwcbr0'));
      await session.define('<network><name>nwc-f</name><bridge name="nwcbr4"/><ip address="10.111.1.1" prefix="25"/></network>');
      const dnsmasq = 'VIR_BRIDGE_NAME=nwcbr4 /usr/sbin/dnsmasq --conf-file=/var/lib/libvirt/dnsmasq/nwc-f.conf --leasefile-ro --dhcp-script=/usr/lib/libvirt/libvirt_leaseshelper';
      expect(await session.virsh(['net-start', 'nwc-f'])).toEqual(failed('Failed to start network nwc-f',
        `internal error: Child process (${dnsmasq}) unexpected exit status 2: \ndnsmasq: failed to create listening socket for 10.111.1.1: Address already in use\n`));
      // Another mask is another subnet to libvirt, even inside one that is taken.
      await session.define('<network><name>nwc-d</name><bridge name="nwcbr2"/><ip address="10.111.1.2" prefix="25"/></network>');
      expect(await session.virsh(['net-start', 'nwc-d'])).toEqual(done('Network nwc-d started\n\n'));
      const [address = '', length = ''] = subnet.split('/');
      await session.define(`<network><name>nwc-e</name><bridge name="nwcbr3"/><ip address="${address.replace(/\.\d+$/, '.7')}" prefix="${length}"/></network>`);
      expect(await session.virsh(['net-start', 'nwc-e'])).toEqual(failed('Failed to start network nwc-e', `internal error: Network is already in use by interface ${device}`));
    });

    it.each(networkCommands)('%s of a network that is not there', async (command) => {
      expect(await current().virsh([command, 'nwc-none'])).toEqual(failed('failed to get network \'nwc-none\'', 'Network not found: no network with matching name \'nwc-none\''));
    });

    it.each(machineCommands)('%s of a machine that is not there', async (command) => {
      expect(await current().virsh([command, 'nwc-none'])).toEqual(failed('failed to get domain \'nwc-none\''));
    });

    it('words that virsh does not know', async () => {
      const session = current();
      expect(await session.virsh(['bogus'])).toEqual(unparsed('unknown command: \'bogus\''));
      expect(await session.virsh(['net-list', '--bogus'])).toEqual(unparsed('command \'net-list\' doesn\'t support option --bogus'));
      expect(await session.virsh(['net-start'])).toEqual(unparsed('command \'net-start\' requires <network> option'));
      expect(await session.virsh(['net-start', 'a', 'b'])).toEqual(unparsed('unexpected data \'b\''));
      expect(await session.virsh(['net-dumpxml', ''])).toEqual(failed('Failed to get option \'network\': Option argument is empty'));
      expect(await session.virsh(['net-list', '--name', '--uuid'])).toEqual(failed('Only one argument from --table, --name and --uuid may be specified.'));
      expect(await session.run('virsh', '-c', 'bogus:///x', 'net-list')).toEqual(unparsed('failed to connect to the hypervisor', 'no connection driver available for bogus:///x'));
    });

    it('what a read-only connection must not', async () => {
      const result = await current().runner.run({ argv: ['virsh', '-r', '-c', 'qemu:///system', 'net-define', '/dev/stdin'], stdin: { name: 'x', text: natXml('nwc-a') } });
      expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({
        exitCode: 1, stderr: 'error: Failed to define network from /dev/stdin\nerror: operation forbidden: read only access prevents virNetworkDefineXML\n',
      });
    });

    it('words that ip and ovs-vsctl do not know', async () => {
      const session = current();
      expect(await session.run('ip', 'link', 'show', 'nope')).toEqual({ exitCode: 1, stdout: '', stderr: 'Device "nope" does not exist.\n' });
      expect(await session.run('ip', 'link', 'set', 'dev', 'nope', 'up')).toEqual({ exitCode: 1, stdout: '', stderr: 'Cannot find device "nope"\n' });
      expect(await session.run('ip', 'link', 'set', 'dev', 'lo', 'master', 'nope')).toEqual({ exitCode: 255, stdout: '', stderr: 'Error: argument "nope" is wrong: Device does not exist\n\n' });
      expect(await session.run('ip', 'bogus')).toEqual({ exitCode: 1, stdout: '', stderr: 'Object "bogus" is unknown, try "ip help".\n' });
      expect(await session.run('ip', 'link', 'bogus')).toEqual({ exitCode: 255, stdout: '', stderr: 'Command "bogus" is unknown, try "ip link help".\n' });
      expect(await session.run('ovs-vsctl', 'list', 'Bogus')).toEqual({ exitCode: 1, stdout: '', stderr: 'ovs-vsctl: unknown table "Bogus"\n' });
      expect(await session.run('ovs-vsctl', 'bogus')).toEqual({ exitCode: 1, stdout: '', stderr: 'ovs-vsctl: unknown command \'bogus\'; use --help for help\n' });
      expect(await session.run('iptables-save', '-t', 'bogus')).toEqual({ exitCode: 1, stdout: '', stderr: 'Table `bogus\' does not exist\n' });
      expect(await session.run('cat', '/nope', '/etc')).toEqual({ exitCode: 1, stdout: '', stderr: 'cat: /nope: No such file or directory\ncat: /etc: Is a directory\n' });
      expect(await session.run('nwc-no-such-tool')).toEqual({ exitCode: 127, stdout: '', stderr: expect.stringMatching(/nwc-no-such-tool: not found\n$/) });
    });
  });
}
