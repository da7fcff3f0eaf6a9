import { planChangeOn } from '../../electron/services/conversions/plan-change';
import type { ChangeRequest } from '../../shared/domain/conversion/change-request';
import type { Transaction } from '../../shared/domain/conversion/transaction';
import type { CommandRunner } from '../../electron/transport/command-runner';

/** What is done to the host. All but `bridge` begin where a conversion has ended, or where none was. */
export const labGoals = {
  bridge: 'NIC becomes a port',
  undo: 'undone',
  unbridge: 'bridge taken away',
  readdress: 'another address',
} as const;
export type LabGoal = keyof typeof labGoals;

/** As the app plans it from what it reads over SSH. `id`: of the conversion that is undone; `address`: the other one, with its prefix. */
export async function planGoal(runner: CommandRunner, goal: Exclude<LabGoal, 'bridge'>, { id, address }: { id: string | null; address: string }): Promise<Transaction> {
  const requests: Record<typeof goal, ChangeRequest> = {
    undo: { kind: 'undo', id: id ?? '' }, unbridge: { kind: 'unbridge', bridge: 'br0' }, readdress: { kind: 'readdress', device: 'enp1s0', address },
  };
  const { planned: { findings, plan } } = await planChangeOn(runner, requests[goal], null);
  if (!plan) throw new Error(`It can't be ${labGoals[goal]}: ${findings.map(({ title, detail }) => `${title}: ${detail}`).join('; ')}`);
  return plan.transaction;
}
