import { describe, expect, it } from 'vitest';
import { labGround } from '../../../shared/domain/labs/connectivity/lab-ground';
import { labTestRunSchema } from '../../../shared/domain/labs/connectivity/lab-test-run';
import type { LabTestRun } from '../../../shared/domain/labs/connectivity/lab-test-run';
import { openPracticeLabs } from '../../../test/fakes/practice-labs';
import { LabTestDesk } from './lab-test-desk';
import { LabTestService } from './lab-test-service';

async function open() {
  const practice = await openPracticeLabs();
  const { inventory, plans, labs, apply, read } = practice;
  await apply(await read(labs.fromTemplate('h', 'firewall', 'fw')));
  let last = 0;
  const desk = new LabTestDesk({ tests: new LabTestService({ inventory, plans }), now: () => new Date('2026-01-02T03:04:05Z'), newId: () => `t${last += 1}` });
  const told: LabTestRun[] = [];
  desk.onProgress((run) => told.push(labTestRunSchema.parse(run)));
  return { ...practice, desk, told };
}

describe('tests of labs from the window', () => {
  it('are followed from step to step to their report, which is kept', async () => {
    const { desk, told, inventory } = await open();
    const { id } = desk.start('h', 'fw');
    const run = await desk.finished(id);
    expect(run).toMatchObject({ lab: 'fw', step: 'ended', cancelled: false, error: null, report: { outcome: 'as-promised' }, endedAt: '2026-01-02T03:04:05.000Z' });
    expect(run.ground).toBe(labGround('fw', inventory.get('h')!.snapshot));
    expect([...new Set(told.map(({ step }) => step))]).toEqual(['reading', 'plugging', 'trying', 'ended']);
    expect(told.at(-2)).toMatchObject({ step: 'trying', done: told.at(-2)!.total });
    expect(desk.list()).toEqual([run]);
    desk.forgetHost('h');
    expect(desk.list()).toEqual([]);
  });

  it('are one at a time for each lab, and the next takes the place of the last', async () => {
    const { desk } = await open();
    const first = desk.start('h', 'fw');
    expect(desk.start('h', 'fw').id).toBe(first.id);
    await desk.finished(first.id);
    const second = desk.start('h', 'fw');
    expect(second.id).not.toBe(first.id);
    await desk.finished(second.id);
    expect(desk.list().map(({ id }) => id)).toEqual([second.id]);
    await expect(desk.finished(first.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are cancelled, and leave the host to others', async () => {
    const { desk, plans } = await open();
    const { id } = desk.start('h', 'fw');
    desk.onProgress(({ step, cancelled }) => { if (step === 'plugging' && !cancelled) desk.cancel(id); });
    expect(await desk.finished(id)).toMatchObject({ step: 'ended', cancelled: true, report: null, error: null });
    plans.holdHost('h')();
    desk.cancel(id);
    expect(desk.list()[0]?.cancelled).toBe(true);
  });

  it('begin by themselves once a lab was applied, and make way for the next plan', async () => {
    const { desk, plans, labs, host, read } = await open();
    plans.onProgress((run) => desk.followPlan(run));
    const apply = async (text: string) => {
      const intent = await read(text);
      const { digest } = await plans.preview('h', intent);
      await desk.makeWay('h');
      return plans.finished((await plans.apply('h', intent, digest)).id);
    };
    await apply(labs.fromTemplate('h', 'sandbox', 'box'));
    const [run] = desk.list();
    expect(await desk.finished(run!.id)).toMatchObject({ lab: 'box', report: { outcome: 'as-promised' } });

    // The next one hangs in its command until somebody wants the host.
    host.faults.add({ match: /netwright-probe/, what: { kind: 'hang' } });
    await apply(labs.fromTemplate('h', 'storage', 'ceph'));
    const hung = desk.list().find(({ lab }) => lab === 'ceph')!;
    expect(hung.step).not.toBe('ended');
    expect((await apply(labs.fromTemplate('h', 'sandbox', 'third'))).outcome).toBe('applied');
    expect(desk.list().find(({ lab }) => lab === 'ceph')).toMatchObject({ step: 'ended', cancelled: true });
  });

  it('say what stands against them', async () => {
    const { desk, plans } = await open();
    const release = plans.holdHost('h');
    const { id } = desk.start('h', 'fw');
    expect(await desk.finished(id)).toMatchObject({ step: 'ended', error: { code: 'plan.busy' }, report: null, ground: null });
    release();
    expect(await desk.finished(desk.start('h', 'none').id)).toMatchObject({ error: { code: 'not-found' } });
    expect(await desk.finished(desk.start('gone', 'fw').id)).toMatchObject({ error: { code: 'host.not-connected' } });
  });
});
