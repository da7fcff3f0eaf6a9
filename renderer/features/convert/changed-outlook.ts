import type { Outlook } from '../../../shared/domain/conversion/outlook';
import type { AddressRequest } from '../../../shared/domain/conversion/readdress/address-request';
import type { AddressedDevice } from '../../../shared/domain/conversion/survey';

/** How a device is to be seen once it has what is asked for. `replaced`, `fixed6`: the addresses that others stand in place of, with prefix. */
export function changedOutlook(outlook: Outlook, { address, gateway, addresses6, mtu }: AddressRequest, { replaced, fixed6 }: Pick<AddressedDevice, 'replaced' | 'fixed6'>): Outlook {
  const [route, ...others] = outlook.gateways;
  return {
    ...outlook, mtu: mtu ?? outlook.mtu,
    addresses: [
      ...address === undefined ? [] : [address],
      ...outlook.addresses.filter((own) => (address === undefined || (own !== replaced && own !== address)) && (addresses6 === undefined || !fixed6.includes(own))), ...addresses6 ?? [],
    ],
    gateways: gateway === undefined ? outlook.gateways : [route === undefined ? gateway : route.replace(/^[^,]+/, gateway), ...others],
  };
}
