import { createDefaultPracticeHost } from '../../electron/transport/practice/default-host';
import { openPracticeRunner } from '../../electron/transport/practice/open-practice-runner';
import { ManualClock } from '../fakes/manual-clock';
import { describeConversionContract } from './conversion-cases';

describeConversionContract('practice host', async () => {
  const clock = new ManualClock();
  const host = createDefaultPracticeHost({ clock, latencyMs: 0 });
  return {
    nic: 'eno1',
    connect: async () => openPracticeRunner(host),
    clock: { now: () => new Date(clock.now()), sleep: async (ms) => clock.advance(ms) },
    close: async () => host.dispose(),
  };
});
