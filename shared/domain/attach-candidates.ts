import type { AttachedKind } from './network-kinds';
import type { HostInterface } from './host-network';
import { globalRanges, uplinkOf } from './host-uplink';
import type { HostSnapshot } from './snapshot';
import { ownsBridge } from './used-ranges';

/** Something of the host that a network could be attached to, with what decides about it in words. */
export interface AttachCandidate {
  name: string;
  /** What a person tells it by: `uplink enp1s0, LAN 10.0.0.0/24`. */
  facts: string;
  /** Why it can't be used; null: it can. */
  refusal: string | null;
  /** What may surprise. */
  caution: string | null;
}

/** Interfaces that are ports of others' software, by the names these give them. */
const foreignBridges: readonly (readonly [RegExp, string])[] = [
  [/^docker\d+$|^br-[0-9a-f]{12}$/, 'Docker'],
  [/^(podman|cni-podman)\d+$/, 'Podman'],
  [/^(lxcbr|lxdbr|incusbr)\d+$/, 'LXC'],
  [/^(cni|cbr|weave|flannel)[\d.]*$/, 'Kubernetes'],
];

/** Whose bridge it is by its name, for example “Docker”; null: nobody's that we know. */
export function foreignOwner(bridge: string): string | null {
  return foreignBridges.find(([pattern]) => pattern.test(bridge))?.[1] ?? null;
}

/** Ports that lead somewhere: not machines' taps, nor the ends of containers' cables. */
function outwardPorts(snapshot: HostSnapshot, bridge: string): HostInterface[] {
  return snapshot.interfaces.filter((device) => device.controller === bridge && device.kind !== 'tap' && !(device.kind === 'veth' && foreignOwner(bridge) !== null));
}

function lanOf(device: HostInterface | undefined, snapshot: HostSnapshot): string[] {
  const isUplink = uplinkOf(snapshot, 'ipv4')?.device === device?.name;
  const [range] = globalRanges(device, 'ipv4');
  if (range) return [`${isUplink ? 'LAN' : 'subnet'} ${range}`];
  return [isUplink ? 'the host’s way out' : 'no address of the host'];
}

function usedBy(snapshot: HostSnapshot, matches: (network: HostSnapshot['networks'][number]) => boolean): string[] {
  const names = snapshot.networks.filter(matches).map((network) => network.name);
  return names.length === 0 ? [] : [`used by ${names.join(', ')}`];
}

/** Every Linux bridge of the host. */
function bridgeCandidates(snapshot: HostSnapshot): AttachCandidate[] {
  return snapshot.interfaces.filter((device) => device.kind === 'bridge').map((bridge) => {
    const { name } = bridge;
    const owner = snapshot.networks.find((network) => ownsBridge(network) && network.bridge?.name === name);
    const foreign = foreignOwner(name);
    const ports = outwardPorts(snapshot, name).map((port) => port.name);
    const facts = [
      ports.length === 0 ? 'no NIC' : `${ports.length === 1 ? 'uplink' : 'uplinks'} ${ports.join(', ')}`, ...lanOf(bridge, snapshot),
      ...usedBy(snapshot, (network) => network.kind === 'bridged' && network.bridge?.name === name),
    ];
    return {
      name, facts: facts.join(', '),
      refusal: owner ? `${name} belongs to libvirt’s network “${owner.name}”: plug machines into that network itself.`
        : foreign ? `${name} is ${foreign}’s: it comes and goes with ${foreign}, whose firewall rules decide what passes.` : null,
      caution: ports.length === 0 ? `No NIC is a port of ${name}: machines reach each other and the host there, not the LAN.`
        : !bridge.adminUp ? `${name} is switched off: nothing passes until it is up.` : null,
    };
  });
}

const attachable: ReadonlySet<HostInterface['kind']> = new Set(['physical', 'wireless', 'bond', 'vlan', 'veth']);

