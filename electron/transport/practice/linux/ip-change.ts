import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';
import type { Family } from './address-math';
import { addInterface, flushAddresses, flushRoutes, removeInterface, setUp } from './interfaces';
import { findInterface } from './link-state';

/** `ip link add [name] NAME [address MAC] type bridge [stp_state N] [forward_delay N]`. Source: ip-link(8). */
export function addLink(world: World, args: readonly string[]): ToolResult {
  const words = args[0] === 'name' || args[0] === 'dev' ? args.slice(1) : args;
  const [name = ''] = words;
  const after = (key: string): string | null => (words.includes(key) ? words[words.indexOf(key) + 1] ?? null : null);
  if (after('type') !== 'bridge') return fail(2, 'Error: Unknown device type.\n');
  if (findInterface(world.state, name)) return fail(2, 'RTNETLINK answers: File exists\n');
  addInterface(world, {
    name, kind: 'bridge', mac: after('address') ?? world.newMac(), mtu: 1500, cable: false, device: null,
    bridge: { stp: after('stp_state') === '1', forwardDelay: Number(after('forward_delay') ?? 1500) },
  });
  return succeed();
}

/** `ip link delete [dev] NAME`, of bridges. */
export function deleteLink(world: World, args: readonly string[]): ToolResult {
  const name = args[0] === 'dev' ? args[1] ?? '' : args[0] ?? '';
  const link = findInterface(world.state, name);
  if (!link) return fail(1, `Cannot find device "${name}"\n`);
  if (link.kind !== 'bridge') return fail(2, 'RTNETLINK answers: Operation not supported\n');
  setUp(world, link, false);
  removeInterface(world, link);
  return succeed();
}

/** `ip address flush dev NAME` and `ip route flush dev NAME`. */
export function flush(world: World, object: 'address' | 'route', args: readonly string[], family: Family | null): ToolResult {
  const name = args[args.indexOf('dev') + 1] ?? '';
  const link = findInterface(world.state, name);
  if (!link) return fail(1, `Device "${name}" does not exist.\n`);
  if (object === 'address') flushAddresses(world, link, family);
  else flushRoutes(world, link, family ?? 'inet');
  return succeed();
}
