import { describe, expect, it } from 'vitest';
import { parseMachine } from '../../shared/domain/machine-xml/parse-machine';
import { listSwitchesArgv, parseSwitches } from '../../electron/commands/ovs/list-switches';
import { done, failed } from './contract-host';
import type { ContractSession } from './contract-host';

const ovs = 'nwcovs';
const linux = '<forward mode="bridge"/><bridge name="br7"/>';
const onOvs = `<forward mode="bridge"/><bridge name="${ovs}"/><virtualport type="openvswitch"/>`;
const macvtap = (mode: string): string => `<forward mode="${mode}"><interface dev="enp9s9"/></forward>`;
const functions = '<forward mode="hostdev" managed="yes"><pf dev="enp9s9"/></forward>';
const limit = '<bandwidth><inbound average="100"/></bandwidth>';
const network = (inside: string): string => `<network><name>nwc-a</name>${inside}</network>`;
const unsupported = (element: string): string => `unsupported configuration: Unsupported <${element}> element in network nwc-a with forward mode='bridge'`;

/** What libvirt refuses for networks that are only attached to something of the host, and how it says so. */
const refused: [inside: string, message: string][] = [
  [`${linux}<mtu size="1400"/>`, 'XML error: mtu size only allowed in open, route, nat, and isolated mode, not in bridge (network \'nwc-a\')'],
  ['<forward mode="bridge"/><bridge name="br7" stp="on" delay="0"/>', 'XML error: bridge delay/stp/zone options only allowed in route, nat, and isolated mode, not in bridge (network \'nwc-a\')'],
  ['<forward mode="bridge" dev="enp9s9"/><bridge name="br7"/>', 'XML error: A network with forward mode=\'bridge\' can specify a bridge name or a forward dev, but not both (network \'nwc-a\')'],
  ['<forward mode="bridge"><interface dev="enp9s9"/><interface dev="enp9s9"/></forward>', 'XML error: interface \'enp9s9\' can only be listed once in network nwc-a'],
  [`${linux}<vlan><tag id="5"/></vlan>`, 'unsupported configuration: <vlan> element specified for network nwc-a, whose type doesn\'t support vlan configuration'],
  [`${macvtap('vepa')}<vlan><tag id="5"/></vlan>`, 'unsupported configuration: <vlan> element specified for network nwc-a, whose type doesn\'t support vlan configuration'],
  [`${linux}<mac address="52:54:00:c0:11:22"/>`, unsupported('mac')],
  [`${linux}<domain name="x"/>`, unsupported('domain')],
  [`${linux}<dns><host ip="1.2.3.4"><hostname>a</hostname></host></dns>`, unsupported('dns')],
  [`${macvtap('bridge')}<portgroup name="x">${limit}</portgroup>`, 'unsupported configuration: Unsupported <bandwidth> element in network \'nwc-a\' in portgroup \'x\' with forward mode=\'bridge\''],
  [`${functions}<portgroup name="x">${limit}</portgroup>`, 'unsupported configuration: Unsupported <bandwidth> element in network \'nwc-a\' in portgroup \'x\' with forward mode=\'hostdev\''],
  [`${onOvs}<vlan><tag id="4096"/></vlan>`, 'XML error: vlan tag id 4096 too large (maximum 4095)'],
  [`${onOvs}<vlan trunk="yes"/>`, 'XML error: missing tag id - each <vlan> must have at least one <tag id=\'n\'/> subelement'],
  [`${onOvs}<vlan trunk="no"><tag id="4"/><tag id="5"/></vlan>`, 'XML error: invalid "trunk=\'no\'" in <vlan> - trunk=\'yes\' is required for more than one vlan tag'],
  [`${onOvs}<vlan><tag id="4" nativeMode="tagged"/><tag id="5" nativeMode="untagged"/></vlan>`, 'XML error: duplicate native vlan setting'],
  [`${onOvs}<portgroup name="a" default="yes"/><portgroup name="b" default="yes"/>`, 'unsupported configuration: network \'nwc-a\' has multiple default <portgroup> elements (a and b), but only one default is allowed'],
  [`${onOvs}<portgroup name="a"/><portgroup name="a"/>`, 'unsupported configuration: multiple <portgroup> elements with the same name (a) in network \'nwc-a\''],
];

