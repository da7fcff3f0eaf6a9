import { createHash, randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { HistoryService } from '../../electron/services/history/history-service';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { PlanService } from '../../electron/services/plans/plan-service';
import { createDefaultPracticeHost } from '../../electron/transport/practice/default-host';
import { openPracticeRunner } from '../../electron/transport/practice/open-practice-runner';
import type { Intent } from '../../shared/domain/intent';
import type { PlanRun } from '../../shared/domain/plan';

/** A connected practice host, `h`, and the service that plans on it; its history is kept in memory. For one test, at whose end it is closed. */
export async function openPracticePlans() {
  const host = createDefaultPracticeHost({ latencyMs: 0 });
  const runner = openPracticeRunner(host);
  onTestFinished(() => runner.close());
  const inventory = new InventoryService({ timing: { debounceMs: 1, settleMs: 5 } });
  await inventory.attach('h', runner);
  const history = new HistoryService({ load: async () => ({ entries: [], setAside: [] }), save: async () => undefined });
  const hosts = { get: () => ({ name: 'practice' }), list: () => [{ id: 'h', name: 'practice' }] };
  const plans = new PlanService({
    inventory, history, hosts, preflight: { facts: () => Promise.reject(new Error('No plan of networks asks for these')) },
    now: () => new Date(), newId: randomUUID, sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  const apply = async (intent: Intent): Promise<PlanRun> => plans.finished((await plans.apply('h', intent, (await plans.preview('h', intent)).digest)).id);
  return { host, runner, inventory, hosts, plans, apply };
}
