import type { InterfaceState } from '../host-state';
import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';
import { isWithin } from './address-math';
import type { Family } from './address-math';
import { setController, setUp } from './interfaces';
import { addLink, deleteLink, flush } from './ip-change';
import { addressObject, linkObject, routeObject } from './ip-json';
import { addressLine, addressWords, lifetime, linkLine, neighbourLine } from './ip-lines';
import { findInterface, operState } from './link-state';
import { neighboursOf } from './neighbours';
import { routesOf } from './routes';
import type { RouteRow } from './routes';

interface IpOptions { json: boolean; details: boolean; statistics: boolean; oneLine: boolean; brief: boolean; family: Family | null }

const objects = ['link', 'address', 'addr', 'route', 'rule', 'neighbour', 'neighbor', 'netns'];

/** ip(8) of iproute2 6.1: shows links, addresses, routes, rules, neighbours; sets a link's bridge and state, makes bridges, flushes. */
export function ip(world: World, args: readonly string[]): ToolResult {
  const options: IpOptions = { json: false, details: false, statistics: false, oneLine: false, brief: false, family: null };
  let at = 0;
  for (; args[at]?.startsWith('-'); at += 1) {
    const word = args[at] ?? '';
    if (word === '-4' || word === '-6') options.family = word === '-4' ? 'inet' : 'inet6';
    else if (/^-j(son)?$/.test(word)) options.json = true;
    else if (/^-d(etails)?$/.test(word)) options.details = true;
    else if (/^-s(tat(istic)?s)?$/.test(word)) options.statistics = true;
    else if (/^-o(neline)?$/.test(word)) options.oneLine = true;
    else if (/^-br(ief)?$/.test(word)) options.brief = true;
    else if (/^-V(ersion)?$/.test(word)) return succeed('ip utility, iproute2-6.1.0, libbpf 1.1.0\n');
    else if (word !== '-p' && word !== '-pretty' && !word.startsWith('-c')) return fail(255, `Option "${word}" is unknown, try "ip -help".\n`);
  }
  const object = args[at] ?? '';
  const kind = objects.find((name) => object !== '' && name.startsWith(object));
  const rest = args.slice(at + 1);
  switch (kind) {
    case 'link': return link(world, rest, options);
    case 'address': case 'addr': return address(world, rest, options);
    case 'route': return route(world, rest, options);
    case 'rule': return rule(options);
    case 'neighbour': case 'neighbor': return neighbours(world, rest, options);
    case 'netns': return succeed();
    default: return fail(1, `Object "${object}" is unknown, try "ip help".\n`);
  }
}

function isShow(word: string | undefined): boolean {
  return word === undefined || (word !== '' && ['show', 'list', 'lst', 'ls'].some((name) => name.startsWith(word)));
}

/** `show [dev] NAME [up] [master X] [type X]`: the links meant, or the error. */
function selectLinks(world: World, args: readonly string[]): InterfaceState[] | ToolResult {
  let links = world.state.interfaces;
  for (let at = 1; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === 'up') links = links.filter((other) => other.up);
    else if (word === 'master') {
      const controller = args[++at] ?? '';
      if (!findInterface(world.state, controller)) return fail(255, `Error: argument "${controller}" is wrong: Device does not exist\n\n`);
      links = links.filter((other) => other.controller === controller);
    } else if (word === 'type') {
      const type = args[++at];
      links = links.filter((other) => (other.kind === 'tap' ? 'tun' : other.kind === 'ovs' ? 'openvswitch' : other.kind) === type);
    } else {
      const name = word === 'dev' ? args[++at] ?? '' : word;
      const found = findInterface(world.state, name);
      if (!found) return fail(1, `Device "${name}" does not exist.\n`);
      links = links.filter((other) => other === found);
    }
  }
  return [...links].sort((a, b) => a.index - b.index);
}

