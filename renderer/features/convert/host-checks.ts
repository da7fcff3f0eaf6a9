import { endsOf, type ConversionRun } from '../../../shared/domain/conversion/conversion-run';
import type { MarkShape } from '../../ui/state-marks';
import { reasonOf } from './run-timeline';

export interface Check { shape: MarkShape; word: string; text: string }

/** What of the host's own probes each sentence of engine/probe.sh is about, in the order in which they are made. */
const probes: readonly { id: 'port' | 'address' | 'route' | 'gateway' | 'dns'; failed: RegExp }[] = [
  { id: 'port', failed: /is no port of|is a port already or still|there is (?:a|no) network interface|has lost its carrier|a step failed(?!: See whether somebody)|can't be written/ },
  { id: 'address', failed: /has not the address|was given another address|has still an address|has another MTU|step failed: See whether somebody/ },
  { id: 'route', failed: /another default route/ },
  { id: 'gateway', failed: /the gateway \S+ does not answer/ },
  { id: 'dns', failed: /DNS no longer answers/ },
];

/**
 * What the host sees of itself, one line a probe. The journal says that all of them hold (TRIAL) or which one does not; what
 * did not hold before is not asked of it.
 */
export function hostChecks(run: ConversionRun): Check[] {
  const { transaction, goal, nic, bridge, before } = run;
  const { from, to } = endsOf(run);
  const [address = null, ...others] = before?.addresses ?? [];
  const gateway = before?.gateways[0] ?? null;
  const texts: Record<(typeof probes)[number]['id'], string> = {
    port: { bridge: `${nic} is a port of ${bridge}, and has its link`, unbridge: `${bridge} is gone, and ${nic} has its link`, unport: `${nic} is out of ${bridge}, which has its link`, address: `${nic} has its link` }[goal],
    address: goal === 'unport' ? `${bridge} has its addresses` : goal === 'address' ? `${nic} has the addresses it should have` : address === null ? `${to} has the addresses that ${from} had` : `${address} is on ${to}, gone from ${from}${others.length > 0 ? `; ${others.length} more likewise` : ''}`,
    route: goal === 'address' ? 'the default route is what it should be' : gateway === null ? 'default route as before' : `default route via ${gateway}`,
    gateway: goal === 'address' ? 'the gateway answers' : gateway === null ? 'the gateway answers, if it did before' : `gateway ${gateway.split(',')[0]!} answers`,
    dns: 'names resolve',
  };
  const reason = transaction ? reasonOf(transaction) ?? '' : '';
  const failedAt = probes.findIndex(({ failed }) => failed.test(reason));
  const held = transaction?.journal.some(({ state }) => state === 'TRIAL') ?? false;
  return probes.map(({ id }, at) => {
    const text = texts[id];
    if (failedAt === at) return { shape: 'bad', word: 'failed', text };
    if (transaction?.state === 'APPLYING') return { shape: 'warn', word: 'being looked at', text };
    if (failedAt >= 0) return at < failedAt ? { shape: 'on', word: 'holds', text } : { shape: 'off', word: 'not looked at any more', text };
    return held ? { shape: 'on', word: 'holds', text } : { shape: 'off', word: 'not looked at yet', text };
  });
}

export interface SeenFromHere { run: ConversionRun; session: 'connected' | 'reconnecting' | 'other'; address: string }

/** What this computer sees of the host; a session that falls silent is what is to be expected. */
export function seenFromHere({ run, session, address }: SeenFromHere): Check[] {
  const { transaction, reached, attempts, problem } = run;
  const state = transaction?.state;
  const wasOnTrial = transaction?.journal.some((line) => line.state === 'TRIAL') ?? false;
  const wasVerified = transaction?.journal.some((line) => line.state === 'VERIFIED') ?? false;
  const isTrying = !reached && (state === 'APPLYING' || state === 'TRIAL' || state === 'ARMED' || state === 'REVERTING');
  const keyIsOther = /host key/i.test(problem ?? '');
  const connection: Check = wasVerified ? { shape: 'on', word: 'done', text: `a new connection to ${address}` }
    : keyIsOther ? { shape: 'on', word: 'done', text: `a new connection to ${address}` }
      : isTrying ? { shape: 'warn', word: 'trying', text: `new connection to ${address}, try ${attempts + 1}` }
        : { shape: state === 'TRIAL' ? 'warn' : 'off', word: state === 'TRIAL' ? 'trying' : 'not yet', text: `a new connection to ${address}` };
  return [
    session === 'reconnecting' ? { shape: 'off', word: 'silent', text: 'this window’s SSH session: silent since the switch, as expected' }
      : { shape: 'off', word: 'not counted', text: session === 'connected' ? 'this window’s SSH session has survived, which proves nothing' : 'this window has no SSH session now' },
    connection,
    keyIsOther ? { shape: 'bad', word: 'refused', text: 'the host key is not the one known: it is not confirmed' } : { shape: wasVerified ? 'on' : 'off', word: wasVerified ? 'done' : 'not yet', text: 'the host key is the one known' },
    { shape: wasVerified ? 'on' : 'off', word: wasVerified ? 'done' : wasOnTrial ? 'trying' : 'not yet', text: 'the host heard that it was reached' },
  ];
}
