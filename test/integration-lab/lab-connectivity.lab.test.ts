import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabService } from '../../electron/services/labs/lab-service';
import { LabTestService } from '../../electron/services/labs/lab-test-service';
import { labTemplates } from '../../shared/domain/labs/templates/templates';
import { destroyLab, labDriver } from '../fakes/lab-driver';
import { troubles } from '../fakes/plan-troubles';
import { WAN_SERVER } from '../lab/lab';
import { PlanLab } from './plan-lab';

let lab: PlanLab;
let services: Awaited<ReturnType<PlanLab['open']>>;
let labs: LabService;
let tests: LabTestService;
let driver: ReturnType<typeof labDriver>;

beforeAll(async () => {
  lab = await PlanLab.up('lp-connect');
  services = await lab.open();
  labs = new LabService(services);
  tests = new LabTestService(services);
  driver = labDriver(labs, services.plans);
});
afterAll(async () => {
  await lab?.closeRunners();
  await lab?.down();
});

describe('x', () => {
  it.each(labTemplates.map((template) => template.id))('%s', async (id) => {
    const text = labs.fromTemplate('h', id, 'try');
    expect(troubles(await services.apply(await driver.read(text)))).toEqual([]);
    const report = await tests.test('h', 'try', WAN_SERVER);
    console.log(id, report.outcome, report.durationMs, report.findings.map((f) => `${f.verdict}: ${f.sentence} ${f.hint ?? ''}`).join('\n'));
    expect(troubles(await services.apply(destroyLab('try')))).toEqual([]);
  });
});
