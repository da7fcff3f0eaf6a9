import type { Family } from '../../address';
import { linkOf } from '../facts';
import type { ConversionFacts, ConversionSpec } from '../facts';
import type { StackPlan } from '../stack-plan';
import type { TransactionWants } from '../transaction';
import { globalAddresses, goesWith, staysAt } from './leave-rules';
import { leavingOf } from './left-setting';

/** What the engine has to find on the bridge follows from what is left out. */
export function withLeave(facts: ConversionFacts, { nic, leave = [] }: Pick<ConversionSpec, 'nic' | 'leave'>, plan: StackPlan): StackPlan {
  const link = linkOf(facts, nic);
  if (leave.length === 0 || !link) return plan;
  const leaving = leavingOf(leave);
  const addresses = globalAddresses(link).filter(({ address }) => !link.temporary.includes(address));
  const left = (family: Family): Pick<TransactionWants, Family> => {
    const own = addresses.filter((address) => address.family === family);
    const staying = own.filter((address) => staysAt(leaving, address));
    return staying.length === own.length ? {} : { [family]: staying.map(({ address, prefix }) => `${address}/${prefix}`) };
  };
  const noDefault = (['ipv4', 'ipv6'] as const).filter((family) => facts.routes.some((route) => route.device === nic && route.family === family && route.destination === 'default' && goesWith(leaving, route)));
  return {
    ...plan,
    transaction: {
      ...plan.transaction, leaves: [...leave],
      wants: { ...plan.transaction.wants, ...left('ipv4'), ...left('ipv6'), ...noDefault.length === 0 ? {} : { noDefault } },
    },
  };
}
