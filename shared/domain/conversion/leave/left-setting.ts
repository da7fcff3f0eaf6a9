import { z } from 'zod';
import { ipSchema } from '../../address';
import { sameAddress } from '../../subnet';

/**
 * A setting of a NIC that does not move to the bridge, in one word, as a command line has it: `dhcp4`, `dhcp6`, `ra` (addresses that routers
 * advertise), `dns`, a fixed address without its prefix, or `route:10.8.0.0/16`.
 */
export const leftSettingSchema = z.string().max(80).refine(
  (word) => ['dhcp4', 'dhcp6', 'ra', 'dns'].includes(word) || ipSchema.safeParse(word).success || /^route:[0-9a-f.:]+\/\d{1,3}$/.test(word),
  'Neither dhcp4, dhcp6, ra, dns, an address nor route:RANGE',
);

/** What is left out, sorted by kind. */
export interface Leaving {
  dhcp4: boolean;
  dhcp6: boolean;
  ra: boolean;
  dns: boolean;
  /** Without prefix. */
  addresses: string[];
  /** CIDR. */
  routes: string[];
}

export function leavingOf(words: readonly string[] = []): Leaving {
  return {
    dhcp4: words.includes('dhcp4'), dhcp6: words.includes('dhcp6'), ra: words.includes('ra'), dns: words.includes('dns'),
    addresses: words.filter((word) => ipSchema.safeParse(word).success), routes: words.flatMap((word) => /^route:(.+)$/.exec(word)?.[1] ?? []),
  };
}

/** `text` as `10.0.0.7/24` or without its prefix, as configuration files have it; false for what is no address. */
export function isLeftAddress({ addresses }: Pick<Leaving, 'addresses'>, text: string): boolean {
  const address = text.trim().split('/')[0]!;
  return ipSchema.safeParse(address).success && addresses.some((left) => sameAddress(left, address));
}

/** Whether an address or a gateway that is gone may be so because it was to be: of a learnt one, its family has to do. */
export function mayBeLeft(leaving: Leaving, text: string): boolean {
  const isSix = text.includes(':');
  return isLeftAddress(leaving, text) || (isSix ? leaving.ra || leaving.dhcp6 : leaving.dhcp4);
}

/** `text` as a configuration file names a destination: a single address may lack its length, and a range end in bits of a host. */
export function isLeftRoute({ routes }: Pick<Leaving, 'routes'>, text: string): boolean {
  const [address = '', length] = text.trim().split('/');
  if (!ipSchema.safeParse(address).success) return false;
  return routes.some((left) => {
    const [own, ownLength] = left.split('/') as [string, string];
    return sameAddress(own, address) && ownLength === (length ?? (address.includes(':') ? '128' : '32'));
  });
}

/** For people: in the middle of a sentence. */
export function describeLeft(word: string): string {
  const words: Readonly<Record<string, string>> = { dhcp4: 'DHCP for IPv4', dhcp6: 'DHCP for IPv6', ra: 'what routers advertise (IPv6)', dns: 'its name servers' };
  return words[word] ?? (word.startsWith('route:') ? `the route to ${word.slice('route:'.length)}` : word);
}
