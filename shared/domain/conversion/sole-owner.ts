import type { ConversionFacts } from './facts';
import { blocker } from './finding';
import type { ConversionFinding } from './finding';
import { ownersOf } from './owner';
import type { StackName } from './transaction';

/**
 * The one stack that configures a device, or why there is none to ask. `unowned`: what it means for this change that no stack does,
 * and what to do.
 */
export function soleOwner(
  facts: ConversionFacts, device: string, unowned: { detail: string; alternative: string },
): { owner: StackName } | { owner: null; finding: ConversionFinding } {
  const owners = ownersOf(facts, device);
  const [owner] = owners;
  if (!owner) return { owner: null, finding: blocker('owner.none', `Nothing on this host configures ${device}`, unowned.detail, unowned.alternative) };
  if (owners.length > 1) {
    return { owner: null, finding: blocker('owner.several', `${owners.join(' and ')} both claim ${device}`, 'One would undo what the other does.', `Take ${device} out of the configuration of one of them first.`) };
  }
  return { owner };
}