/** What it keeps, and how it writes it: VLANs that no frame can have, too. */
const kept: [inside: string, part: string][] = [
  [`${linux}<port isolated="yes"/>`, '  <bridge name=\'br7\'/>\n  <port isolated=\'yes\'/>\n'],
  [`${linux}<portgroup name="x">${limit}</portgroup>`, '  <portgroup name=\'x\'>\n    <bandwidth>\n      <inbound average=\'100\'/>\n    </bandwidth>\n  </portgroup>\n'],
  [`${macvtap('passthrough')}<vlan><tag id="7"/></vlan>`, '  <forward dev=\'enp9s9\' mode=\'passthrough\'>\n    <interface dev=\'enp9s9\'/>\n  </forward>\n  <vlan>\n    <tag id=\'7\'/>\n  </vlan>\n'],
  [functions, '  <forward mode=\'hostdev\' managed=\'yes\'>\n    <pf dev=\'enp9s9\'/>\n  </forward>\n'],
  [`${onOvs}<vlan><tag id="0"/></vlan>`, '    <tag id=\'0\'/>\n'],
  [`${onOvs}<vlan><tag id="4"/><tag id="5"/></vlan>`, '  <vlan trunk=\'yes\'>\n    <tag id=\'4\'/>\n    <tag id=\'5\'/>\n  </vlan>\n'],
  [`${onOvs}<vlan><tag id="4" nativeMode="untagged"/></vlan>`, '  <vlan>\n    <tag id=\'4\' nativeMode=\'untagged\'/>\n  </vlan>\n'],
];

async function switchPorts(session: ContractSession) {
  return parseSwitches(await session.read(...listSwitchesArgv)).find((bridge) => bridge.name === ovs)?.ports.filter((port) => port.name !== ovs)
    .map(({ tag, trunks, vlanMode }) => ({ tag, trunks, vlanMode }));
}

