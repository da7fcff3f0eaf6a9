import { ActivityLog } from '../../electron/services/activity/activity-log';
import { ConversionService } from '../../electron/services/conversions/conversion-service';
import { planChangeOn } from '../../electron/services/conversions/plan-change';
import { readConversionFacts } from '../../electron/services/conversions/read-conversion-facts';
import { createDefaultPracticeHost } from '../../electron/transport/practice/default-host';
import { openPracticeRunner } from '../../electron/transport/practice/open-practice-runner';
import { PracticeHost } from '../../electron/transport/practice/practice-host';
import type { HostState } from '../../electron/transport/practice/host-state';
import type { ConversionSpec } from '../../shared/domain/conversion/facts';
import { planConversion } from '../../shared/domain/conversion/plan-conversion';
import type { ConversionPlan } from '../../shared/domain/conversion/planned';
import type { Transaction } from '../../shared/domain/conversion/transaction';
import type { ConversionProgress } from '../../shared/domain/conversion/host-transaction';
import { newHostProfile } from '../../shared/domain/host';
import { ManualClock } from './manual-clock';

export const rehearsed: ConversionSpec = { nic: 'eno1', bridge: 'br1', kind: 'linux' };

/** A practice host and the service that converts it, on one clock that moves only while somebody sleeps. */
export class Rehearsal {
  readonly clock = new ManualClock();
  readonly service: ConversionService;
  readonly told: ConversionProgress[] = [];
  constructor(readonly host: PracticeHost = createDefaultPracticeHost({ latencyMs: 0 }), clock?: ManualClock) {
    if (clock) this.clock = clock;
    this.service = this.newService();
  }

  static begin(): Rehearsal {
    const clock = new ManualClock();
    return new Rehearsal(createDefaultPracticeHost({ clock, latencyMs: 0 }), clock);
  }

  /** The host as it is after the app was closed and started again. */
  static resume(state: HostState, clock: ManualClock): Rehearsal {
    return new Rehearsal(PracticeHost.fromJSON(JSON.parse(JSON.stringify(state)), { clock, latencyMs: 0 }), clock);
  }

  /** An app of its own, which knows nothing of what others began. */
  newService(): ConversionService {
    const service = new ConversionService({
      hosts: { get: () => newHostProfile('practice', 'Practice host', { kind: 'practice' }) },
      opener: { open: async () => openPracticeRunner(this.host) }, activity: new ActivityLog(),
      clock: {
        now: () => new Date(this.clock.now()),
        sleep: async (ms) => this.clock.advance(ms),
      },
      randomHex: (bytes) => 'ab'.repeat(bytes),
    });
    service.onProgress((progress) => this.told.push(progress));
    return service;
  }

  async facts() {
    const runner = openPracticeRunner(this.host);
    try {
      return await readConversionFacts(runner, true);
    } finally {
      await runner.close();
    }
  }

  async plan(spec: ConversionSpec = rehearsed): Promise<Transaction> {
    return planConversion(await this.facts(), spec).plan!.transaction;
  }

  async convert(spec: ConversionSpec = rehearsed, options: Parameters<ConversionService['convert']>[2] = {}) {
    return this.service.convert('practice', await this.plan(spec), options);
  }

  /** The plan that takes a finished conversion back. */
  async planUndo(id: string): Promise<ConversionPlan> {
    const runner = openPracticeRunner(this.host);
    try {
      return (await planChangeOn(runner, { kind: 'undo', id }, null)).planned;
    } finally {
      await runner.close();
    }
  }

  /** Once, as soon as a conversion of the host is in this state. */
  when(state: string, act: () => void): void {
    this.clock.schedule(50, () => (this.host.state.transactions?.at(-1)?.state === state ? act() : this.when(state, act)));
  }

  journal(): string[] {
    return (this.host.state.transactions?.at(-1)?.journal ?? []).map(({ state, text }) => `${state} ${text}`);
  }
}
