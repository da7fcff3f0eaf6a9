import { attachCandidates, foreignOwner } from '../attach-candidates';
import type { BridgedSpec, MacvtapSpec, OvsSpec, SriovSpec } from '../attached-spec';
import { uplinkOf } from '../host-uplink';
import { missingFeature } from '../network-features';
import { caution, editedNetwork, problem, repeats } from '../network-rules/rule';
import type { NetworkContext } from '../network-rules/rule';
import type { FieldIssue } from '../field-issue';
import { listNames, machinesOn } from '../planning/plugged-machines';
import { ownsBridge } from '../used-ranges';
import type { AttachedRule } from './rule';

/** What a network is attached to: whether it is there, is of the right sort, and is free to be used. */
export const checkPlace: AttachedRule = (spec, context) => {
  switch (spec.kind) {
    case 'bridged': return checkBridge(spec, context);
    case 'macvtap': return checkDevices(spec, context);
    case 'ovs': return checkSwitch(spec, context);
    case 'sriov': return checkFunctions(spec, context);
  }
};

/** An existing network may keep a place that a new one would not get. */
const isKept = (context: NetworkContext, name: string): boolean => {
  const edited = editedNetwork(context);
  return edited !== null && (edited.bridge?.name === name || edited.forward.interfaces.includes(name));
};

function checkBridge(spec: BridgedSpec, context: NetworkContext): FieldIssue[] {
  const { snapshot } = context;
  const path = 'bridge';
  const name = spec.bridge;
  const say = isKept(context, name) ? caution : problem;
  const missing = spec.isolatedPorts ? missingFeature('portIsolation', snapshot.system.libvirtVersion) : null;
  const isolation = missing ? [problem('isolatedPorts', missing)] : [];
  if (snapshot.ovsBridges.some((bridge) => bridge.name === name)) return [problem(path, `“${name}” is an Open vSwitch bridge. Make an Open vSwitch network for it.`), ...isolation];
  const device = snapshot.interfaces.find((item) => item.name === name);
  if (!device) return [say(path, `There is no bridge “${name}” on this host: machines on this network would not start.`), ...isolation];
  if (device.kind !== 'bridge') return [problem(path, `“${name}” is not a bridge. To attach machines to a NIC itself, make a macvtap network.`), ...isolation];
  const candidate = attachCandidates('bridged', snapshot).find((item) => item.name === name);
  if (candidate?.refusal) return [foreignOwner(name) ? caution(path, candidate.refusal) : say(path, candidate.refusal), ...isolation];
  return [...candidate?.caution ? [caution(path, candidate.caution)] : [], ...isolation];
}

function checkDevices(spec: MacvtapSpec, context: NetworkContext): FieldIssue[] {
  const { snapshot } = context;
  const candidates = attachCandidates('macvtap', snapshot);
  const issues = spec.devices.flatMap((name, at): FieldIssue[] => {
    const path = `devices.${at}`;
    const candidate = candidates.find((item) => item.name === name);
    const device = snapshot.interfaces.find((item) => item.name === name);
    if (!device) return [(isKept(context, name) ? caution : problem)(path, `There is no “${name}” on this host: machines on this network would not start.`)];
    if (device.kind === 'bridge') return [problem(path, `“${name}” is a bridge. Make a bridged network for it, where host and machines can talk, too.`)];
    if (candidate?.refusal) return [problem(path, candidate.refusal)];
    if (spec.mode === 'passthrough' && carriesHost(name, context)) {
      return [problem(path, `${name} carries this host’s own traffic. Passed through, it would take the machine’s MAC, and the host would lose its connection. Choose another NIC, or mode “bridge”.`)];
    }
    return candidate?.caution ? [caution(path, candidate.caution)] : [];
  });
  return [
    ...repeats(spec.devices).map(({ at }) => problem(`devices.${at}`, `${spec.devices[at]} is listed twice.`)), ...issues, ...checkPool(spec, context),
  ];
}

function carriesHost(name: string, { snapshot }: NetworkContext): boolean {
  const device = snapshot.interfaces.find((item) => item.name === name);
  const uplinks = [uplinkOf(snapshot, 'ipv4')?.device, uplinkOf(snapshot, 'ipv6')?.device];
  const above = snapshot.interfaces.filter((item) => item.parent === name).map((item) => item.name);
  return uplinks.includes(name) || above.some((item) => uplinks.includes(item)) || (device?.addresses ?? []).some((item) => item.scope === 'global');
}

