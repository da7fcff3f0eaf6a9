import type { MachineState, NicState, RunningNic } from '../host-state';
import { setController } from '../linux/interfaces';
import { findInterface } from '../linux/link-state';
import type { World } from '../world';
import { scheduleLeases } from './leases';
import { LibvirtError } from './libvirt-error';
import { definitionOf, isolates, placeOf, plugIn, releaseNic, requireRunning } from './machines';
import { addressOf, isOvsNetwork, parseNic, placed } from './nic-xml';
import { readRoot } from './read-document';

/** `attach-device` and its siblings, for NICs. Every function throws LibvirtError, and then nothing was changed. */

type Side = 'live' | 'config';

export function attachNic(world: World, machine: MachineState, side: Side, xml: string): void {
  const nic = readNic(world, xml);
  if (side === 'config') {
    requirePersistent(machine);
    refuseTakenBus(machine.nics, nic);
    machine.nics = placed([...placed(machine.nics), nic]);
    return;
  }
  const running = requireRunning(machine);
  const bridge = placeOf(world.state, nic);
  const nics = placed(running.nics);
  refuseTakenBus(nics, nic);
  const [made] = placed([...nics, nic]).slice(-1);
  const alias = `net${nextNumber(running.nics)}`;
  running.nics = [...nics, { ...plugIn(world, made ?? nic, bridge), alias }];
  world.announce({ kind: 'machine', name: machine.name, event: 'device-added', what: alias });
  scheduleLeases(world);
}

/** The guest of a paused machine can't let go: libvirt says all the same that it did. */
export function detachNic(world: World, machine: MachineState, side: Side, xml: string): void {
  const wanted = readNic(world, xml);
  if (side === 'config') {
    requirePersistent(machine);
    const found = findNic(machine.nics, wanted);
    machine.nics = machine.nics.filter((nic) => nic !== found);
    return;
  }
  const running = requireRunning(machine);
  const nic = findNic(running.nics, wanted);
  if (running.state === 'paused') nic.isLeaving = true;
  else releaseNic(world, machine, nic);
}

export function updateNic(world: World, machine: MachineState, side: Side, xml: string): void {
  const wanted = readNic(world, xml);
  if (side === 'config') {
    requirePersistent(machine);
    const found = findNic(machine.nics, wanted);
    machine.nics = machine.nics.map((nic, at) => (nic === found ? { ...wanted, bus: wanted.bus ?? nic.bus ?? at + 1 } : nic));
    return;
  }
  const running = requireRunning(machine);
  const nic = findNic(running.nics, wanted);
  const bridge = placeOf(world.state, wanted);
  if (wanted.model !== nic.model) throw new LibvirtError(`Operation not supported: cannot modify network device model from ${nic.model} to ${wanted.model}`);
  moveTap(world, nic, wanted, bridge);
  const moved = wanted.source !== nic.source || wanted.type !== nic.type;
  Object.assign(nic, {
    type: wanted.type, source: wanted.source, portgroup: wanted.portgroup, linkDown: wanted.linkDown, bandwidth: wanted.bandwidth ?? null, bridge,
    portId: wanted.type !== 'network' ? null : moved ? world.newUuid() : nic.portId,
  });
  scheduleLeases(world);
}

/** A tap goes from one Linux bridge to another; libvirt 9.0 takes none into Open vSwitch or out of it. */
function moveTap(world: World, nic: RunningNic, wanted: NicState, bridge: string): void {
  const { state } = world;
  if (isOvsNetwork(definitionOf(state, nic)) !== isOvsNetwork(definitionOf(state, wanted)) || (isOvsNetwork(definitionOf(state, wanted)) && bridge !== nic.bridge)) {
    throw new LibvirtError(`Operation not supported: unable to change config on '${wanted.type}' network type`);
  }
  const tap = findInterface(state, nic.target);
  if (!tap || bridge === nic.bridge) return;
  setController(world, tap, bridge);
  tap.isolated = isolates(definitionOf(state, wanted));
}

/** `domif-setlink`: by MAC or tap. False: there is no such NIC. */
export function setNicLink(machine: MachineState, config: boolean, key: string, up: boolean): boolean {
  const nics: NicState[] = config || !machine.running ? machine.nics : machine.running.nics;
  const nic = nics.find((each) => each.mac === key.toLowerCase() || (each as RunningNic).target === key);
  if (nic) nic.linkDown = !up;
  return nic !== undefined;
}

function readNic(world: World, xml: string): NicState {
  return parseNic(world, readRoot(xml, 'device_definition', 'interface'));
}

/** By MAC and, where one is given, address, as virDomainNetFindIdx does. */
function findNic<T extends NicState>(nics: readonly T[], wanted: NicState): T {
  const address = wanted.bus === undefined ? null : addressOf(wanted, 0);
  const found = nics.filter((nic, at) => nic.mac === wanted.mac && (address === null || addressOf(nic, at) === address));
  if (found.length > 1) throw new LibvirtError(`operation failed: multiple devices matching MAC address ${wanted.mac} found`);
  if (!found[0]) throw new LibvirtError(`device not found: no device found at address '${address ?? '(<null>)'}' matching MAC address '${wanted.mac}' and alias '(<null>)'`);
  return found[0];
}

function refuseTakenBus(nics: readonly NicState[], nic: NicState): void {
  if (nic.bus === undefined || !nics.some((other, at) => addressOf(other, at) === addressOf(nic, 0))) return;
  throw new LibvirtError(`XML error: Attempted double use of PCI Address ${addressOf(nic, 0)}`);
}

function requirePersistent(machine: MachineState): void {
  if (!machine.persistent) throw new LibvirtError('Requested operation is not valid: transient domains do not have any persistent config');
}

function nextNumber(nics: readonly RunningNic[]): number {
  return Math.max(-1, ...nics.map((nic, at) => Number(/^net(\d+)$/.exec(nic.alias ?? `net${at}`)?.[1] ?? at))) + 1;
}
