import type { Family } from '../../address';
import type { ConversionFacts } from '../facts';

/**
 * What the routes over the NIC have now: a bridge's own default is worse than a NIC's, so that another NIC would take the default route.
 * NetworkManager adds 20000 where the internet doesn't answer its check.
 */
export function metricOf(facts: ConversionFacts, nic: string, family: Family): number {
  const own = facts.routes.filter((route) => route.device === nic && route.family === family && route.table === 'main' && route.metric !== null && !route.destination.startsWith('fe80:'));
  const metric = (own.find(({ destination }) => destination === 'default') ?? own[0])?.metric ?? 100;
  return metric >= 20_000 ? metric - 20_000 : metric;
}
