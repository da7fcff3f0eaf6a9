import { globalRanges, uplinkOf } from './host-uplink';
import type { NetworkDefinition } from './network-xml/parse-network';
import { elsewhereOfAttached } from './reach-elsewhere';
import { sameNetworkRow } from './reach-of-nat';
import type { Reach, ReachRow } from './reach';
import type { PeerRows } from './reach-rows';
import type { HostSnapshot } from './snapshot';

/** Machines on a Linux bridge: the bridge's other ports and its own address decide. */
export function reachOfBridged(rows: PeerRows, network: NetworkDefinition, snapshot: HostSnapshot): ReachRow[] {
  const name = network.bridge?.name ?? '';
  const bridge = snapshot.interfaces.find((device) => device.name === name);
  const ports = snapshot.interfaces.filter((device) => device.controller === name && device.kind !== 'tap');
  if (ports.length === 0) {
    const note = bridge ? `No NIC of this host is a port of ${name}, so it leads nowhere.` : `There is no bridge ${name} on this host now.`;
    const hasAddress = globalRanges(bridge, 'ipv4').length > 0;
    const host: Reach = hasAddress ? 'yes' : 'no';
    return [
      bridge ? sameNetworkRow(rows, network) : rows.sameNetwork('no', 'no'),
      rows.host(host, host, hasAddress ? `At its address on ${name}.` : null),
      elsewhereOfAttached(rows, network, hasAddress ? 'host' : 'nowhere', snapshot), ...(hasAddress ? routedByHost(rows, name) : [rows.lan('no', 'no', note), rows.internet('no', 'no')]),
    ];
  }
  const here = globalRanges(bridge, 'ipv4').length > 0;
  const lanIsHere = here || !uplinkOf(snapshot, 'ipv4');
  return [
    sameNetworkRow(rows, network),
    here ? rows.host('yes', 'yes', `At its address on ${name}.`) : rows.host('partly', 'partly', `The host has no IPv4 address on ${name}; by way of the router at best.`),
    elsewhereOfAttached(rows, network, 'host', snapshot),
    lanIsHere ? rows.lan('yes', 'yes', 'Machines are on the LAN themselves and get their addresses there.')
      : rows.lan('partly', 'partly', `Machines are on the network behind ${ports.map((port) => port.name).join(', ')}, which is not the one of the host's default route.`),
    internetRow(rows, lanIsHere),
  ];
}

/** No NIC leads out, but the host has an address here and routes; libvirt has no rules for bridges that are not its own. */
function routedByHost(rows: PeerRows, bridge: string): [ReachRow, ReachRow] {
  return [
    rows.lan('partly', 'partly', `No NIC of this host is a port of ${bridge}. The host routes for machines that take its address for their gateway, if its firewall lets it and the LAN's router has a route back.`),
    rows.internet('partly', 'partly', 'The same, and the LAN\'s router must translate their addresses if they are private.'),
  ];
}

function internetRow(rows: PeerRows, isLan: boolean): ReachRow {
  return isLan ? rows.internet('yes', 'partly', 'By the LAN\'s own router; from outside as its firewall and port forwards allow.')
    : rows.internet('partly', 'partly', 'By the router of the network outside, if there is one.');
}

/** Whether a NIC leads to where the host's default route does: it is that device, or a port of it. */
function leadsToLan(nic: string, snapshot: HostSnapshot): boolean {
  const uplink = uplinkOf(snapshot, 'ipv4')?.device;
  return uplink === undefined || nic === uplink || snapshot.interfaces.some((device) => device.name === nic && device.controller === uplink);
}

