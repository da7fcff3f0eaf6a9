import type { HostState, InterfaceAddress, InterfaceState, StaticRoute } from '../host-state';
import { lastAddress } from './address-math';
import { flagsOf, operState } from './link-state';

/** The text of ip(8) 6.1: lines as `ip -o monitor` prints them, blanks at the end included. */

export function queueOf(link: InterfaceState): string {
  if (!link.up) return 'noop';
  return link.kind === 'physical' ? 'fq_codel' : 'noqueue';
}

/** `6: virbr0: <…> mtu 1500 … \    link/ether …` */
export function linkLine(state: HostState, link: InterfaceState, separator = '\\', listing = false): string {
  const controller = link.controller === null ? '' : ` master ${link.controller}`;
  const mode = listing ? ' mode DEFAULT' : '';
  const tail = listing ? ` qlen 1000${separator}` : ` ${separator}`;
  const head = `${link.index}: ${link.name}: <${flagsOf(state, link).join(',')}> mtu ${link.mtu} qdisc ${queueOf(link)}${controller}`
    + ` state ${operState(state, link)}${mode} group default${tail}`;
  const type = link.kind === 'loopback' ? 'loopback' : 'ether';
  const broadcast = link.kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';
  return `${head}    link/${type} ${link.mac} brd ${broadcast}`;
}

/** `6: virbr0    inet 10.0.0.1/24 brd 10.0.0.255 scope global virbr0\       valid_lft …` */
export function addressLine(link: InterfaceState, address: InterfaceAddress): string {
  return `${link.index}: ${link.name}    ${addressWords(link, address)}\\       ${lifetime(address)}`;
}

export function addressWords(link: InterfaceState, address: InterfaceAddress): string {
  const broadcast = address.family === 'inet' && link.kind !== 'loopback' ? ` brd ${lastAddress(address.address, address.prefix)}` : '';
  const dynamic = address.validSeconds === null ? '' : ' dynamic';
  const label = address.family === 'inet' ? ` ${link.name}` : ' ';
  return `${address.family} ${address.address}/${address.prefix}${broadcast} scope ${scopeOf(link, address)}${dynamic}${label}`;
}

export function lifetime(address: InterfaceAddress): string {
  const left = address.validSeconds === null ? 'forever' : `${address.validSeconds}sec`;
  return `valid_lft ${left} preferred_lft ${left}`;
}

export function scopeOf(link: InterfaceState, address: InterfaceAddress): string {
  if (link.kind === 'loopback') return 'host';
  return address.address.startsWith('fe80:') ? 'link' : 'global';
}

export function localRouteLine(link: InterfaceState, { address }: InterfaceAddress): string {
  return `local ${address} dev ${link.name} table local proto kernel scope host src ${address} `;
}

export function broadcastRouteLine(link: InterfaceState, { address, prefix }: InterfaceAddress, linkDown: boolean): string {
  return `broadcast ${lastAddress(address, prefix)} dev ${link.name} table local proto kernel scope link src ${address} ${linkDown ? 'linkdown ' : ''}`;
}

export function connectedRouteLine(link: InterfaceState, { family, address, prefix }: InterfaceAddress, network: string, linkDown: boolean): string {
  const down = linkDown ? 'linkdown ' : '';
  if (family === 'inet') return `${network}/${prefix} dev ${link.name} proto kernel scope link src ${address} ${down}`;
  return `${network}/${prefix} dev ${link.name} proto kernel metric 256 ${down}pref medium`;
}

export function staticRouteLine({ destination, gateway, device, metric }: StaticRoute): string {
  return `${destination} via ${gateway} dev ${device} ${metric === null ? '' : `metric ${metric} `}`;
}

/** As `ip monitor` tells of an entry in a bridge's forwarding table. */
export const forwardingLine = (port: string, mac: string, state: string): string => `dev ${port} lladdr ${mac} ${state} `;

export function neighbourLine(address: string, device: string, mac: string, state: string): string {
  return `${address} dev ${device} lladdr ${mac} ${state} `;
}
