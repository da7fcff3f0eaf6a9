import { z } from 'zod';
import type { ConversionFacts } from './facts';
import { linkOf } from './facts';

/** How one device of a host is seen from outside: what a conversion promises to keep. */
export const outlookSchema = z.object({
  device: z.string(),
  mac: z.string().nullable(),
  mtu: z.number(),
  /** As `10.0.0.12/24`; global ones, without what changes by itself for privacy. */
  addresses: z.array(z.string()),
  /** Default routes through it, as `10.0.0.1, metric 100`. */
  gateways: z.array(z.string()),
});
export type Outlook = z.infer<typeof outlookSchema>;

/** Null: there is no such device. */
export function outlookOf(facts: Pick<ConversionFacts, 'links' | 'routes'>, device: string): Outlook | null {
  const link = linkOf(facts, device);
  if (!link) return null;
  return {
    device, mac: link.mac, mtu: link.mtu,
    addresses: link.addresses.filter(({ scope, address }) => scope === 'global' && !link.temporary.includes(address)).map(({ address, prefix }) => `${address}/${prefix}`),
    gateways: facts.routes.filter((route) => route.destination === 'default' && route.device === device && route.gateway !== null)
      .map(({ gateway, metric }) => (metric === null ? gateway! : `${gateway}, metric ${metric}`)),
  };
}

/** One thing that was promised to stay, before and after. */
export interface OutlookLine { what: 'Address' | 'Default route' | 'MAC' | 'MTU'; before: string; after: string; same: boolean }

/** Line by line; what there is none of on either side is left out. */
export function compareOutlooks(before: Outlook, after: Outlook): OutlookLine[] {
  const line = (what: OutlookLine['what'], was: string, is: string): OutlookLine[] => (was === '' && is === '' ? [] : [{ what, before: was, after: is, same: was === is }]);
  const paired = (what: OutlookLine['what'], were: readonly string[], are: readonly string[]): OutlookLine[] => [
    ...were.flatMap((entry) => line(what, entry, are.includes(entry) ? entry : '')),
    ...are.filter((entry) => !were.includes(entry)).flatMap((entry) => line(what, '', entry)),
  ];
  return [
    ...paired('Address', before.addresses, after.addresses), ...paired('Default route', before.gateways, after.gateways),
    ...line('MAC', before.mac ?? '', after.mac ?? ''), ...line('MTU', String(before.mtu), String(after.mtu)),
  ];
}
