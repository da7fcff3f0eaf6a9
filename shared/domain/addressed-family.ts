import type { AddressedSpec } from './addressed-spec';
import type { NetworkFamily } from './network-family';
import { buildAddressedXml } from './network-xml/build-addressed-xml';
import { editAddressedXml } from './network-xml/edit-addressed-xml';
import { readAddressedSpec } from './network-xml/read-addressed-spec';
import { proposeAddressed } from './propose-addressed';
import { networkOf } from './subnet';
import { validateAddressedSpec } from './validate-addressed-spec';

/** Networks whose bridge and dnsmasq are libvirt's own. */
export const addressedFamily: NetworkFamily<AddressedSpec> = {
  build: buildAddressedXml,
  edit: editAddressedXml,
  read: readAddressedSpec,
  validate: validateAddressedSpec,
  summary: summaryOf,
  propose: proposeAddressed,
};

function summaryOf(spec: AddressedSpec): string {
  const subnet = networkOf(spec.ipv4.address, spec.ipv4.prefix);
  const dhcp = spec.ipv4.dhcp ? 'handing out addresses by DHCP' : 'without DHCP';
  return `A private network ${subnet}${spec.ipv6 ? ` and ${networkOf(spec.ipv6.address, spec.ipv6.prefix)}` : ''}, ${dhcp}. Guests go out under the host's own address; nobody outside reaches them.`;
}
