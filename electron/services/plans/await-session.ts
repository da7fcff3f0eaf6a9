import { AppError } from '../../../shared/errors/app-error';
import type { ErrorCode } from '../../../shared/errors/app-error';
import type { CommandRunner } from '../../transport/command-runner';
import type { PlanInventory } from './observe-host';
import type { PlanClock } from './plan-clock';

const lostCodes = new Set<ErrorCode>(['ssh.closed', 'ssh.unreachable', 'ssh.refused', 'ssh.timeout', 'virsh.gone', 'host.not-connected']);

/** True when an error says that the session is gone, so that nobody knows what became of the command. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof AppError && lostCodes.has(error.code);
}

/**
 * Waits until the host has been connected and read anew, by another runner than `lost`. False when that doesn't happen
 * within `waitMs`, or when `givenUp` says so.
 */
export async function awaitSession(
  inventory: PlanInventory, hostId: string, lost: CommandRunner | null, clock: PlanClock, waitMs: number, givenUp: () => boolean,
): Promise<boolean> {
  const until = clock.now().getTime() + waitMs;
  while (clock.now().getTime() < until && !givenUp()) {
    if (isBack(inventory, hostId, lost)) return true;
    await clock.sleep(250);
  }
  return isBack(inventory, hostId, lost);
}

function isBack(inventory: PlanInventory, hostId: string, lost: CommandRunner | null): boolean {
  const held = inventory.get(hostId);
  if (!held || held.stale) return false;
  try {
    return inventory.runner(hostId) !== lost;
  } catch (error) {
    if (isConnectionLost(error)) return false;
    throw error;
  }
}
