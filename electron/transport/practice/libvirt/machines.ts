import type { HostState, MachineState, NicState, RunningNic } from '../host-state';
import { addInterface, removeInterface, setController, setUp } from '../linux/interfaces';
import { findInterface } from '../linux/link-state';
import { addOvsPort, removeOvsPort } from '../ovs/database';
import { noVlan } from '../ovs/rows';
import type { PortVlan } from '../ovs/rows';
import type { World } from '../world';
import { findNetwork } from './define-network';
import { scheduleLeases } from './leases';
import { LibvirtError } from './libvirt-error';
import type { NetworkDefinition, XmlNode } from './network-definition';
import { placed, vlanFor } from './nic-xml';

/** A guest takes its time to shut down. */
const shutdownMs = 2500;

/** A machine by ID, UUID or name, as virsh looks it up; null when there is none. */
export function findMachine(state: HostState, key: string): MachineState | null {
  return state.machines.find((machine) => machine.running !== null && String(machine.running.id) === key)
    ?? state.machines.find((machine) => machine.uuid === key.toLowerCase())
    ?? state.machines.find((machine) => machine.name === key) ?? null;
}

/** `start`. Throws LibvirtError, and then nothing was made. */
export function startMachine(world: World, machine: MachineState): void {
  const { state } = world;
  machine.nics = placed(machine.nics);
  const places = machine.nics.map((nic) => placeOf(state, nic));
  machine.running = { id: state.nextMachineId++, state: 'running', startedAt: world.now(), nics: [], ...machine.metadata ? { metadata: machine.metadata } : {} };
  machine.nics.forEach((nic, at) => machine.running?.nics.push({ ...plugIn(world, nic, places[at] ?? nic.source), alias: `net${at}` }));
  tell(world, machine, 'Resumed Unpaused');
  tell(world, machine, 'Started Booted');
  scheduleLeases(world);
}

/** The bridge a NIC will be a port of. Throws LibvirtError. */
export function placeOf(state: HostState, nic: NicState): string {
  let bridge = nic.source;
  if (nic.type === 'network') {
    const network = findNetwork(state, nic.source);
    if (!network) throw new LibvirtError(`Network not found: no network with matching name '${nic.source}'`);
    if (!network.running) throw new LibvirtError(`Requested operation is not valid: network '${network.name}' is not active`);
    bridge = network.running.bridge?.name ?? '';
  }
  if (!findInterface(state, bridge)) throw new LibvirtError(`Cannot get interface MTU on '${bridge}': No such device`);
  return bridge;
}

/** Makes its tap and plugs it in. */
export function plugIn(world: World, nic: NicState, bridge: string): RunningNic {
  const { state } = world;
  const target = `vnet${state.nextTap++}`;
  const controller = findInterface(state, bridge);
  const tap = addInterface(world, {
    name: target, kind: 'tap', mac: `fe${nic.mac.slice(2)}`, mtu: controller?.mtu ?? 1500, cable: true, bridge: null, device: null,
  });
  if (controller?.kind === 'ovs') {
    addOvsPort(world, bridge, target, { vlan: portVlan(definitionOf(state, nic), nic.portgroup), mac: nic.mac });
    tap.controller = 'ovs-system';
  } else {
    setController(world, tap, bridge);
    if (isolates(definitionOf(state, nic))) tap.isolated = true;
  }
  setUp(world, tap, true);
  return { ...nic, target, bridge, portId: nic.type === 'network' ? world.newUuid() : null };
}

export function definitionOf(state: HostState, nic: NicState): NetworkDefinition | null {
  return nic.type === 'network' ? findNetwork(state, nic.source)?.running ?? null : null;
}