function link(world: World, args: readonly string[], options: IpOptions): ToolResult {
  if (args[0] === 'set') return setLink(world, args.slice(1));
  if (args[0] === 'add') return addLink(world, args.slice(1));
  if (args[0] === 'delete' || args[0] === 'del') return deleteLink(world, args.slice(1));
  if (!isShow(args[0])) return fail(255, `Command "${args[0] ?? ''}" is unknown, try "ip link help".\n`);
  const links = selectLinks(world, args);
  if (!Array.isArray(links)) return links;
  const { state } = world;
  if (options.json) return json(links.map((each) => linkObject(state, each, { ...options, now: world.now() })));
  if (options.brief) return succeed(links.map((each) => `${each.name.padEnd(16)} ${operState(state, each).padEnd(14)} ${each.mac}\n`).join(''));
  return succeed(links.map((each) => `${linkLine(state, each, options.oneLine ? '\\' : '\n', true)}\n`).join(''));
}

/** `ip link set [dev] NAME {up|down|mtu N|master X|nomaster|type bridge_slave isolated on|off}…` */
function setLink(world: World, args: readonly string[]): ToolResult {
  const words = args[0] === 'dev' ? args.slice(1) : args;
  const name = words[0] ?? '';
  const actions: ((target: InterfaceState) => void)[] = [];
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === 'up' || word === 'down') actions.push((target) => setUp(world, target, word === 'up'));
    else if (word === 'nomaster') actions.push((target) => setController(world, target, null));
    else if (word === 'master') {
      const controller = words[++at] ?? '';
      if (!findInterface(world.state, controller)) return fail(255, `Error: argument "${controller}" is wrong: Device does not exist\n\n`);
      actions.push((target) => setController(world, target, controller));
    } else if (word === 'mtu') {
      const mtu = Number(words[++at]);
      actions.push((target) => { target.mtu = mtu; });
    } else if (word === 'addrgenmode') at += 1;
    else if (word === 'type' && words[at + 1] === 'bridge_slave' && words[at + 2] === 'isolated') {
      const on = words[at + 3] === 'on';
      if (findInterface(world.state, name)?.controller === null) return fail(2, 'RTNETLINK answers: Operation not supported\n');
      actions.push((target) => { target.isolated = on; });
      at += 3;
    } else return fail(255, `Error: either "dev" is duplicate, or "${word}" is a garbage.\n`);
  }
  const target = findInterface(world.state, name);
  if (!target) return fail(1, `Cannot find device "${name}"\n`);
  for (const action of actions) action(target);
  return succeed();
}

function address(world: World, args: readonly string[], options: IpOptions): ToolResult {
  if (args[0] === 'flush') return flush(world, 'address', args, options.family);
  if (!isShow(args[0])) return fail(255, `Command "${args[0] ?? ''}" is unknown, try "ip address help".\n`);
  const links = selectLinks(world, args);
  if (!Array.isArray(links)) return links;
  const { state } = world;
  const ofFamily = (each: InterfaceState) => each.addresses.filter(({ family }) => options.family === null || family === options.family);
  const shown = options.family === null ? links : links.filter((each) => ofFamily(each).length > 0);
  if (options.json) return json(shown.map((each) => addressObject(state, each, options)));
  if (options.brief) {
    return succeed(shown.map((each) => `${each.name.padEnd(16)} ${operState(state, each).padEnd(14)} ${ofFamily(each).map((a) => `${a.address}/${a.prefix} `).join('')}\n`).join(''));
  }
  if (options.oneLine) return succeed(shown.flatMap((each) => ofFamily(each).map((a) => `${addressLine(each, a)}\n`)).join(''));
  return succeed(shown.map((each) => [
    linkLine(state, each, '\n', true).replace(' mode DEFAULT', ''),
    ...ofFamily(each).flatMap((a) => [`    ${addressWords(each, a)}`, `       ${lifetime(a)}`]),
  ].map((line) => `${line}\n`).join('')).join(''));
}

