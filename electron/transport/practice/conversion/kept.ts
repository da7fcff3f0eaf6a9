import type { InterfaceState } from '../host-state';
import { addAddress, addRoute, flushAddresses, flushRoutes, removeInterface, setController, setUp } from '../linux/interfaces';
import { findInterface } from '../linux/link-state';
import { removeOvsBridge } from '../ovs/database';
import type { World } from '../world';
import { answers, hasCableIn } from './probes';
import type { KeptNetwork, TransactionState } from './transaction-state';

/** What there is, before anything changes: files, the NIC with its addresses and routes, what answers. */
export function keepNetwork({ state }: World, transaction: Pick<TransactionState, 'settings' | 'files' | 'protects'>, nic: InterfaceState): KeptNetwork {
  const paths = [...transaction.protects, ...transaction.files.flatMap(({ trialPath, commitPath }) => [trialPath, commitPath])].filter((path) => path !== null);
  const routes = state.routes.filter((route) => route.device === nic.name);
  const gateway = routes.find(({ family, destination }) => family === 'inet' && destination === 'default')?.gateway;
  return {
    paths, files: Object.fromEntries(Object.entries(state.files).filter(([path]) => isBelow(path, paths))),
    link: structuredClone(nic), routes: structuredClone(routes),
    ovs: transaction.settings['kind'] === 'ovs' ? structuredClone(state.ovs) : null,
    probes: [...hasCableIn(state, nic.name) ? ['carrier' as const] : [], ...gateway !== undefined && answers(state, gateway, nic.name) ? ['ping' as const] : []],
  };
}

const isBelow = (path: string, roots: readonly string[]): boolean => roots.some((root) => path === root || path.startsWith(`${root}/`));

/** What was kept stands again; what was not there goes. */
export function putFilesBack({ state }: World, { paths, files }: KeptNetwork): void {
  for (const path of Object.keys(state.files)) if (isBelow(path, paths)) delete state.files[path];
  Object.assign(state.files, files);
}

/** As it was, by ip(8) alone: addresses are given for ever, for nobody may be there to renew them. */
export function restoreNetwork(world: World, { settings }: TransactionState, kept: KeptNetwork): void {
  const { state } = world;
  const bridge = settings['bridge'] ?? '';
  removeOvsBridge(world, bridge);
  const made = findInterface(state, bridge);
  if (made) removeInterface(world, made);
  const nic = findInterface(state, settings['nic'] ?? '');
  if (!nic) return;
  setController(world, nic, null);
  flushAddresses(world, nic, null);
  flushRoutes(world, nic, 'inet');
  flushRoutes(world, nic, 'inet6');
  setUp(world, nic, kept.link.up);
  for (const address of kept.link.addresses) addAddress(world, nic, { ...address, validSeconds: null });
  for (const route of kept.routes) addRoute(world, { ...route });
}

/** Open vSwitch's database is on disk at once: a boot puts the whole of it back. */
export function restoreSwitches({ state }: World, { ovs }: KeptNetwork): void {
  if (ovs) state.ovs = structuredClone(ovs);
}

export function placeTrialFiles({ state }: World, { files }: TransactionState): void {
  for (const { trialPath, content } of files) if (trialPath !== null) state.files[trialPath] = content;
}

export function placeCommitFiles({ state }: World, { files }: TransactionState): void {
  for (const { commitPath, content } of files) if (commitPath !== null) state.files[commitPath] = content;
  for (const { trialPath, commitPath } of files) if (trialPath !== null && trialPath !== commitPath) delete state.files[trialPath];
}
