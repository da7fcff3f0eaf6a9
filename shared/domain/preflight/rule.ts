import type { Finding, FindingFix } from './finding';

/**
 * What a rule has to say: something that is well, or a finding. Where it names no `fix`, the remedy of its code is offered;
 * null: there is none to offer.
 */
export type Observed = { passed: string } | Omit<Finding, 'fix'> & { fix?: FindingFix | null };
