import type { ChangeRequest } from '../../shared/domain/conversion/change-request';

/** What is done to the host. All but `bridge` begin where a conversion has ended, or where none was. */
export const labGoals = {
  bridge: 'NIC becomes a port',
  undo: 'undone',
  unbridge: 'bridge taken away',
  readdress: 'another address',
} as const;
export type LabGoal = keyof typeof labGoals;

/** What the app is asked for. `id`: of the conversion that is undone; `address`: the other one, with its prefix. */
export function requestFor(goal: Exclude<LabGoal, 'bridge'>, { id, address }: { id: string | null; address: string }): ChangeRequest {
  switch (goal) {
    case 'undo': return { kind: 'undo', id: id ?? '' };
    case 'unbridge': return { kind: 'unbridge', bridge: 'br0' };
    case 'readdress': return { kind: 'readdress', device: 'enp1s0', address };
  }
}