/** virNetDevOpenvswitchConstructVlans: a native VLAN becomes the tag, and stays among the trunks. */
function portVlan(definition: NetworkDefinition | null, portgroup: string | null): PortVlan {
  const vlan = vlanFor(definition, portgroup);
  if (!vlan) return noVlan;
  const of = (node: XmlNode, name: string) => node.attributes.find(([key]) => key === name)?.[1] ?? null;
  const tags = vlan.children.filter((child) => child.name === 'tag');
  const ids = tags.map((tag) => Number(of(tag, 'id')));
  const native = tags.find((tag) => of(tag, 'nativeMode') !== null);
  const trunks = of(vlan, 'trunk') === 'yes' ? ids : [];
  if (native) return { tag: Number(of(native, 'id')), trunks, mode: `native-${of(native, 'nativeMode') ?? ''}` };
  return trunks.length > 0 ? { tag: null, trunks, mode: null } : { tag: ids[0] ?? null, trunks: [], mode: null };
}

/** `shutdown`: asks the guest, which obeys after a while. Throws LibvirtError. */
export function shutdownMachine(world: World, machine: MachineState): void {
  const running = requireRunning(machine);
  world.later(shutdownMs, () => {
    if (machine.running?.id !== running.id) return;
    tell(world, machine, 'Shutdown Finished after guest request');
    stop(world, machine, 'Stopped Shutdown');
  });
}

/** `destroy`: pulls the plug. Throws LibvirtError. */
export function destroyMachine(world: World, machine: MachineState): void {
  requireRunning(machine);
  tell(world, machine, 'Shutdown Finished after host request');
  stop(world, machine, 'Stopped Destroyed');
}

export function suspendMachine(world: World, machine: MachineState): void {
  const running = requireRunning(machine);
  if (running.state === 'paused') return;
  running.state = 'paused';
  tell(world, machine, 'Suspended Paused');
}

export function resumeMachine(world: World, machine: MachineState): void {
  const running = requireRunning(machine);
  if (running.state !== 'paused') throw new LibvirtError('Requested operation is not valid: domain is already running');
  running.state = 'running';
  tell(world, machine, 'Resumed Unpaused');
  // What it was asked to let go while it slept goes now.
  for (const nic of running.nics.filter((each) => each.isLeaving)) releaseNic(world, machine, nic);
  scheduleLeases(world);
}

/** The guest lets a NIC go. */
export function releaseNic(world: World, machine: MachineState, nic: RunningNic): void {
  if (!machine.running) return;
  unplug(world, nic);
  machine.running.nics = machine.running.nics.filter((other) => other !== nic);
  world.announce({ kind: 'machine', name: machine.name, event: 'device-removed', what: nic.alias ?? '' });
}

function stop(world: World, machine: MachineState, what: string): void {
  for (const nic of machine.running?.nics ?? []) unplug(world, nic);
  machine.running = null;
  if (!machine.persistent) world.state.machines = world.state.machines.filter((other) => other !== machine);
  tell(world, machine, what);
}

function unplug(world: World, nic: RunningNic): void {
  removeOvsPort(world, nic.target);
  const tap = findInterface(world.state, nic.target);
  if (tap) removeInterface(world, tap);
}

/** `undefine`: a running machine goes on as a transient one. */
export function undefineMachine(world: World, machine: MachineState): void {
  if (!machine.persistent) throw new LibvirtError('Requested operation is not valid: cannot undefine transient domain');
  machine.persistent = false;
  machine.autostart = false;
  if (!machine.running) world.state.machines = world.state.machines.filter((other) => other !== machine);
  tell(world, machine, 'Undefined Removed');
}

export function requireRunning(machine: MachineState): NonNullable<MachineState['running']> {
  if (!machine.running) throw new LibvirtError('Requested operation is not valid: domain is not running');
  return machine.running;
}

function tell(world: World, machine: MachineState, what: string): void {
  world.announce({ kind: 'machine', name: machine.name, what });
}

/** `<port isolated='yes'/>` of the network. */
export function isolates(definition: NetworkDefinition | null): boolean {
  return definition?.port?.attributes.some(([name, value]) => name === 'isolated' && value === 'yes') ?? false;
}
