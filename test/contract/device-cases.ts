import { describe, expect, it, vi } from 'vitest';
import { nicDocuments } from '../../shared/domain/machine-xml/nic-documents';
import { parseMachine } from '../../shared/domain/machine-xml/parse-machine';
import type { NicInXml } from '../../shared/domain/machine-xml/parse-machine';
import { done, failed, natXml } from './contract-host';
import type { ContractSession, Outcome } from './contract-host';

const mac = '52:54:00:c0:11:22';
const second = '52:54:00:c0:11:33';

const nicXml = (network: string, address: string, more = '<model type=\'virtio\'/>'): string =>
  `<interface type='network'><mac address='${address}'/><source network='${network}'/>${more}</interface>`;

const device = (session: ContractSession, verb: 'attach' | 'detach' | 'update', side: string, xml: string): Promise<Outcome> =>
  session.virsh([`${verb}-device`, 'nwc-vm', '/dev/stdin', side], xml);

async function ready(session: ContractSession, { start = true } = {}): Promise<void> {
  await session.define(natXml('nwc-a'));
  await session.define(natXml('nwc-b', { bridge: 'nwcbr1', subnet: '10.111.2' }));
  await session.virsh(['net-start', 'nwc-a']);
  await session.virsh(['net-start', 'nwc-b']);
  await session.virsh(['define', '/dev/stdin'], await session.host.machineXml('nwc-vm', 'nwc-a', mac));
  if (start) await session.virsh(['start', 'nwc-vm']);
}

async function nics(session: ContractSession, ...flags: string[]): Promise<NicInXml[]> {
  return parseMachine(await session.read('virsh', '-q', '-c', 'qemu:///system', 'dumpxml', 'nwc-vm', ...flags)).nics;
}

const controllerOf = async (session: ContractSession, tap: string | null): Promise<string | undefined> =>
  (JSON.parse(await session.read('ip', '-j', 'link', 'show', 'dev', tap ?? '')) as { master?: string }[])[0]?.master;

/** The document of a NIC as `dumpxml` shows it, fit to be given back. */
async function documentOf(session: ContractSession, address: string, ...flags: string[]): Promise<string> {
  const documents = nicDocuments(await session.read('virsh', '-q', '-c', 'qemu:///system', 'dumpxml', 'nwc-vm', ...flags));
  return documents.find((document) => document.nic.mac === address)?.xml ?? '';
}

const missing = (verb: string, address: string): Outcome =>
  failed(`Failed to ${verb} device from /dev/stdin`, `device not found: no device found at address '(<null>)' matching MAC address '${address}' and alias '(<null>)'`);

