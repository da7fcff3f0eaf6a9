import type { ConversionFacts } from '../facts';
import type { LastingFile } from '../release';
import type { StackPlan } from '../stack-plan';
import type { TransactionWants } from '../transaction';
import type { AddressChange } from './address-request';

/** How a network stack gives an interface other settings. */
export interface AddressPlanner {
  /** What its files say afterwards. @throws ConfigProblem for what is not understood */
  files(facts: ConversionFacts, change: AddressChange): LastingFile[];
  /** How to get there. @throws ConfigProblem */
  plan(facts: ConversionFacts, device: string, files: readonly LastingFile[], wants: TransactionWants): StackPlan;
}
