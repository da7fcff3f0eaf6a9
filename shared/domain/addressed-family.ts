import type { AddressedSpec } from './addressed-spec';
import type { NetworkFamily } from './network-family';
import { withoutDropped } from './network-features';
import { buildAddressedXml } from './network-xml/build-addressed-xml';
import { editAddressedXml } from './network-xml/edit-addressed-xml';
import { readAddressedSpec } from './network-xml/read-addressed-spec';
import { proposeAddressed } from './propose-addressed';
import { editsAddressedLive } from './live-fields';
import { networkOf } from './subnet';
import { validateAddressedSpec } from './validate-addressed-spec';

/** Networks whose bridge and dnsmasq are libvirt's own. */
export const addressedFamily: NetworkFamily<AddressedSpec> = {
  build: buildAddressedXml,
  edit: editAddressedXml,
  read: readAddressedSpec,
  validate: validateAddressedSpec,
  editsLive: editsAddressedLive,
  summary: summaryOf,
  propose: proposeAddressed,
  fit: (spec, snapshot) => withoutDropped(spec, snapshot.system.libvirtVersion),
};

function summaryOf(spec: AddressedSpec): string {
  const subnets = [spec.ipv4, spec.ipv6].flatMap((own) => (own ? [networkOf(own.address, own.prefix)] : [])).join(' and ');
  const dhcp = spec.ipv4?.dhcp || spec.ipv6?.dhcp ? 'handing out addresses by DHCP' : 'without DHCP';
  const isolation = spec.portIsolation ? ' Guests can\'t reach each other.' : '';
  return `${sentenceOf(spec, subnets, dhcp)}${isolation}`;
}

function sentenceOf(spec: AddressedSpec, subnets: string, dhcp: string): string {
  switch (spec.kind) {
    case 'nat': return `A private network ${subnets}, ${dhcp}. Guests go out under the host's own address; nobody outside reaches them.`;
    case 'routed': return `A network ${subnets}, ${dhcp}. The host passes packets on unchanged; the LAN's router needs a route to it by way of this host.`;
    case 'open': return `A network ${subnets}, ${dhcp}. libvirt adds no firewall rules: the host's own firewall decides what passes.`;
    case 'isolated': return subnets === ''
      ? 'A network of guests alone: neither the host nor anybody else is on it, and nobody hands out addresses.'
      : `A network ${subnets} of guests and this host, ${dhcp}. Nothing is forwarded from or to it.`;
  }
}
