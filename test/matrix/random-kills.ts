import { hasEnded } from '../../shared/domain/conversion/host-transaction';
import type { HostTransactionState } from '../../shared/domain/conversion/host-transaction';
import { systemSleep } from '../../electron/services/plans/plan-clock';
import { dnsName } from './conversion-fault';
import { patient, quick, type ConversionLab } from './conversion-lab';
import { stackNames } from './conversion-stacks';

const victims = ['supervisor', 'app', 'connection', 'machine'] as const;
type Victim = (typeof victims)[number];

export interface Kill {
  victim: Victim;
  /** Since the conversion was asked for. */
  afterMs: number;
  /** The host's last state; `none`: it was never staged. */
  ended: HostTransactionState | 'none';
  /** What was lost; null: nothing. */
  problem: string | null;
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32 by Tommy Ettinger, in the public domain. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Kills at random on one host. What they are depends on the seed and the stack; when, also on how long a conversion takes here. */
export class RandomKills {
  private constructor(private readonly lab: ConversionLab, private readonly tookMs: number, private readonly committed: string) {}

  /** Converts once without harm, to know how long it takes and what comes of it. */
  static async prepare(lab: ConversionLab): Promise<RandomKills> {
    const startedAt = performance.now();
    await lab.service().convert('h', lab.transaction(), { timing: patient, dnsName });
    const tookMs = performance.now() - startedAt;
    await lab.untilTidy();
    const committed = await lab.network();
    await lab.startAgain();
    return new RandomKills(lab, tookMs, committed);
  }

  /** The kill of that number, from 0. The host is afterwards as it was. */
  async run(seed: number, number: number): Promise<Kill> {
    const next = randomNumbers(seed + stackNames.indexOf(this.lab.stack) * 1_000_003 + number * 7919);
    const victim = victims[Math.floor(next() * victims.length)]!;
    const afterMs = Math.round(next() * 1.2 * this.tookMs);
    let problem: string | null = null;
    let ended: Kill['ended'] = 'none';
    try {
      await this.killOne(victim, afterMs);
      ended = await this.untilEnded();
      await this.expectNothingLost(ended);
    } catch (error) {
      problem = `${(error as Error).message}\n${await this.lab.journal().catch(() => 'without a journal')}`;
    }
    return { victim, afterMs, ended, problem };
  }

  private async killOne(victim: Victim, afterMs: number): Promise<void> {
    const { host } = this.lab;
    let isGone = false;
    const service = this.lab.service('root', { isGone: () => isGone });
    // What becomes of it in the app is told by the host.
    void service.convert('h', this.lab.transaction(), { timing: quick, dnsName }).catch(() => undefined);
    await systemSleep(afterMs);
    switch (victim) {
      case 'supervisor': await host.exec('systemctl kill --signal=KILL "netwright-supervisor-*.service"'); break;
      case 'app': isGone = true; await host.restartSshd(); break;
      case 'connection': await host.restartSshd(); break;
      case 'machine': await host.reboot({ hard: true }); break;
    }
    if (victim === 'machine') isGone = true;
  }

  /** Ended, or never begun for good: an app that dies before the host is armed leaves what the next conversion clears away. */
  private async untilEnded(): Promise<Kill['ended']> {
    const deadline = performance.now() + 120_000;
    let unchangedSince = performance.now();
    let last: Kill['ended'] = 'none';
    for (;;) {
      const state = await this.lab.state().catch(() => 'none' as const) || 'none';
      if (state !== last) unchangedSince = performance.now();
      last = state;
      if (state !== 'none' && hasEnded({ state })) return state;
      if ((state === 'none' || state === 'STAGED') && performance.now() - unchangedSince > 10_000) return state;
      if (performance.now() > deadline) throw new Error(`It stays ${state}`);
      await systemSleep(500);
    }
  }

  private async expectNothingLost(ended: Kill['ended']): Promise<void> {
    await this.lab.untilReached();
    if (ended === 'DONE') {
      await this.lab.untilTidy();
      await this.lab.untilAsBefore(this.committed);
      return;
    }
    // As the next conversion does with one that was not even armed: until then its files lie, under inert names, beside their places.
    if (ended === 'none' || ended === 'STAGED') await this.lab.host.execOrThrow('[ ! -e /var/lib/netwright/pending/engine.sh ] || sh /var/lib/netwright/pending/engine.sh drop; rm -rf /var/lib/netwright');
    await this.lab.untilAsBefore();
    await this.lab.untilTidy();
    if (ended !== 'none' && ended !== 'STAGED' && ended !== 'REVERTED') throw new Error(`It is ${ended}`);
  }
}
