import { createHash } from 'node:crypto';
import type { HostState, InterfaceState } from '../host-state';
import { addAddress, addInterface, addRoute, flushAddresses, flushRoutes, removeInterface, setController, setUp } from '../linux/interfaces';
import { findInterface } from '../linux/link-state';
import { removeOvsBridge } from '../ovs/database';
import type { World } from '../world';
import { networkNow, probesOf } from './probes';
import { shapeOf } from './shape';
import type { Shape } from './shape';
import type { KeptForUndo, KeptNetwork, TransactionState, WantedNetwork } from './transaction-state';

/** What there is, before anything changes: files, the link that carries the network with its addresses and routes, what answers. */
export function keepNetwork({ state }: World, transaction: Pick<TransactionState, 'settings' | 'files' | 'removes' | 'protects' | 'wantedIpv4' | 'wantedIpv6' | 'newIpv6' | 'wantedRoutes'>, link: InterfaceState): KeptNetwork {
  const paths = [...transaction.protects, ...transaction.removes.map(({ path }) => path), ...transaction.files.flatMap(({ trialPath, commitPath }) => [trialPath, commitPath])]
    .filter((path) => path !== null);
  const { plug, source, target } = shapeOf(transaction);
  const before = networkNow(state, link);
  return {
    paths, files: Object.fromEntries(Object.entries(state.files).filter(([path]) => isBelow(path, paths))),
    link: structuredClone(link), routes: structuredClone(state.routes.filter((route) => route.device === source)),
    ovs: transaction.settings['kind'] === 'ovs' ? structuredClone(state.ovs) : null,
    probes: probesOf(state, plug, source, before), before, wanted: wantedAfter(transaction, before, source, target),
  };
}

const isBelow = (path: string, roots: readonly string[]): boolean => roots.some((root) => path === root || path.startsWith(`${root}/`));

/** What is to be, where the change doesn't say it itself: as it was, on the interface that carries the network afterwards. */
function wantedAfter({ settings, wantedIpv4, wantedIpv6, newIpv6 = [], wantedRoutes = [] }: Pick<TransactionState, 'settings' | 'wantedIpv4' | 'wantedIpv6' | 'newIpv6' | 'wantedRoutes'>, before: WantedNetwork, source: string, target: string): WantedNetwork {
  const gateway = settings['gateway'] || null;
  const isLeft = settings['no_default']?.split(' ').includes('ipv4') ?? false;
  const defaults = before.defaults.filter((route) => !isLeft || route.split(' ')[1] !== source).map((route) => {
    const [through = '', device = '', metric = '0'] = route.split(' ');
    return device === source ? `${gateway ?? through} ${target} ${metric}` : route;
  });
  const isNew = gateway !== null && !before.defaults.some((route) => route.split(' ')[1] === source);
  return {
    ipv4: wantedIpv4 ?? before.ipv4, ipv6: wantedIpv6 ?? before.ipv6, newIpv6, routes: wantedRoutes, defaults: [...defaults, ...isNew ? [`${gateway} ${target} 0`] : []].sort(), gateway, gateway6: settings['gateway6'] || null,
    mtu: settings['mtu'] ? Number(settings['mtu']) : null, leased: settings['leased'] || null,
  };
}

/** What a later undo needs of a change that lasts. Places in /run are forgotten by a boot. */
export function keepForUndo({ state }: World, { paths, files, before, link }: KeptNetwork): KeptForUndo {
  const lasting = paths.filter((path) => !path.startsWith('/run/'));
  return { paths: lasting, files: structuredClone(files), written: checksumsBelow(state, lasting), ipv4: before.ipv4, defaults: before.defaults, mtu: link.mtu };
}

/** Of every file at or below these places, by path. */
export function checksumsBelow({ files }: Pick<HostState, 'files'>, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => isBelow(path, paths)).map(([path, text]) => [path, createHash('sha256').update(text).digest('hex')]));
}

/** What was kept stands again; what was not there goes. */
export function putFilesBack({ state }: World, { paths, files }: KeptNetwork): void {
  for (const path of Object.keys(state.files)) if (isBelow(path, paths)) delete state.files[path];
  Object.assign(state.files, files);
}

/** As it was, by ip(8) alone: addresses are given for ever, for nobody may be there to renew them. */
export function restoreNetwork(world: World, transaction: TransactionState, kept: KeptNetwork): void {
  const shape = shapeOf(transaction);
  restoreShape(world, shape, kept);
  const link = findInterface(world.state, shape.source);
  if (!link) return;
  flushAddresses(world, link, null);
  flushRoutes(world, link, 'inet');
  flushRoutes(world, link, 'inet6');
  link.mtu = kept.link.mtu;
  setUp(world, link, true);
  for (const address of kept.link.addresses) addAddress(world, link, { ...address, validSeconds: null });
  for (const route of kept.routes) addRoute(world, { ...route });
}

function restoreShape(world: World, { before, nic, bridge }: Shape, kept: KeptNetwork): void {
  const { state } = world;
  const port = findInterface(state, nic);
  const made = findInterface(state, bridge);
  if (before === 'free') {
    removeOvsBridge(world, bridge);
    const left = findInterface(state, bridge);
    if (left) removeInterface(world, left);
    if (port) setController(world, port, null);
  } else if (before === 'port' && port) {
    flushAddresses(world, port, null);
    if (kept.ovs) world.run(['ovs-vsctl', '--', '--may-exist', 'add-br', bridge, '--', 'set', 'bridge', bridge, `other-config:hwaddr="${kept.link.mac}"`, '--', '--may-exist', 'add-port', bridge, nic]);
    else {
      if (!made) addInterface(world, { name: bridge, kind: 'bridge', mac: kept.link.mac, mtu: 1500, cable: false, bridge: { stp: false, forwardDelay: 0 }, device: null });
      setUp(world, port, true);
      setController(world, port, bridge);
    }
  }
}

/** Open vSwitch's database is on disk at once: a boot puts the whole of it back. */
export function restoreSwitches({ state }: World, { ovs }: KeptNetwork): void {
  if (ovs) state.ovs = structuredClone(ovs);
}

export function placeTrialFiles({ state }: World, { files, removes }: TransactionState): void {
  for (const { trialPath, content } of files) if (trialPath !== null) state.files[trialPath] = content;
  for (const { path, when } of removes) if (when === 'trial') delete state.files[path];
}

export function placeCommitFiles({ state }: World, { files, removes }: TransactionState): void {
  for (const { commitPath, content } of files) if (commitPath !== null) state.files[commitPath] = content;
  for (const { path } of removes) delete state.files[path];
  for (const { trialPath, commitPath } of files) if (trialPath !== null && trialPath !== commitPath) delete state.files[trialPath];
}
