import ipaddr from 'ipaddr.js';
import { namedInterfaces, servedInterfaces } from './router-spec';
import type { NamedInterface, RouterSpec } from './router-spec';

/**
 * What the router's init does, a line each, words apart by a blank; make-image.sh holds the init that reads them:
 * `hostname NAME`, `nic MAC DEVICE`, `vlan DEVICE TAG OF`, `address DEVICE CIDR`, `dhcp DEVICE` (it asks for its address),
 * `gateway ADDRESS`, `forward`; and for its dnsmasq `serve DEVICE`, `range DEVICE FIRST LAST MASK`, `names WAY` with what
 * belongs to it: `forward` and `server ADDRESS` for each that it asks, `dhcp` for whom the DHCP server of its own names, `fake` and `answer ADDRESS`
 * for what every name is, or `none`.
 */
export function routerNetwork(spec: RouterSpec): string {
  const all = namedInterfaces(spec);
  return [
    `hostname ${hostNameOf(spec.name)}`,
    ...new Set(all.map(({ mac, nic }) => `nic ${mac} ${nic}`)),
    ...all.flatMap(({ vlan, device, nic }) => (vlan === null ? [] : [`vlan ${device} ${vlan} ${nic}`])),
    ...all.map(({ device, address }) => (address === 'dhcp' ? `dhcp ${device}` : `address ${device} ${address}`)),
    ...all.flatMap(({ gateway }) => (gateway === null ? [] : [`gateway ${gateway}`])),
    ...servicesOf(spec, all),
    ...spec.allow.length === 0 ? [] : ['forward'],
    '',
  ].join('\n');
}

function servicesOf(spec: RouterSpec, all: readonly NamedInterface[]): string[] {
  const ranges = all.filter(({ dhcp }) => dhcp !== null);
  const names = spec.dns === 'none' ? [] : servedInterfaces(spec);
  const devices = [...new Set([...names, ...ranges].map(({ device }) => device))];
  if (devices.length === 0) return [];
  return [
    `names ${names.length === 0 ? 'none' : spec.dns === 'forward' && spec.nameServers.length === 0 ? 'dhcp' : spec.dns}`,
    ...spec.dns === 'forward' ? spec.nameServers.map((address) => `server ${address}`) : [],
    ...spec.dns === 'fake' ? names.map(({ address }) => `answer ${address.split('/')[0] ?? ''}`) : [],
    ...devices.map((device) => `serve ${device}`),
    ...ranges.flatMap(({ device, dhcp, address }) => (dhcp === null ? [] : [`range ${device} ${dhcp.start} ${dhcp.end} ${maskOf(address)}`])),
  ];
}

const maskOf = (address: string): string => ipaddr.IPv4.subnetMaskFromPrefixLength(Number(address.split('/')[1])).toString();
const hostNameOf = (name: string): string => name.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63) || 'router';
