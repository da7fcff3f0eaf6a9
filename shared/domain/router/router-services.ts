import ipaddr from 'ipaddr.js';
import { namedInterfaces, servedInterfaces } from './router-spec';
import type { NamedInterface, RouterSpec } from './router-spec';

/** dnsmasq's configuration in the router (dnsmasq(8)); null: there is nothing for it to do. */
export function routerDnsmasq(spec: RouterSpec): string | null {
  const served = servedInterfaces(spec);
  const leases = namedInterfaces(spec).filter(({ dhcp }) => dhcp !== null);
  const names = spec.dns === 'none' ? [] : served;
  const devices = [...new Set([...names, ...leases].map(({ device }) => device))];
  if (devices.length === 0) return null;
  return [
    'user=root', 'group=root', 'no-hosts', 'bind-interfaces', 'except-interface=lo', 'log-facility=-',
    ...devices.map((device) => `interface=${device}`),
    ...dnsLines(spec, names),
    ...leases.length === 0 ? [] : ['dhcp-authoritative', 'dhcp-leasefile=/run/leases'],
    ...leases.flatMap(({ device, dhcp, address }) => (dhcp === null || address === 'dhcp' ? [] : [`dhcp-range=set:${device},${dhcp.start},${dhcp.end},${maskOf(address)},1h`])),
    '',
  ].join('\n');
}

function dnsLines({ dns, nameServers }: RouterSpec, names: readonly NamedInterface[]): string[] {
  if (dns === 'none' || names.length === 0) return ['port=0'];
  if (dns === 'fake') return ['no-resolv', 'localise-queries', ...names.map(({ address }) => `address=/#/${hostOf(address)}`), 'local-ttl=60'];
  return nameServers.length === 0 ? ['resolv-file=/etc/resolv.conf'] : ['no-resolv', ...nameServers.map((address) => `server=${address}`)];
}

/**
 * What the router's init does, a line each, words apart by a blank: `nic MAC DEVICE`, `vlan DEVICE TAG OF`, `address DEVICE CIDR`,
 * `dhcp DEVICE`, `gateway ADDRESS`, `forward`. make-image.sh holds the init that reads them.
 */
export function routerNetwork(spec: RouterSpec): string {
  const all = namedInterfaces(spec);
  const nics = [...new Set(all.map(({ mac, nic }) => `nic ${mac} ${nic}`))];
  return [
    `hostname ${hostNameOf(spec.name)}`,
    ...nics,
    ...all.flatMap(({ vlan, device, nic }) => (vlan === null ? [] : [`vlan ${device} ${vlan} ${nic}`])),
    ...all.map(({ device, address }) => (address === 'dhcp' ? `dhcp ${device}` : `address ${device} ${address}`)),
    ...all.flatMap(({ gateway }) => (gateway === null ? [] : [`gateway ${gateway}`])),
    ...spec.allow.length === 0 ? [] : ['forward'],
    '',
  ].join('\n');
}

const hostOf = (address: string): string => address.split('/')[0] ?? '';
const maskOf = (address: string): string => ipaddr.IPv4.subnetMaskFromPrefixLength(Number(address.split('/')[1])).toString();
const hostNameOf = (name: string): string => name.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63) || 'router';
