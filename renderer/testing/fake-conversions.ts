import { endsOf, type ConversionRun } from '../../shared/domain/conversion/conversion-run';
import type { HostTransactionState } from '../../shared/domain/conversion/host-transaction';
import type { EventName, EventPayload } from '../../shared/contract/events';
import { AppError } from '../../shared/errors/app-error';
import type { FakeHandlers } from './fake-bridge';
import type { FakeState } from './fake-state';
import { fixtureReview, fixtureRun, fixtureSurvey, fixtureTransaction, statesInOrder } from './fixtures/conversions';

type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;
type ConversionHandlers = Pick<FakeHandlers, Extract<keyof FakeHandlers, `conversion.${string}`>>;

/** Conversions on fixtures: a host that goes through its states, one a tick, up to `state.conversionStop`. */
export function createFakeConversions(state: FakeState, emit: Emit, tickMs: number): ConversionHandlers {
  const never = (): Promise<never> => new Promise(() => undefined);
  const tick = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, tickMs); });

  function put(run: ConversionRun): ConversionRun {
    state.conversions = [...state.conversions.filter(({ hostId }) => hostId !== run.hostId), run];
    emit('conversion.progress', run);
    return run;
  }

  const of = (hostId: string): ConversionRun | null => state.conversions.find((run) => run.hostId === hostId) ?? null;

  /** Without what was left out; at the new address, where it was given one. */
  function addressesAfter({ leaves, movesTo }: ConversionRun, addresses: readonly string[]): string[] {
    const kept = addresses.filter((address) => !leaves.includes(address.split('/')[0]!));
    return movesTo === null ? kept : [`${movesTo}/24`, ...kept.slice(1)];
  }

  async function play(run: ConversionRun, states: readonly HostTransactionState[]): Promise<void> {
    for (const next of states) {
      await tick();
      const { nic, bridge, goal } = run;
      const { phase, after } = fixtureRun(next);
      put({ ...of(run.hostId)!, phase, transaction: fixtureTransaction(next, { nic, bridge, goal, undoable: goal !== 'unbridge' }), after: after && { ...after, addresses: next === 'DONE' ? addressesAfter(run, after.addresses) : after.addresses, device: next === 'DONE' ? endsOf(run).to : endsOf(run).from } });
      if (state.conversionStop === next) return;
    }
  }

  return {
    'conversion.survey': ({ hostId }) => {
      if (state.variant === 'loading') return never();
      if (state.variant === 'failing' || state.variant === 'stale') throw new AppError('host.not-connected', 'The host is not connected', 'Connect to the host first.');
      return fixtureSurvey(hostId === 'attic' ? state.variant : 'full');
    },
    'conversion.preview': ({ request }) => fixtureReview(request, state.variant),
    'conversion.start': ({ hostId, request, digest, keep }) => {
      const { digest: current, plan } = fixtureReview(request, state.variant);
      if (current !== digest || !plan) throw new AppError('plan.stale', 'The host has moved on', 'Its network is not any more what this was planned for. Nothing was changed.');
      const run = put(fixtureRun('ARMED', { hostId, goal: plan.goal, nic: plan.nic, bridge: plan.bridge, movesTo: plan.reachedAddress, keep, leaves: request.kind === 'convert' ? request.leave ?? [] : [] }));
      void play(run, statesInOrder.slice(2, keep === 'asked' ? 5 : 7));
      return run;
    },
    'conversion.running': () => state.conversions,
    'conversion.state': ({ hostId }) => of(hostId),
    'conversion.confirm': ({ hostId }) => play(put({ ...of(hostId)!, told: 'keep' }), ['COMMITTING', 'DONE']),
    'conversion.revert': ({ hostId }) => play(put({ ...of(hostId)!, told: 'revert' }), ['REVERTING', 'REVERTED']),
    'conversion.extend': () => undefined,
    'conversion.list': () => [
      fixtureTransaction('REVERTED', { id: '20261103190411-11c0ffee', nic: 'enp4s0', bridge: 'br7' }),
      ...state.variant === 'full' ? [fixtureTransaction('DONE', { id: '20261112070000-0badcafe', nic: 'enp3s0', bridge: 'br9', kind: 'ovs', undoable: true })] : [],
    ],
    'conversion.dismiss': ({ hostId }) => {
      state.conversions = state.conversions.filter((run) => run.hostId !== hostId);
      emit('conversion.gone', { hostId });
    },
  };
}
