import { describe, expect, it, vi } from 'vitest';
import { followLinks } from '../../electron/commands/ip/monitor';
import { followMachines } from '../../electron/commands/virsh/machine-events';
import { followNetworks } from '../../electron/commands/virsh/network-events';
import { natXml, normalise } from './contract-host';
import type { ContractSession } from './contract-host';

/** Follows while `act` runs, until all expected lines have come in their order, other lines between them allowed. */
async function expectLines(session: ContractSession, act: () => Promise<void>, expected: Record<string, (string | RegExp)[]>): Promise<void> {
  const lines: { source: string; text: string }[] = [];
  const sources = [followNetworks('root'), followMachines('root'), followLinks];
  const follower = await session.runner.follow(sources, ({ source, text }) => {
    if (text !== null) lines.push({ source, text: normalise(text) });
  });
  try {
    // A stream may say it is open a moment before its tool listens.
    await vi.waitFor(async () => {
      await session.define('<network><name>nwc-probe</name><forward mode="bridge"/><bridge name="br7"/></network>');
      await session.virsh(['net-undefine', 'nwc-probe']);
      expect(lines.some(({ text }) => text.includes('nwc-probe'))).toBe(true);
    }, { timeout: 10_000, interval: 200 });
    lines.length = 0;
    await act();
    await vi.waitFor(() => {
      for (const [source, wanted] of Object.entries(expected)) {
        const came = lines.filter((line) => line.source === source).map(({ text }) => text);
        let at = 0;
        for (const each of wanted) {
          const found = came.findIndex((text, index) => index >= at && (typeof each === 'string' ? text.trimEnd() === each.trimEnd() : each.test(text)));
          if (found < 0) throw new Error(`${source}: ${String(each)} did not come; there were:\n${came.join('\n')}`);
          at = found + 1;
        }
      }
    }, { timeout: 10_000, interval: 50 });
  } finally {
    await follower.close();
  }
}

export function describeEvents(current: () => ContractSession): void {
  describe('events', () => {
    it('of a network', async () => {
      const session = current();
      const event = (what: string) => `event 'lifecycle' for network nwc-a: ${what}`;
      await expectLines(session, async () => {
        await session.define(natXml('nwc-a'));
        await session.virsh(['net-start', 'nwc-a']);
        await session.virsh(['net-destroy', 'nwc-a']);
        await session.virsh(['net-undefine', 'nwc-a']);
      }, {
        network: ['Defined', 'Started', 'Stopped', 'Undefined'].map(event),
        link: [
          /^\[LINK\]\d+: nwcbr0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default \\ {4}link\/ether <mac> brd ff:ff:ff:ff:ff:ff$/,
          /^\[ADDR\]\d+: nwcbr0 {4}inet 10\.111\.1\.1\/24 brd 10\.111\.1\.255 scope global nwcbr0\\ {7}valid_lft forever preferred_lft forever$/,
          '[ROUTE]local 10.111.1.1 dev nwcbr0 table local proto kernel scope host src 10.111.1.1 ',
          /^\[LINK\]\d+: nwcbr0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default \\ {4}link\/ether <mac> brd ff:ff:ff:ff:ff:ff$/,
          '[ROUTE]broadcast 10.111.1.255 dev nwcbr0 table local proto kernel scope link src 10.111.1.1 linkdown ',
          '[ROUTE]10.111.1.0/24 dev nwcbr0 proto kernel scope link src 10.111.1.1 linkdown ',
          /^\[ADDR\]Deleted \d+: nwcbr0 {4}inet 10\.111\.1\.1\/24 /,
          '[ROUTE]Deleted local 10.111.1.1 dev nwcbr0 table local proto kernel scope host src 10.111.1.1 ',
          /^\[LINK\]Deleted \d+: nwcbr0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default /,
        ],
      });
    });

    it('of a machine and its tap', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      await session.virsh(['net-start', 'nwc-a']);
      const xml = await session.host.machineXml('nwc-vm', 'nwc-a', '52:54:00:c0:11:23');
      const event = (what: string) => `event 'lifecycle' for domain 'nwc-vm': ${what}`;
      await expectLines(session, async () => {
        await session.virsh(['define', '/dev/stdin'], xml);
        await session.virsh(['start', 'nwc-vm']);
        await session.virsh(['suspend', 'nwc-vm']);
        await session.virsh(['resume', 'nwc-vm']);
        await session.virsh(['destroy', 'nwc-vm']);
        await session.virsh(['undefine', 'nwc-vm']);
      }, {
        machine: ['Defined Added', 'Resumed Unpaused', 'Started Booted', 'Suspended Paused', 'Resumed Unpaused', 'Shutdown Finished after host request', 'Stopped Destroyed', 'Undefined Removed'].map(event),
        link: [
          /^\[LINK\]\d+: vnet\d+: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default /,
          /^\[LINK\]\d+: vnet\d+: <BROADCAST,MULTICAST> mtu 1500 qdisc noop master nwcbr0 state DOWN group default /,
          /^\[LINK\]\d+: vnet\d+: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc \w+ master nwcbr0 state UNKNOWN group default /,
          /^\[LINK\]Deleted \d+: vnet\d+: /,
        ],
      });
    });
  });
}