function route(world: World, args: readonly string[], options: IpOptions): ToolResult {
  const family = options.family ?? 'inet';
  if (args[0] === 'get') return routeGet(world, args[1] ?? '', options);
  if (args[0] === 'flush') return flush(world, 'route', args, family);
  if (!isShow(args[0])) return fail(255, `Command "${args[0] ?? ''}" is unknown, try "ip route help".\n`);
  const tableAt = args.indexOf('table');
  const table = tableAt < 0 ? 'main' : args[tableAt + 1];
  const devAt = args.indexOf('dev');
  const device = devAt < 0 ? null : args[devAt + 1];
  const rows = routesOf(world.state, family).filter((row) => (table === 'all' || row.table === table) && (device === null || row.device === device));
  if (options.json) return json(rows.map((row) => routeObject(row, family, { details: options.details, allTables: table === 'all' })));
  return succeed(rows.map((row) => `${routeText(row, family)}\n`).join(''));
}

function routeText(row: RouteRow, family: Family): string {
  return [
    row.type === 'unicast' ? '' : `${row.type} `, row.destination,
    row.gateway === null ? '' : ` via ${row.gateway}`, ` dev ${row.device}`,
    row.table === 'main' ? '' : ` table ${row.table}`,
    row.protocol === 'boot' ? '' : ` proto ${row.protocol}`,
    row.scope === 'global' || family === 'inet6' ? '' : ` scope ${row.scope}`,
    row.source === null ? '' : ` src ${row.source}`,
    row.metric === null ? '' : ` metric ${row.metric}`,
    row.linkDown ? ' linkdown' : '', family === 'inet6' ? ' pref medium' : ' ',
  ].join('');
}

function routeGet(world: World, destination: string, options: IpOptions): ToolResult {
  const family = destination.includes(':') ? 'inet6' : 'inet';
  const matches = routesOf(world.state, family)
    .filter((row) => row.type !== 'broadcast')
    .map((row) => ({ row, prefix: row.destination === 'default' ? 0 : Number(row.destination.split('/')[1] ?? 128) }))
    .filter(({ row, prefix }) => row.destination === 'default' || isWithin(destination, row.destination.split('/')[0] ?? '', Math.min(prefix, family === 'inet' ? 32 : 128)))
    .sort((a, b) => b.prefix - a.prefix);
  const best = matches[0]?.row;
  if (!best) return fail(2, 'RTNETLINK answers: Network is unreachable\n');
  const source = best.source ?? findInterface(world.state, best.device)?.addresses.find((own) => own.family === family)?.address ?? null;
  if (options.json) {
    return json([{
      dst: destination, ...(best.gateway === null ? {} : { gateway: best.gateway }), dev: best.device,
      ...(source === null ? {} : { prefsrc: source }), flags: [], uid: 0, cache: [],
    }]);
  }
  return succeed(`${destination}${best.gateway === null ? '' : ` via ${best.gateway}`} dev ${best.device}${source === null ? '' : ` src ${source}`} uid 0 \n    cache \n`);
}

function rule(options: IpOptions): ToolResult {
  const rows = [
    { priority: 0, src: 'all', table: 'local' }, { priority: 32766, src: 'all', table: 'main' },
    ...(options.family === 'inet6' ? [] : [{ priority: 32767, src: 'all', table: 'default' }]),
  ];
  if (options.json) return json(rows);
  return succeed(rows.map((row) => `${row.priority}:\tfrom all lookup ${row.table}\n`).join(''));
}

function neighbours(world: World, args: readonly string[], options: IpOptions): ToolResult {
  const devAt = args.indexOf('dev');
  const device = devAt < 0 ? null : args[devAt + 1] ?? '';
  const rows = neighboursOf(world).filter((row) => (device === null || row.device === device) && (options.family === null || (options.family === 'inet6') === row.address.includes(':')));
  if (options.json) {
    return json(rows.map((row) => ({ dst: row.address, ...(device === null ? { dev: row.device } : {}), lladdr: row.mac, state: [row.state] })));
  }
  return succeed(rows.map((row) => `${neighbourLine(row.address, row.device, row.mac, row.state)}\n`).join(''));
}

function json(rows: readonly object[]): ToolResult {
  return succeed(`${JSON.stringify(rows)}\n`);
}
