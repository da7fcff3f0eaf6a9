import { putFilesBack, restoreSwitches } from '../conversion/kept';
import { finish, hasConcluded, pendingTransaction } from '../conversion/transaction-state';
import { LibvirtError } from '../libvirt/libvirt-error';
import { destroyMachine, startMachine } from '../libvirt/machines';
import { destroyNetwork, startNetwork } from '../libvirt/run-network';
import { bringAllUp } from '../linux/ifup';
import { flushAddresses, flushRoutes, removeInterface, setController, setUp } from '../linux/interfaces';
import { bridgeOfPort, findRow } from '../ovs/database';
import type { World } from '../world';

/** The power is gone: processes, machines, networks, bridges, and all that was in memory. */
export function cutPower(world: World): void {
  const { state } = world;
  // A process of the boot before does not go on.
  state.bootedAt = world.now();
  for (const machine of [...state.machines]) if (machine.running) destroyMachine(world, machine);
  for (const network of [...state.networks]) if (network.running) destroyNetwork(world, network);
  for (const path of Object.keys(state.files)) if (path.startsWith('/run/')) delete state.files[path];
  state.sysctls = Object.fromEntries(Object.entries(state.sysctls).filter(([key]) => !key.endsWith('.accept_ra')));
  // Docker makes its own again, as it was.
  for (const link of state.interfaces.filter(({ kind, name }) => kind !== 'loopback' && name !== 'docker0')) {
    setUp(world, link, false);
    flushAddresses(world, link, null);
    flushRoutes(world, link, 'inet');
    flushRoutes(world, link, 'inet6');
    if (link.kind === 'bridge') removeInterface(world, link);
  }
}

/** The host boots: the guard first, then the network, then what libvirt starts by itself. */
export function restorePower(world: World): void {
  const { state } = world;
  state.bootedAt = world.now();
  guardBoot(world);
  bringAllUp(world);
  for (const network of state.networks) if (network.autostart && network.persistent) tolerate(() => startNetwork(world, network));
  for (const machine of state.machines) if (machine.autostart) tolerate(() => startMachine(world, machine));
}

/** Before any network service, what was not DONE is undone on disk. */
function guardBoot(world: World): void {
  const transaction = pendingTransaction(world.state);
  if (!transaction?.kept || (hasConcluded(transaction) && transaction.state !== 'REVERT_FAILED')) return;
  putFilesBack(world, transaction.kept);
  restoreSwitches(world, transaction.kept);
  forgetSwitches(world);
  finish(world, transaction, 'REVERTED', 'the host was restarted before the change was confirmed');
}

/** Bridges and ports that Open vSwitch's database no longer has. */
function forgetSwitches(world: World): void {
  const { ovs, interfaces } = world.state;
  if (!ovs) return;
  for (const link of interfaces) if (link.kind === 'ovs' && link.name !== 'ovs-system' && !findRow(ovs, 'Bridge', link.name)) removeInterface(world, link);
  for (const link of interfaces) if (link.controller === 'ovs-system' && !bridgeOfPort(ovs, link.name)) setController(world, link, null);
}

/** libvirt starts the others all the same. */
function tolerate(start: () => void): void {
  try {
    start();
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
  }
}
