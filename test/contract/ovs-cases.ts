import { describe, expect, it, vi } from 'vitest';
import { listSwitchesArgv, parseSwitches } from '../../electron/commands/ovs/list-switches';
import { followSwitches } from '../../electron/commands/ovs/monitor-switches';
import { done } from './contract-host';
import type { ContractSession } from './contract-host';

const name = 'nwcovs';

/** The userspace datapath: the lab's kernel has no other. */
function addBridge(session: ContractSession) {
  return session.run('ovs-vsctl', 'add-br', name, '--', 'set', 'bridge', name, 'datapath_type=netdev');
}

export function describeOvs(current: () => ContractSession): void {
  describe('Open vSwitch', () => {
    it('makes, shows and removes a bridge', async () => {
      const session = current();
      expect(await addBridge(session)).toEqual(done(''));
      expect(await session.run('ovs-vsctl', 'br-exists', name)).toEqual(done(''));
      expect(await addBridge(session)).toEqual({ exitCode: 1, stdout: '', stderr: `ovs-vsctl: cannot create a bridge named ${name} because a bridge named ${name} already exists\n` });
      const bridge = parseSwitches(await session.read(...listSwitchesArgv)).find((each) => each.name === name);
      expect(bridge).toMatchObject({ datapathType: 'netdev', failMode: null, stp: false, problem: null });
      expect(bridge?.ports).toMatchObject([{ name, tag: null, trunks: [], interfaces: [{ name, type: 'internal', ofport: 65534, error: null }] }]);
      expect(await session.run('ovs-vsctl', '--format=json', '--columns=name,datapath_type', 'list', 'Bridge', name))
        .toEqual(done(`{"data":[["${name}","netdev"]],"headings":["name","datapath_type"]}\n`));
      expect(await session.run('ovs-vsctl', 'del-br', name)).toEqual(done(''));
      expect((await session.run('ovs-vsctl', 'br-exists', name)).exitCode).toBe(2);
      expect(await session.run('ovs-vsctl', 'del-br', name)).toEqual({ exitCode: 1, stdout: '', stderr: `ovs-vsctl: no bridge named ${name}\n` });
      expect(await session.run('ovs-vsctl', 'list-ports', name)).toEqual({ exitCode: 1, stdout: '', stderr: `ovs-vsctl: no bridge named ${name}\n` });
    });

    it('keeps a port whose device is missing, and says so', async () => {
      const session = current();
      await addBridge(session);
      await session.run('ovs-vsctl', 'add-port', name, 'nwc-none', 'tag=12');
      expect(await session.run('ovs-vsctl', 'list-ports', name)).toEqual(done('nwc-none\n'));
      const bridge = parseSwitches(await session.read(...listSwitchesArgv)).find((each) => each.name === name);
      expect(bridge?.ports.find((port) => port.name === 'nwc-none')).toMatchObject({ tag: 12, interfaces: [{ ofport: -1, error: 'could not open network device nwc-none (No such device)' }] });
      expect(await session.run('ovs-vsctl', 'del-port', name, 'nwc-none')).toEqual(done(''));
      expect(await session.run('ovs-vsctl', 'del-port', name, 'nwc-none')).toEqual({ exitCode: 1, stdout: '', stderr: 'ovs-vsctl: no port named nwc-none\n' });
    });

    it('tells of changes', async () => {
      const session = current();
      const lines: { source: string; text: string | null }[] = [];
      const follower = await session.runner.follow(followSwitches, (line) => lines.push(line));
      try {
        // A stream may say it is open a moment before its tool listens.
        await vi.waitFor(async () => {
          await addBridge(session);
          await session.run('ovs-vsctl', 'del-br', name);
          const seen = (source: string, action: string) => lines.some((line) => line.source === source && line.text?.includes(`"${action}"`) && line.text.includes(`"${name}"`));
          expect(['ovsbridge', 'ovsport', 'ovsinterface'].map((source) => [seen(source, 'insert'), seen(source, 'delete')])).toEqual([[true, true], [true, true], [true, true]]);
        }, { timeout: 15_000, interval: 300 });
        const first = JSON.parse(lines.find(({ source }) => source === 'ovsport')?.text ?? '{}') as Record<string, unknown>;
        // No caption: ovsdb-client names the table only where it follows several.
        expect(Object.keys(first).sort()).toEqual(['data', 'headings']);
        expect(first).toMatchObject({ headings: ['row', 'action', 'name', 'tag', 'trunks', 'vlan_mode', 'bond_mode', 'interfaces'] });
      } finally {
        await follower.close();
      }
    });
  });
}