export function describeAttached(current: () => ContractSession): void {
  describe('networks attached to something of the host', () => {
    it.each(refused)('refuses %s', async (inside, message) => {
      expect(await current().define(network(inside))).toEqual(failed('Failed to define network from /dev/stdin', message));
    });

    it.each(kept)('keeps %s', async (inside, part) => {
      const session = current();
      expect(await session.define(network(inside))).toEqual(done('Network nwc-a defined from /dev/stdin\n\n'));
      expect((await session.virsh(['net-dumpxml', '--inactive', 'nwc-a'])).stdout).toContain(part);
    });

    it('starts whether or not the bridge is there, and makes none', async () => {
      const session = current();
      await session.define(network('<forward mode="bridge"/><bridge name="nwc-none"/>'));
      expect(await session.virsh(['net-start', 'nwc-a'])).toEqual(done('Network nwc-a started\n\n'));
      expect((await session.run('ip', 'link', 'show', 'dev', 'nwc-none')).exitCode).toBe(1);
      expect(await session.virsh(['net-destroy', 'nwc-a'])).toEqual(done('Network nwc-a destroyed\n\n'));
    });

    it('hands out no functions of a card that has none', async () => {
      const session = current();
      const { device } = session.host.uplink;
      await session.define(network(functions.replace('enp9s9', device)));
      expect(await session.virsh(['net-start', 'nwc-a'])).toEqual(failed('Failed to start network nwc-a', `internal error: No usable Vf's present on SRIOV PF ${device}`));
    });

    it('puts a machine into the VLANs of its portgroup, and leaves it there while the network stops and changes', async () => {
      const session = current();
      await session.run('ovs-vsctl', 'add-br', ovs, '--', 'set', 'bridge', ovs, 'datapath_type=netdev');
      const groups = (tag: number): string => `<uuid>aaaaaaaa-0000-4000-8000-c0c000000004</uuid>${onOvs}<portgroup name="ten" default="yes"><vlan><tag id="${tag}"/></vlan></portgroup>
        <portgroup name="all"><vlan trunk="yes"><tag id="1" nativeMode="untagged"/><tag id="10"/></vlan></portgroup>`;
      await session.define(network(groups(10)));
      await session.virsh(['net-start', 'nwc-a']);
      const xml = await session.host.machineXml('nwc-vm', 'nwc-a', '52:54:00:c0:00:01');
      await session.virsh(['define', '/dev/stdin'], xml);
      expect(await session.virsh(['start', 'nwc-vm'])).toEqual(done('Domain \'nwc-vm\' started\n\n'));
      expect(await switchPorts(session)).toEqual([{ tag: 10, trunks: [], vlanMode: null }]);
      expect(parseMachine(await session.read('virsh', '-q', '-c', 'qemu:///system', 'dumpxml', 'nwc-vm')).nics[0]).toMatchObject({ network: 'nwc-a', bridge: ovs, vlan: { trunk: false, tags: [{ id: 10 }] } });
      await session.define(network(groups(11)));
      await session.virsh(['net-destroy', 'nwc-a']);
      await session.virsh(['net-start', 'nwc-a']);
      expect(await switchPorts(session)).toEqual([{ tag: 10, trunks: [], vlanMode: null }]);
      await session.virsh(['destroy', 'nwc-vm']);
      await session.virsh(['start', 'nwc-vm']);
      expect(await switchPorts(session)).toEqual([{ tag: 11, trunks: [], vlanMode: null }]);
      await session.virsh(['destroy', 'nwc-vm']);
      await session.virsh(['define', '/dev/stdin'], xml.replace(/<source network=(['"])nwc-a\1/, '<source network="nwc-a" portgroup="all"').replace(/<name>/, `<uuid>${await uuidOf(session)}</uuid><name>`));
      expect(await session.virsh(['start', 'nwc-vm'])).toEqual(done('Domain \'nwc-vm\' started\n\n'));
      expect(await switchPorts(session)).toEqual([{ tag: 1, trunks: [1, 10], vlanMode: 'native-untagged' }]);
    });

    it('starts no machine where the bridge is missing', async () => {
      const session = current();
      await session.define(network(onOvs));
      await session.virsh(['net-start', 'nwc-a']);
      await session.virsh(['define', '/dev/stdin'], await session.host.machineXml('nwc-vm', 'nwc-a', '52:54:00:c0:00:01'));
      expect(await session.virsh(['start', 'nwc-vm'])).toEqual(failed('Failed to start domain \'nwc-vm\'', `Cannot get interface MTU on '${ovs}': No such device`));
    });

    it('has a bridge in the database that Open vSwitch could not make, and says so with exit code 0', async () => {
      const session = current();
      await session.define(network('<bridge name="nwcovs"/>'));
      await session.virsh(['net-start', 'nwc-a']);
      expect(await session.run('ovs-vsctl', '--timeout=10', 'add-br', ovs, '--', 'set', 'bridge', ovs, 'datapath_type=netdev')).toEqual({
        exitCode: 0, stdout: '',
        stderr: `ovs-vsctl: Error detected while setting up '${ovs}': could not open network device ${ovs} (Invalid argument).  See ovs-vswitchd log for details.\novs-vsctl: The default log directory is "/var/log/openvswitch".\n`,
      });
      expect(parseSwitches(await session.read(...listSwitchesArgv)).find((bridge) => bridge.name === ovs)?.problem).toBe(`could not open network device ${ovs} (Invalid argument)`);
      expect(await session.run('ovs-vsctl', '--timeout=10', 'del-br', ovs)).toEqual(done(''));
      expect((await session.run('ip', 'link', 'show', 'dev', ovs)).exitCode).toBe(0);
    });
  });
}

async function uuidOf(session: ContractSession): Promise<string> {
  return (await session.read('virsh', '-q', '-c', 'qemu:///system', 'domuuid', 'nwc-vm')).trim();
}
