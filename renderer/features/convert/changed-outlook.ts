import type { Outlook } from '../../../shared/domain/conversion/outlook';
import type { AddressRequest } from '../../../shared/domain/conversion/readdress/address-request';

/** How a device is to be seen once it has what is asked for. `replaced`: the address that goes, with its prefix. */
export function changedOutlook(outlook: Outlook, { address, gateway, mtu }: AddressRequest, replaced: string | null): Outlook {
  const [route, ...others] = outlook.gateways;
  return {
    ...outlook, mtu: mtu ?? outlook.mtu,
    addresses: address === undefined ? outlook.addresses : [address, ...outlook.addresses.filter((own) => own !== replaced && own !== address)],
    gateways: gateway === undefined ? outlook.gateways : [route === undefined ? gateway : route.replace(/^[^,]+/, gateway), ...others],
  };
}