/** Passed through, a NIC is one machine's alone. */
function checkPool(spec: MacvtapSpec, context: NetworkContext): FieldIssue[] {
  if (spec.mode !== 'passthrough') return [];
  const edited = editedNetwork(context);
  const names = edited ? machinesOn(context.snapshot, edited.name) : { running: [], stopped: [] };
  const all = [...names.running, ...names.stopped];
  if (all.length > spec.devices.length) {
    return [caution('devices', `${listNames(all)} are on this network, and in mode “passthrough” each needs a NIC of its own: only ${spec.devices.length} can run at a time.`)];
  }
  return spec.devices.length === 1 ? [caution('devices', 'In mode “passthrough” each machine needs a NIC of its own: with one NIC, one machine can run on this network.')] : [];
}

function checkSwitch(spec: OvsSpec, context: NetworkContext): FieldIssue[] {
  const { snapshot } = context;
  const path = 'bridge';
  const name = spec.bridge;
  const trouble = snapshot.problems.find((item) => item.area === 'ovs');
  if (snapshot.system.ovsVersion === null) return [problem(path, 'Open vSwitch is not installed on this host. “Health” can install it.')];
  if (trouble?.code === 'ovs.not-running') return [problem(path, 'Open vSwitch is not running on this host. “Health” can start it.')];
  if (name.startsWith('-')) return [problem(path, 'A bridge name can’t start with “-”: tools would take it for an option.')];
  const there = snapshot.ovsBridges.find((bridge) => bridge.name === name);
  if (spec.createBridge) return newSwitch(name, there !== undefined, context);
  if (trouble) return [caution(path, `This session can’t see Open vSwitch’s bridges (${trouble.title.toLowerCase()}), so nobody can tell whether “${name}” is there.`)];
  if (there) return there.problem === null ? [] : [caution(path, `Open vSwitch says of ${name}: ${there.problem}`)];
  const device = snapshot.interfaces.find((item) => item.name === name);
  if (device?.kind === 'bridge') return [problem(path, `“${name}” is a Linux bridge. Make a bridged network for it.`)];
  return [(isKept(context, name) ? caution : problem)(path, `There is no Open vSwitch bridge “${name}” on this host. Let it be made along, or choose one that is there.`)];
}

function newSwitch(name: string, isThere: boolean, { snapshot, uuid }: NetworkContext): FieldIssue[] {
  const path = 'bridge';
  if (isThere) return [problem(path, `There is an Open vSwitch bridge “${name}” already. Use it as it is, or choose another name.`)];
  if (snapshot.interfaces.some((item) => item.name === name)) return [problem(path, `This host has an interface “${name}” already. Choose another name for the bridge.`)];
  const owner = snapshot.networks.find((network) => network.uuid !== uuid && ownsBridge(network) && network.bridge?.name === name);
  if (owner) return [problem(path, `“${name}” is the bridge of the network “${owner.name}”. Choose another name.`)];
  if (snapshot.privilege === 'libvirt-group') {
    return [problem(path, 'Making an Open vSwitch bridge takes root’s rights; this session may only use libvirt. Connect as root or with sudo, or choose a bridge that is there.')];
  }
  return [];
}

function checkFunctions(spec: SriovSpec, context: NetworkContext): FieldIssue[] {
  const { snapshot } = context;
  const device = snapshot.interfaces.find((item) => item.name === spec.device);
  const say = isKept(context, spec.device) ? caution : problem;
  if (!device) return [say('device', `There is no “${spec.device}” on this host.`)];
  if ((device.virtualFunctions ?? 0) === 0) return [say('device', `${spec.device} has no virtual functions switched on, so libvirt would have nothing to hand out.`)];
  const users = snapshot.networks.filter((network) => network.uuid !== context.uuid && network.kind === 'sriov' && network.forward.interfaces.includes(spec.device));
  return [
    ...users.length > 0 ? [caution('device', `The network “${users[0]?.name}” hands out the functions of ${spec.device}, too: each function is one machine’s alone.`)] : [],
    ...spec.managed ? [] : [caution('managed', 'Unmanaged, a function has to be taken from its driver by hand before a machine can start.')],
  ];
}