/** NICs that macvtap could use; ports of bridges are refused, as the kernel refuses them. */
function nicCandidates(snapshot: HostSnapshot): AttachCandidate[] {
  const nics = snapshot.interfaces.filter((device) => attachable.has(device.kind) && (device.kind !== 'veth' || isCable(device)));
  return nics.map((nic) => {
    const { name, controller } = nic;
    const ovs = snapshot.ovsBridges.find((bridge) => bridge.ports.some((port) => port.interfaces.some((item) => item.name === name)));
    const home = ovs?.name ?? controller;
    return {
      name,
      facts: [kindWords[nic.kind] ?? nic.kind, ...home ? [`port of ${home}`] : lanOf(nic, snapshot), ...usedBy(snapshot, (network) => network.kind === 'macvtap' && network.forward.interfaces.includes(name))].join(', '),
      refusal: home ? portRefusal(name, home, snapshot) : null,
      caution: nic.kind === 'wireless' ? `${name} is wireless: access points take frames from its own MAC only, so machines would most likely reach nothing.`
        : !nic.adminUp || nic.operState === 'DOWN' ? `${name} has no link: machines reach nothing outside until it is up.` : null,
    };
  });
}

const kindWords: Partial<Record<HostInterface['kind'], string>> = { physical: 'NIC', wireless: 'Wi-Fi', bond: 'bond', vlan: 'VLAN', veth: 'NIC' };

/** A veth is shown where it is the host's own NIC: one with an address, or one named like a NIC (as where the host is itself a container). */
const isCable = (device: HostInterface): boolean => device.addresses.some((item) => item.scope === 'global') || /^(en|eth)/.test(device.name);

function portRefusal(name: string, home: string, snapshot: HostSnapshot): string {
  const isBond = snapshot.interfaces.some((device) => device.name === home && device.kind === 'bond');
  return isBond ? `${name} is a part of the bond ${home}: use ${home} itself.`
    : `${name} is a port of ${home}: the kernel lets a NIC be one or the other. Attach the network to the bridge ${home} instead.`;
}

function switchCandidates(snapshot: HostSnapshot): AttachCandidate[] {
  return snapshot.ovsBridges.map((bridge) => {
    const items = bridge.ports.flatMap((port) => port.interfaces);
    const taps = new Set(snapshot.machines.flatMap((machine) => machine.nics.map((nic) => nic.target)));
    const uplinks = items.filter((item) => item.type === 'system' && item.error === null && !taps.has(item.name) && !item.name.startsWith('vnet')).map((item) => item.name);
    const own = snapshot.interfaces.find((device) => device.name === bridge.name);
    return {
      name: bridge.name,
      facts: [
        uplinks.length === 0 ? 'no NIC' : `${uplinks.length === 1 ? 'uplink' : 'uplinks'} ${uplinks.join(', ')}`, ...lanOf(own, snapshot),
        ...usedBy(snapshot, (network) => network.kind === 'ovs' && network.bridge?.name === bridge.name),
      ].join(', '),
      refusal: null,
      caution: bridge.problem !== null ? `Open vSwitch says of ${bridge.name}: ${bridge.problem}`
        : uplinks.length === 0 ? `No NIC is a port of ${bridge.name}: its VLANs exist on this host alone.` : null,
    };
  });
}

function functionCandidates(snapshot: HostSnapshot): AttachCandidate[] {
  return snapshot.interfaces.filter((device) => (device.virtualFunctions ?? 0) > 0).map((card) => ({
    name: card.name,
    facts: [`${card.virtualFunctions} virtual functions`, ...lanOf(card, snapshot), ...usedBy(snapshot, (network) => network.kind === 'sriov' && network.forward.interfaces.includes(card.name))].join(', '),
    refusal: null,
    caution: card.adminUp ? null : `${card.name} is switched off: its virtual functions have no link.`,
  }));
}

/** All that a network of this kind could be attached to, in the order of the host's interfaces. */
export function attachCandidates(kind: AttachedKind, snapshot: HostSnapshot): AttachCandidate[] {
  switch (kind) {
    case 'bridged': return bridgeCandidates(snapshot);
    case 'macvtap': return nicCandidates(snapshot);
    case 'ovs': return switchCandidates(snapshot);
    case 'sriov': return functionCandidates(snapshot);
  }
}