/** Machines on a NIC, past the host's own use of it. */
export function reachOfMacvtap(rows: PeerRows, network: NetworkDefinition, snapshot: HostSnapshot): ReachRow[] {
  const nic = network.forward.interfaces[0] ?? network.forward.dev ?? 'the NIC';
  const among: Record<string, [Reach, string | null]> = {
    bridge: ['yes', null],
    private: ['no', 'Mode “private” keeps machines apart, whatever the switch does.'],
    vepa: ['partly', 'Only if the switch outside sends frames back out of the port they came from (hairpin, 802.1Qbg).'],
    passthrough: ['partly', 'Each machine has a NIC of its own; they meet at the switch outside.'],
  };
  const [same, sameNote] = among[network.forward.mode] ?? ['partly', null];
  const isLan = leadsToLan(nic, snapshot);
  const host = hostRow(rows, nic, network.forward.mode, snapshot);
  return [
    rows.sameNetwork(same, same, sameNote),
    host,
    elsewhereOfAttached(rows, network, host.out === 'no' ? 'outside' : 'host', snapshot),
    isLan ? rows.lan('yes', 'yes', `Directly on ${nic}.`)
      : rows.lan('partly', 'partly', `Directly on the network behind ${nic}, which is not where the host's default route goes.`),
    internetRow(rows, isLan),
  ];
}

/** Frames never turn round between a NIC's host and its machines; a switch outside can turn them, and a host can be out there by another NIC. */
function hostRow(rows: PeerRows, nic: string, mode: string, snapshot: HostSnapshot): ReachRow {
  const isHere = globalRanges(snapshot.interfaces.find((device) => device.name === nic), 'ipv4').length > 0 || leadsToLan(nic, snapshot);
  if (!isHere) return rows.host('partly', 'partly', `The host has no IPv4 address on ${nic}; by way of the network outside at best.`);
  const never = `A macvtap never passes frames between ${nic}'s host and its machines. Give them a second NIC on an isolated network for that.`;
  return mode === 'vepa' ? rows.host('partly', 'partly', 'Only if the switch outside sends frames back out of the port they came from (hairpin, 802.1Qbg).') : rows.host('no', 'no', never);
}

/** Machines on an Open vSwitch bridge; VLANs divide it. */
export function reachOfOvs(rows: PeerRows, network: NetworkDefinition, snapshot: HostSnapshot): ReachRow[] {
  const name = network.bridge?.name ?? '';
  const bridge = snapshot.ovsBridges.find((item) => item.name === name);
  const vlans = network.vlan !== null || network.portgroups.some((group) => group.vlan !== null);
  const portInterfaces = (bridge?.ports ?? []).flatMap((port) => port.interfaces);
  const machineTaps = new Set(snapshot.machines.flatMap((machine) => machine.nics.map((nic) => nic.target)));
  const uplinks = portInterfaces.filter((item) => (item.type === 'system' || item.type === '') && item.error === null && !machineTaps.has(item.name));
  const hostPorts = portInterfaces.filter((item) => item.type === 'internal'
    && globalRanges(snapshot.interfaces.find((device) => device.name === item.name), 'ipv4').length > 0);
  const sameVlan = vlans ? 'Within one VLAN.' : null;
  const isLan = leadsToLan(name, snapshot) || uplinks.some((item) => leadsToLan(item.name, snapshot));
  const lan: Reach = uplinks.length === 0 ? 'no' : vlans || !isLan ? 'partly' : 'yes';
  const lanNote = uplinks.length === 0 ? `No NIC of this host is a port of ${name}.`
    : [`Through ${uplinks.map((item) => item.name).join(', ')}`, ...vlans ? ['in the VLANs the switch outside knows'] : [], ...isLan ? [] : ['which is not where the host\'s default route goes']].join(', ') + '.';
  const host: Reach = hostPorts.length > 0 ? (vlans ? 'partly' : 'yes') : uplinks.length > 0 ? 'partly' : 'no';
  const hostNote = hostPorts.length > 0 ? `By ${hostPorts.map((item) => item.name).join(', ')}.`
    : `The host has no address on ${name}${uplinks.length > 0 ? '; by way of the network outside at best' : ''}.`;
  return [
    rows.sameNetwork(vlans ? 'partly' : 'yes', vlans ? 'partly' : 'yes', sameVlan),
    rows.host(host, host, hostNote),
    elsewhereOfAttached(rows, network, host === 'no' ? 'nowhere' : 'host', snapshot),
    ...(lan !== 'no' ? [rows.lan(lan, lan, lanNote), internetRow(rows, lan === 'yes')]
      : hostPorts.length > 0 ? routedByHost(rows, name) : [rows.lan('no', 'no', lanNote), rows.internet('no', 'no')]),
  ];
}
