import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labTemplates } from '../../../shared/domain/labs/templates/templates';
import { destroyLab } from '../../../test/fakes/lab-driver';
import { firewallLab } from '../../../test/fakes/firewall-lab';
import { labFileArbitrary } from '../../../test/fakes/lab-file-arbitrary';
import { differences, verdictsOf } from '../../../test/fakes/lab-test-findings';
import { openPracticeLabs } from '../../../test/fakes/practice-labs';
import { LabTestService } from './lab-test-service';

async function open() {
  const practice = await openPracticeLabs();
  const { runner, inventory, plans } = practice;
  const virsh = async (...words: string[]): Promise<void> => { expect((await runner.run({ argv: ['virsh', '-c', 'qemu:///system', ...words] })).exitCode).toBe(0); };
  return { ...practice, virsh, tests: new LabTestService({ inventory, plans }) };
}

describe('the connectivity test on the practice host', () => {
  it('finds every template as it promises, and changes nothing', async () => {
    const { host, labs, apply, read, tests } = await open();
    for (const { id } of labTemplates) {
      await apply(await read(labs.fromTemplate('h', id, 'Try')));
      // A router that has just booted takes its lease when it likes.
      const state = (): string => JSON.stringify(host.toJSON(), (key, value: unknown) => (key === 'leases' ? undefined : value));
      const before = state();
      const report = await tests.test('h', 'Try');
      expect(report).toMatchObject({ lab: 'Try', outcome: 'as-promised', removedLeftovers: 0 });
      expect(report.findings.some(({ verdict }) => verdict === 'as-promised')).toBe(true);
      expect(state()).toBe(before);
      await apply(destroyLab('Try'));
    }
  });

  it('finds labs of every shape as they promise', async () => {
    const { apply, read, tests } = await open();
    await fc.assert(fc.asyncProperty(labFileArbitrary, async (text) => {
      await apply(await read(text));
      const report = await tests.test('h', 'gen');
      expect(differences(report)).toEqual([]);
      expect(report.outcome).toBe('as-promised');
      await apply(destroyLab('gen'));
    }), { numRuns: 10, endOnFailure: true });
  });

  it('sees what was changed by hand: a network stopped, VLANs gone from what runs, no forwarding', async () => {
    const { host, apply, read, tests, virsh } = await open();
    await apply(await read(`version: 1
name: home
networks:
  web: { kind: nat, ipv4: { address: 10.99.1.1/24 } }
  dmz: { kind: routed, ipv4: { address: 10.99.2.1/24 } }
  vlans: { kind: ovs, createBridge: {}, portgroups: [{ name: staff, vlan: { mode: access, tag: 10 } }, { name: guests, vlan: { mode: access, tag: 20 } }] }
`));
    expect(verdictsOf(await tests.test('h', 'home'))).toMatchObject({ 'web>dmz': 'as-promised reached', 'dmz>web': 'as-promised', 'vlans/staff>vlans/guests': 'as-promised', 'web>internet': 'as-promised reached' });
    for (const group of ['staff', 'guests']) await virsh('net-update', 'home-vlans', 'modify', 'portgroup', `<portgroup name='${group}'/>`, '--live');
    expect(differences(await tests.test('h', 'home')).sort()).toEqual(['vlans/guests>vlans/staff', 'vlans/staff>vlans/guests', 'vlans>vlans/guests', 'vlans>vlans/staff', 'vlans/guests>vlans', 'vlans/staff>vlans'].sort());
    await virsh('net-destroy', 'home-dmz');
    const stopped = await tests.test('h', 'home');
    expect(verdictsOf(stopped)).toMatchObject({ 'web>dmz': 'failed', 'dmz>dmz': 'failed' });
    await virsh('net-start', 'home-dmz');
    host.state.sysctls['net.ipv4.ip_forward'] = '0';
    expect(differences(await tests.test('h', 'home'))).toContain('web>dmz');
  });

  it('tries what a router lets pass, inward and outward, and sees what it has other rules for than its definition', async () => {
    const { host, apply, read, tests, virsh } = await open();
    await apply(await read(firewallLab('[[lan, wan], [lan, dmz]]')));
    const report = await tests.test('h', 'fw');
    expect(report.outcome).toBe('as-promised');
    expect(verdictsOf(report)).toMatchObject({
      'inside>dmz': 'as-promised reached', 'dmz>inside': 'as-promised', 'inside>outside': 'as-promised reached', 'outside>inside': 'as-promised', 'dmz>outside': 'as-promised', 'inside>internet': 'as-promised reached',
      'dmz>internet': 'as-promised', 'inside>host': 'as-promised reached', 'inside>gw': 'as-promised reached', 'dmz>gw': 'as-promised reached', 'outside>gw': 'as-promised', 'host>inside': 'as-promised',
    });
    const running = host.state.machines.find(({ name }) => name === 'fw-gw')!.running!;
    const boot = running.boot!;
    running.boot = { ...boot, files: boot.files.map(([name, text]) => [name, text.replace('iifname lan-0 oifname dmz-0 accept', 'iifname dmz-0 oifname lan-0 accept')]) };
    expect(differences(await tests.test('h', 'fw')).sort()).toEqual(['dmz>inside', 'inside>dmz']);
    await virsh('destroy', 'fw-gw');
    const off = await tests.test('h', 'fw');
    expect(differences(off)).toEqual(expect.arrayContaining(['inside>dmz', 'inside>outside', 'inside>gw', 'inside>internet']));
    expect(off.findings.find(({ from, to }) => from.id === 'inside' && to.id === 'gw')?.hint).toBe('The router fw-gw is not running: start it (“virsh start fw-gw”).');
  });

  it('does not run while a plan is applied, nor a plan while it runs', async () => {
    const { labs, plans, apply, read, tests } = await open();
    await apply(await read(labs.fromTemplate('h', 'sandbox', 'Try')));
    const release = plans.holdHost('h');
    await expect(tests.test('h', 'Try')).rejects.toMatchObject({ code: 'plan.busy' });
    release();
    const { digest } = await plans.preview('h', destroyLab('Try'));
    const running = tests.test('h', 'Try');
    await expect(plans.apply('h', destroyLab('Try'), digest)).rejects.toMatchObject({ code: 'plan.busy' });
    await running;
    await expect(tests.test('h', 'none')).rejects.toMatchObject({ code: 'not-found' });
    expect((await apply(destroyLab('Try'))).outcome).toBe('applied');
  });
});
