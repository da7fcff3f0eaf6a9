import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { describeAttached } from './attached-cases';
import { ContractSession } from './contract-host';
import type { ContractHost } from './contract-host';
import { describeDefinitions } from './definition-cases';
import { describeDevices } from './device-cases';
import { describeEvents } from './event-cases';
import { describeGather } from './gather-cases';
import { describeJudgements } from './judgement-cases';
import { describeLifecycle } from './lifecycle-cases';
import { describeMachines } from './machine-cases';
import { describeMetadata } from './metadata-cases';
import { describeOvs } from './ovs-cases';
import { describeProbes } from './probe-cases';
import { describeRefusals } from './refusal-cases';
import { describeRouters } from './router-cases';
import { describeTerminals } from './terminal-cases';
import { describeSystem } from './system-cases';
import { describeUpdates } from './update-cases';

/**
 * What every host does, word for word. Each case says once what it expects, and holds for the practice host as for a
 * real Debian 12 with libvirt 9.0: that is how the practice host is kept honest.
 */
export function describeHostContract(name: string, openHost: () => Promise<ContractHost>): void {
  describe(`host contract: ${name}`, () => {
    let session: ContractSession | null = null;
    const current = (): ContractSession => {
      if (!session) throw new Error('The host is not open');
      return session;
    };
    beforeAll(async () => {
      session = new ContractSession(await openHost());
      await session.reset();
    });
    afterEach(() => current().reset());
    afterAll(() => session?.host.close());

    describeDefinitions(current);
    describeRefusals(current);
    describeJudgements(current);
    describeLifecycle(current);
    describeMachines(current);
    describeMetadata(current);
    describeDevices(current);
    describeEvents(current);
    describeGather(current);
    describeOvs(current);
    describeAttached(current);
    describeRouters(current);
    describeTerminals(current);
    describeSystem(current);
    describeUpdates(current);
    describeProbes(current);
  });
}
