import ipaddr from 'ipaddr.js';
import { boundsOf, addressToNumber } from '../subnet';
import { isAddressedLabNetwork } from './lab-file';
import type { LabFile, LabNetwork } from './lab-file';
import type { LabNic } from './lab-machine';
import { labError } from './lab-problem';
import type { LabIssue, LabPath } from './lab-problem';
import { subnetOf } from './lab-rules';
import { nearestWord } from './nearest-word';

/** Rules between the roles of a lab and its networks, whatever the host. */
export function checkMachines(file: LabFile): LabIssue[] {
  const roles = Object.entries(file.machines);
  const nics = roles.flatMap(([role, { nics: list }]) => list.map((nic, at) => ({ role, nic, path: ['machines', role, 'nics', at] as LabPath })));
  return [
    ...repeated(roles.flatMap(([role, { machine }]) => (machine === undefined ? [] : [{ value: machine, owner: role, path: ['machines', role, 'machine'] }])), (value, owner) => `${value} plays “${owner}” already; a machine has one role in a lab.`),
    ...nics.flatMap(({ nic, path }) => checkNic(file, nic, path)),
    ...repeated(nics.flatMap(({ role, nic, path }) => (nic.mac === undefined ? [] : [{ value: nic.mac.toLowerCase(), owner: role, path: [...path, 'mac'] }])), (value, owner) => `“${owner}” has the MAC ${value} already.`),
    ...repeated(nics.flatMap(({ role, nic, path }) => (nic.address === undefined ? [] : [{ value: `${ipaddr.parse(nic.address).toString()} on ${nic.network}`, owner: role, path: [...path, 'address'] }])), (value, owner) => `“${owner}” has the address ${value} already.`),
  ];
}

interface Said { value: string; owner: string; path: LabPath }

function repeated(said: readonly Said[], message: (value: string, owner: string) => string): LabIssue[] {
  return said.flatMap(({ value, path }, at) => {
    const first = said.slice(0, at).find((earlier) => earlier.value === value);
    return first ? [labError(path, message(value, first.owner))] : [];
  });
}

function checkNic(file: LabFile, nic: LabNic, path: LabPath): LabIssue[] {
  const network = file.networks[nic.network];
  if (!network) return [labError([...path, 'network'], unknown('network', nic.network, Object.keys(file.networks)))];
  const groups = portgroupsOf(network);
  const group = nic.portgroup !== undefined && !groups.includes(nic.portgroup) ? [labError([...path, 'portgroup'], unknown(`portgroup of “${nic.network}”`, nic.portgroup, groups))] : [];
  return [...group, ...checkAddress(network, nic, path)];
}

function unknown(what: string, typed: string, known: readonly string[]): string {
  const near = nearestWord(typed, known);
  return `There is no ${what} called “${typed}” in this file. ${near ? `Is it “${near}”?` : known.length > 0 ? `There ${known.length === 1 ? 'is' : 'are'}: ${known.join(', ')}.` : 'It has none.'}`;
}

function portgroupsOf(network: LabNetwork): string[] {
  return ('portgroups' in network ? network.portgroups ?? [] : []).map(({ name }) => name);
}

/** An address that is reserved has to be the network's own; `familyOfKind(…).validate` knows the rest. */
function checkAddress(network: LabNetwork, { address, mac }: LabNic, path: LabPath): LabIssue[] {
  if (address === undefined || !ipaddr.IPv4.isValid(address) || !isAddressedLabNetwork(network) || network.ipv4 === 'none') return [];
  const ipv4 = network.ipv4 === 'auto' ? null : network.ipv4;
  if (ipv4 === null || ipv4.address === 'auto') return [labError([...path, 'address'], 'An address needs a subnet that is known: say “ipv4.address” of its network, too.')];
  const subnet = subnetOf(ipv4.address);
  const { first, last } = boundsOf(subnet);
  const value = addressToNumber(address);
  if (value < first || value > last) return [labError([...path, 'address'], `${address} is outside the subnet ${subnet}.`)];
  const reserved = typeof ipv4.dhcp === 'object' ? ipv4.dhcp.hosts.find((host) => host.ip === address) : undefined;
  return reserved && mac !== undefined && reserved.mac.toLowerCase() !== mac.toLowerCase() ? [labError([...path, 'address'], `${address} is reserved for ${reserved.mac}, not for ${mac}.`)] : [];
}