export function describeDevices(current: () => ContractSession): void {
  describe('a NIC', () => {
    it('is plugged into a running machine, and is not in its definition', async () => {
      const session = current();
      await ready(session);
      expect(await device(session, 'attach', '--live', nicXml('nwc-b', second))).toEqual(done('Device attached successfully\n\n'));
      const [, made] = await nics(session);
      expect(made).toMatchObject({ mac: second, network: 'nwc-b', bridge: 'nwcbr1', model: 'virtio', target: expect.stringMatching(/^vnet\d+$/), alias: 'net1' });
      expect(await controllerOf(session, made?.target ?? null)).toBe('nwcbr1');
      expect((await nics(session, '--inactive')).map((nic) => nic.mac)).toEqual([mac]);
    });

    it('is refused where there is no such network, or an inactive one, or a MAC of groups, or no machine that runs', async () => {
      const session = current();
      await ready(session);
      await session.virsh(['net-destroy', 'nwc-b']);
      const failure = 'Failed to attach device from /dev/stdin';
      expect(await device(session, 'attach', '--live', nicXml('nwc-b', second))).toEqual(failed(failure, 'Requested operation is not valid: network \'nwc-b\' is not active'));
      expect(await device(session, 'attach', '--live', nicXml('nwc-none', second))).toEqual(failed(failure, 'Network not found: no network with matching name \'nwc-none\''));
      expect(await device(session, 'attach', '--live', nicXml('nwc-a', '53:54:00:c0:11:33'))).toEqual(failed(failure, 'XML error: expected unicast mac address, found multicast \'53:54:00:c0:11:33\''));
      expect(await device(session, 'attach', '--live', '<interface type=\'network\'/>')).toEqual(failed(failure, 'XML error: interface type=\'network\' requires a \'source\' element'));
      await session.virsh(['destroy', 'nwc-vm']);
      expect(await device(session, 'attach', '--live', nicXml('nwc-a', second))).toEqual(failed(failure, 'Requested operation is not valid: domain is not running'));
      expect(await device(session, 'detach', '--live', nicXml('nwc-a', mac))).toEqual(failed('Failed to detach device from /dev/stdin', 'Requested operation is not valid: domain is not running'));
    });

    it('is put into the definition, whatever runs, and taken out of it', async () => {
      const session = current();
      await ready(session, { start: false });
      // Nobody looks for the network before the machine starts.
      expect(await device(session, 'attach', '--config', nicXml('nwc-none', second))).toEqual(done('Device attached successfully\n\n'));
      const [first, made] = await nics(session);
      expect(made).toMatchObject({ mac: second, network: 'nwc-none', model: 'virtio', target: null, alias: null });
      expect(made?.pciAddress).not.toBe(first?.pciAddress);
      expect(await session.virsh(['start', 'nwc-vm'])).toEqual(failed('Failed to start domain \'nwc-vm\'', 'Network not found: no network with matching name \'nwc-none\''));
      expect(await device(session, 'detach', '--config', nicXml('nwc-none', second))).toEqual(done('Device detached successfully\n\n'));
      expect(await device(session, 'detach', '--config', nicXml('nwc-none', second))).toEqual(missing('detach', second));
      expect((await nics(session)).map((nic) => nic.mac)).toEqual([mac]);
    });

    it('comes back to its place on the bus, but not onto another device', async () => {
      const session = current();
      await ready(session, { start: false });
      const document = await documentOf(session, mac);
      const place = (await nics(session))[0]?.pciAddress;
      await device(session, 'detach', '--config', document);
      expect(await nics(session)).toEqual([]);
      expect(await device(session, 'attach', '--config', document)).toEqual(done('Device attached successfully\n\n'));
      expect((await nics(session))[0]).toMatchObject({ mac, pciAddress: place });
      expect(await device(session, 'attach', '--config', document.replace(mac, second)))
        .toEqual(failed('Failed to attach device from /dev/stdin', `XML error: Attempted double use of PCI Address ${place}`));
    });

    it('with a MAC that another has too can\'t be told from it', async () => {
      const session = current();
      await ready(session, { start: false });
      await device(session, 'attach', '--config', nicXml('nwc-b', mac));
      expect(await device(session, 'detach', '--config', nicXml('nwc-b', mac)))
        .toEqual(failed('Failed to detach device from /dev/stdin', `operation failed: multiple devices matching MAC address ${mac} found`));
    });

    it('moves to another network while the machine runs', async () => {
      const session = current();
      await ready(session);
      const [before] = await nics(session);
      expect(await device(session, 'update', '--live', nicXml('nwc-b', mac))).toEqual(done('Device updated successfully\n\n'));
      const [after] = await nics(session);
      expect(after).toMatchObject({ network: 'nwc-b', bridge: 'nwcbr1', target: before?.target, alias: 'net0' });
      expect(await controllerOf(session, before?.target ?? null)).toBe('nwcbr1');
      expect((await nics(session, '--inactive'))[0]).toMatchObject({ network: 'nwc-a' });
      // What dumpxml shows of it is taken back as it is.
      expect(await device(session, 'update', '--live', (await documentOf(session, mac)).replace('nwc-b', 'nwc-a'))).toEqual(done('Device updated successfully\n\n'));
      expect((await nics(session))[0]).toMatchObject({ network: 'nwc-a', bridge: 'nwcbr0' });
    });

    it('keeps its model and its MAC while the machine runs', async () => {
      const session = current();
      await ready(session);
      const failure = 'Failed to update device from /dev/stdin';
      expect(await device(session, 'update', '--live', nicXml('nwc-a', mac, '<model type="e1000e"/>')))
        .toEqual(failed(failure, 'Operation not supported: cannot modify network device model from virtio to e1000e'));
      expect(await device(session, 'update', '--live', nicXml('nwc-a', mac, '')))
        .toEqual(failed(failure, 'Operation not supported: cannot modify network device model from virtio to rtl8139'));
      expect(await device(session, 'update', '--live', nicXml('nwc-a', second))).toEqual(missing('update', second));
      expect(await device(session, 'update', '--live', nicXml('nwc-none', mac))).toEqual(failed(failure, 'Network not found: no network with matching name \'nwc-none\''));
      expect((await nics(session))[0]).toMatchObject({ mac, model: 'virtio', network: 'nwc-a' });
    });

    it('changes its model from the next boot on, and keeps its place', async () => {
      const session = current();
      await ready(session);
      const place = (await nics(session, '--inactive'))[0]?.pciAddress;
      const document = await documentOf(session, mac, '--inactive');
      expect(await device(session, 'update', '--config', document.replace('virtio', 'e1000e'))).toEqual(done('Device updated successfully\n\n'));
      expect((await nics(session))[0]).toMatchObject({ model: 'virtio' });
      expect((await nics(session, '--inactive'))[0]).toMatchObject({ model: 'e1000e', pciAddress: place });
    });

    it('goes to no Open vSwitch bridge, nor away from one, while the machine runs', async () => {
      const session = current();
      await ready(session);
      await session.run('ovs-vsctl', 'add-br', 'nwcovs', '--', 'set', 'bridge', 'nwcovs', 'datapath_type=netdev');
      await session.define('<network><name>nwc-sw</name><forward mode="bridge"/><bridge name="nwcovs"/><virtualport type="openvswitch"/></network>');
      await session.virsh(['net-start', 'nwc-sw']);
      const refused = failed('Failed to update device from /dev/stdin', 'Operation not supported: unable to change config on \'network\' network type');
      expect(await device(session, 'update', '--live', nicXml('nwc-sw', mac))).toEqual(refused);
      expect((await nics(session))[0]).toMatchObject({ network: 'nwc-a' });
    });

    it('has its link set, running and in the definition, by MAC or tap', async () => {
      const session = current();
      await ready(session);
      const updated = done('Device updated successfully\n\n');
      expect(await session.virsh(['domif-setlink', 'nwc-vm', mac, 'down'])).toEqual(updated);
      const [nic] = await nics(session);
      expect(nic?.link).toBe('down');
      expect((await nics(session, '--inactive'))[0]?.link).toBe('up');
      expect(await session.virsh(['domif-setlink', 'nwc-vm', nic?.target ?? '', 'up'])).toEqual(updated);
      expect((await nics(session))[0]?.link).toBe('up');
      expect(await session.virsh(['domif-setlink', 'nwc-vm', mac, 'down', '--config'])).toEqual(updated);
      expect((await nics(session, '--inactive'))[0]?.link).toBe('down');
      expect(await session.virsh(['domif-setlink', 'nwc-vm', second, 'down'])).toEqual(failed(`interface '${second}' not found`));
    });

    it('has its rate limited in the definition', async () => {
      const session = current();
      await ready(session, { start: false });
      const limits = '<bandwidth><inbound average="1000" peak="2000" burst="1024"/><outbound average="500"/></bandwidth><model type="virtio"/>';
      expect(await device(session, 'update', '--config', nicXml('nwc-a', mac, limits))).toEqual(done('Device updated successfully\n\n'));
      expect((await nics(session))[0]?.bandwidth).toEqual({ inbound: { averageKBps: 1000, peakKBps: 2000, burstKiB: 1024 }, outbound: { averageKBps: 500, peakKBps: null, burstKiB: null } });
      await device(session, 'update', '--config', nicXml('nwc-a', mac));
      expect((await nics(session))[0]?.bandwidth).toEqual({ inbound: null, outbound: null });
    });

    it('stays with a guest that sleeps, whatever libvirt says, until that wakes up', async () => {
      const session = current();
      await ready(session);
      await session.virsh(['suspend', 'nwc-vm']);
      expect(await device(session, 'detach', '--live', nicXml('nwc-a', mac))).toEqual(done('Device detached successfully\n\n'));
      expect((await nics(session)).map((nic) => nic.mac)).toEqual([mac]);
    }, 30_000);

    it('leaves with the guest\'s consent, by an event', async () => {
      const session = current();
      await ready(session);
      await session.host.untilBooted('nwc-vm');
      expect(await device(session, 'detach', '--live', nicXml('nwc-a', mac))).toEqual(done('Device detached successfully\n\n'));
      await vi.waitFor(async () => expect(await nics(session)).toEqual([]), { timeout: 20_000, interval: 100 });
      expect(await device(session, 'detach', '--live', nicXml('nwc-a', mac))).toEqual(missing('detach', mac));
    }, 90_000);

    it('tells no agent\'s addresses where there is no agent', async () => {
      const session = current();
      await ready(session);
      const failure = 'Failed to query for interfaces addresses';
      expect(await session.virsh(['domifaddr', 'nwc-vm', '--source', 'agent'])).toEqual(failed(failure, 'argument unsupported: QEMU guest agent is not configured'));
      await session.virsh(['destroy', 'nwc-vm']);
      expect(await session.virsh(['domifaddr', 'nwc-vm', '--source', 'agent'])).toEqual(failed(failure, 'Requested operation is not valid: domain is not running'));
    });
  });
}
