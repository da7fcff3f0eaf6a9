import { useActivity } from './activity';
import { useConversions } from './conversions';
import { useHistory } from './history';
import { useHosts } from './hosts';
import { useInventory } from './inventory';
import { useLabTests } from './lab-tests';
import { usePlans } from './plans';
import { usePreflight } from './preflight';
import { usePrompts } from './prompts';
import { useSettings } from './settings';
import { useTerminals } from './terminals';

/**
 * Follows main's events, then reads what every screen needs: hosts, settings, open questions, running plans, conversions and tests, terminals.
 * Events come first, so that nothing that happens while the lists are read is missed. What can't be read is told to
 * `onFailure`, and the rest is there without it; by default it rejects. Returns the function that stops following.
 */
export async function startStores(onFailure: (error: unknown) => void = (error) => { throw error; }): Promise<() => void> {
  const hosts = useHosts();
  const settings = useSettings();
  const prompts = usePrompts();
  const plans = usePlans();
  const terminals = useTerminals();
  const conversions = useConversions();
  const labTests = useLabTests();
  const stops = [hosts.follow(), useInventory().follow(), prompts.follow(), useActivity().follow(), plans.follow(), useHistory().follow(), usePreflight().follow(), settings.follow(), terminals.follow(), conversions.follow(), labTests.follow()];
  for (const result of await Promise.allSettled([hosts.load(), settings.load(), prompts.load(), plans.load(), terminals.load(), conversions.load(), labTests.load()])) {
    if (result.status === 'rejected') onFailure(result.reason);
  }
  return () => { for (const stop of stops) stop(); };
}
