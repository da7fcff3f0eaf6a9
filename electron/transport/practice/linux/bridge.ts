import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';
import { flagsOf, portsOf } from './link-state';
import { portObject } from './ip-json';

/** bridge(8) of iproute2 6.1: `link`, `fdb` and `vlan`, to look at. */
export function bridge(world: World, args: readonly string[]): ToolResult {
  const flags = args.filter((word) => word.startsWith('-'));
  const [object = '', ...rest] = args.filter((word) => !word.startsWith('-'));
  const asJson = flags.some((flag) => /^-j(son)?$/.test(flag));
  const { state } = world;
  const ports = state.interfaces.filter((link) => link.bridge).flatMap((link) => portsOf(state, link.name)).sort((a, b) => a.index - b.index);
  switch (object) {
    case 'link': {
      const details = flags.some((flag) => /^-d(etails)?$/.test(flag));
      if (asJson) return json(ports.map((port) => portObject(state, port, details)));
      return succeed(ports.map((port) => {
        const row = portObject(state, port, false) as { state: string; priority: number; cost: number };
        return `${port.index}: ${port.name}: <${flagsOf(state, port).join(',')}> mtu ${port.mtu} master ${port.controller ?? ''} state ${row.state} priority ${row.priority} cost ${row.cost} \n`;
      }).join(''));
    }
    case 'fdb': {
      const onlyAt = rest.indexOf('br');
      const only = onlyAt < 0 ? null : rest[onlyAt + 1];
      const guests = new Map(state.machines.flatMap((machine) => machine.running?.nics ?? []).map((nic) => [nic.target, nic.mac]));
      const rows = ports.filter((port) => only === null || port.controller === only).flatMap((port) => [
        ...(guests.has(port.name) ? [{ mac: guests.get(port.name), ifname: port.name, flags: [], master: port.controller, state: '' }] : []),
        { mac: port.mac, ifname: port.name, flags: [], master: port.controller, state: 'permanent' },
      ]);
      if (asJson) return json(rows);
      return succeed(rows.map((row) => `${row.mac} dev ${row.ifname} master ${row.master}${row.state ? ` ${row.state}` : ''} \n`).join(''));
    }
    // No bridge here filters VLANs, and then bridge(8) has nothing to show.
    case 'vlan': return asJson ? json([]) : succeed();
    case 'mdb': return asJson ? json([{ mdb: [], router: {} }]) : succeed();
    default: return fail(255, `Object "${object}" is unknown, try "bridge help".\n`);
  }
}

function json(rows: readonly object[]): ToolResult {
  return succeed(`${JSON.stringify(rows)}\n`);
}
