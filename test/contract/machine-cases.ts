import { describe, expect, it, vi } from 'vitest';
import { listAddressesArgv, parseAddresses } from '../../electron/commands/ip/list-addresses';
import { parseMachine } from '../../shared/domain/machine-xml/parse-machine';
import { parseNetworkLeases } from '../../electron/commands/virsh/network-leases';
import { done, failed, natXml } from './contract-host';
import type { ContractSession } from './contract-host';

const mac = '52:54:00:c0:11:22';

async function ready(session: ContractSession): Promise<void> {
  await session.define(natXml('nwc-a', { extra: '<domain name="lab.internal" localOnly="yes"/><dns><host ip="10.111.1.7"><hostname>srv7</hostname></host></dns>' }));
  await session.virsh(['net-start', 'nwc-a']);
  const defined = await session.virsh(['define', '/dev/stdin'], await session.host.machineXml('nwc-vm', 'nwc-a', mac));
  expect(defined).toEqual(done('Domain \'nwc-vm\' defined from /dev/stdin\n\n'));
}

async function linkOf(session: ContractSession, name: string) {
  return parseAddresses(await session.read(...listAddressesArgv)).find((link) => link.name === name);
}

async function tapOf(session: ContractSession): Promise<string> {
  return parseMachine(await session.read('virsh', '-q', '-c', 'qemu:///system', 'dumpxml', 'nwc-vm')).nics[0]?.target ?? '';
}

export function describeMachines(current: () => ContractSession): void {
  describe('a machine', () => {
    it('does not start without its network', async () => {
      const session = current();
      await ready(session);
      await session.virsh(['net-destroy', 'nwc-a']);
      expect(await session.virsh(['start', 'nwc-vm'])).toEqual(failed('Failed to start domain \'nwc-vm\'', 'Requested operation is not valid: network \'nwc-a\' is not active'));
    });

    it('is plugged in while it runs', async () => {
      const session = current();
      await ready(session);
      expect(await session.virsh(['domstate', 'nwc-vm'])).toEqual(done('shut off\n\n'));
      expect((await session.virsh(['-q', 'domiflist', 'nwc-vm'])).stdout).toBe(` -   network   nwc-a   virtio   ${mac}\n`);
      expect(await session.virsh(['destroy', 'nwc-vm'])).toEqual(failed('Failed to destroy domain \'nwc-vm\'', 'Requested operation is not valid: domain is not running'));
      expect(await session.virsh(['shutdown', 'nwc-vm'])).toEqual(failed('Failed to shutdown domain \'nwc-vm\'', 'Requested operation is not valid: domain is not running'));
      expect(await session.virsh(['start', 'nwc-vm'])).toEqual(done('Domain \'nwc-vm\' started\n\n'));
      expect(await session.virsh(['start', 'nwc-vm'])).toEqual(failed('Domain is already active'));
      const nic = parseMachine(await session.read('virsh', '-q', '-c', 'qemu:///system', 'dumpxml', 'nwc-vm')).nics[0];
      expect(nic).toMatchObject({ mac, type: 'network', network: 'nwc-a', bridge: 'nwcbr0', model: 'virtio', target: expect.stringMatching(/^vnet\d+$/), link: 'up' });
      expect(await linkOf(session, nic?.target ?? '')).toMatchObject({ kind: 'tap', adminUp: true, controller: 'nwcbr0' });
      expect((await session.virsh(['domiflist', 'nwc-vm'])).stdout).toBe(
        ` Interface   Type      Source   Model    MAC\n------------------------------------------------------------\n ${nic?.target?.padEnd(9)}   network   nwc-a    virtio   ${mac}\n\n`);
      const lists = await Promise.all([['--state-running'], ['--state-shutoff'], ['--all', '--persistent'], ['--all', '--autostart'], ['--inactive']]
        .map(async (words) => (await session.virsh(['-q', 'list', '--name', ...words])).stdout.split('\n').includes('nwc-vm')));
      expect(lists).toEqual([true, false, true, false, false]);
      expect(await session.virsh(['suspend', 'nwc-vm'])).toEqual(done('Domain \'nwc-vm\' suspended\n\n'));
      expect((await session.virsh(['-q', 'list', '--name', '--state-paused'])).stdout).toContain('nwc-vm');
      expect(await session.virsh(['resume', 'nwc-vm'])).toEqual(done('Domain \'nwc-vm\' resumed\n\n'));
      expect(await session.virsh(['destroy', 'nwc-vm'])).toEqual(done('Domain \'nwc-vm\' destroyed\n\n'));
      expect(await linkOf(session, nic?.target ?? '')).toBeUndefined();
    });

    it('hangs in the air after its network was restarted, until it is plugged in again', async () => {
      const session = current();
      await ready(session);
      await session.virsh(['start', 'nwc-vm']);
      const tap = await tapOf(session);
      await session.virsh(['net-destroy', 'nwc-a']);
      expect(await linkOf(session, tap)).toMatchObject({ adminUp: true, controller: null });
      await session.virsh(['net-start', 'nwc-a']);
      expect(await linkOf(session, tap)).toMatchObject({ controller: null });
      expect(await session.run('ip', 'link', 'set', 'dev', tap, 'master', 'nwcbr0')).toEqual(done(''));
      expect(await linkOf(session, tap)).toMatchObject({ controller: 'nwcbr0' });
      const ports = JSON.parse(await session.read('bridge', '-j', 'link')) as { ifname: string; master: string }[];
      expect(ports.find((port) => port.ifname === tap)).toMatchObject({ master: 'nwcbr0' });
      expect(await session.run('ip', 'link', 'set', tap, 'nomaster')).toEqual(done(''));
      expect(await linkOf(session, tap)).toMatchObject({ controller: null });
    });

    it('takes a lease', async () => {
      const session = current();
      await ready(session);
      await session.virsh(['start', 'nwc-vm']);
      const lease = await vi.waitFor(async () => {
        const table = await session.read('virsh', '-q', '-c', 'qemu:///system', 'net-dhcp-leases', 'nwc-a');
        const [first] = parseNetworkLeases(table, 0);
        expect(first).toBeDefined();
        return first;
      }, { timeout: 60_000, interval: 250 });
      expect(lease).toMatchObject({ mac, family: 'ipv4', prefix: 24, clientId: `01:${mac}`, address: expect.stringMatching(/^10\.111\.1\.[1-9]\d$/) });
      const file = JSON.parse(await session.read('cat', '/var/lib/libvirt/dnsmasq/nwcbr0.status')) as object[];
      expect(file).toMatchObject([{ 'ip-address': lease?.address, 'mac-address': mac, 'client-id': `01:${mac}`, 'expiry-time': expect.any(Number) }]);
      const bridge = await linkOf(session, 'nwcbr0');
      expect(bridge).toMatchObject({ operState: 'UP' });
      const table = (await session.virsh(['domifaddr', 'nwc-vm'])).stdout;
      expect(table).toContain(`${mac}    ipv4         ${lease?.address}/24\n`);
    }, 90_000);
  });
}
