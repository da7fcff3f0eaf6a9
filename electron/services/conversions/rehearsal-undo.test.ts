import { beforeEach, describe, expect, it } from 'vitest';
import { Rehearsal, rehearsed } from '../../../test/fakes/rehearsal';
import { sessionDevice } from '../../../shared/domain/conversion/device-chain';
import { linkOf } from '../../../shared/domain/conversion/facts';
import { surveyConversion } from '../../../shared/domain/conversion/survey-conversion';
import { addAddress } from '../../transport/practice/linux/interfaces';
import { findInterface } from '../../transport/practice/linux/link-state';
import { strike } from '../../transport/practice/conversion/strike';

/** What test/integration-lab/undo.lab.test.ts tries on real hosts, on the practice host. */
let rehearsal: Rehearsal;
beforeEach(() => { rehearsal = Rehearsal.begin(); });

const interfaces = '/etc/network/interfaces';
const etc = (): Record<string, string> => Object.fromEntries(Object.entries(rehearsal.host.state.files).filter(([path]) => path.startsWith('/etc/')));
const uplink = async (): Promise<string | null> => sessionDevice(await rehearsal.facts());
async function undo(id: string, options = {}) {
  const { plan, findings } = await rehearsal.planUndo(id);
  expect(findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
  return rehearsal.service.convert('practice', plan!.transaction, options);
}

describe('a conversion that is undone in a rehearsal', () => {
  it.each(['linux', 'ovs'] as const)('is gone from files and network, and stays gone: %s', async (kind) => {
    const before = etc();
    const { id } = await rehearsal.convert({ ...rehearsed, kind });
    const converted = etc();
    expect((await rehearsal.service.list('practice')).at(-1)).toMatchObject({ id, undoable: true });

    const held = await undo(id, { hold: true });
    expect(held).toMatchObject({ state: 'VERIFIED', goal: 'unbridge', undoes: id });
    expect(await uplink()).toBe('eno1');
    await rehearsal.service.revert('practice');
    expect([await uplink(), etc()]).toEqual(['br1', converted]);

    rehearsal.host.state.transactions!.at(-1)!.id = '20261127000000-00000001';
    expect(await undo(id)).toMatchObject({ state: 'DONE', undoes: id });
    expect(etc()).toEqual(before);
    expect(linkOf(await rehearsal.facts(), 'br1')).toBeUndefined();
    strike(rehearsal.host, 'power');
    rehearsal.clock.advance(30_000);
    expect([await uplink(), etc()]).toEqual(['eno1', before]);
    expect((await rehearsal.planUndo(id)).plan).toBeNull();
  });

  it('is refused where somebody has changed what it wrote, and where it did not last', async () => {
    const { id } = await rehearsal.convert();
    const written = rehearsal.host.state.files[interfaces]!;
    rehearsal.host.state.files[interfaces] = `${written}# mine\n`;
    expect((await rehearsal.planUndo(id)).findings).toContainEqual(expect.objectContaining({ code: 'undo.changed', detail: expect.stringContaining(`no longer as ${id} left them: ${interfaces}`) as string }));
    rehearsal.host.state.files[interfaces] = written;
    expect((await rehearsal.planUndo(id)).plan).not.toBeNull();
    rehearsal = Rehearsal.begin();
    const held = await rehearsal.convert(rehearsed, { hold: true });
    await rehearsal.service.revert('practice');
    expect((await rehearsal.service.list('practice')).at(-1)).not.toHaveProperty('undoable');
    expect((await rehearsal.planUndo(held.id)).findings).toContainEqual(expect.objectContaining({ code: 'undo.not-done' }));
  });

  it('goes back to the bridge when nobody confirms it', async () => {
    const { id } = await rehearsal.convert();
    const converted = etc();
    await undo(id, { hold: true });
    rehearsal.clock.advance(180_000);
    expect(rehearsal.journal().at(-1)).toMatch(/^REVERTED the old network is back/);
    expect([await uplink(), etc()]).toEqual(['br1', converted]);
  });
});

describe('a second address that is left out in a rehearsal', () => {
  beforeEach(() => {
    const { state } = rehearsal.host;
    state.files[interfaces] = state.files[interfaces]!.replace(/(iface eno1 inet dhcp\n)/, 'iface eno1 inet static\n    address 10.77.7.1/24\n\n$1');
    addAddress(rehearsal.host, findInterface(state, 'eno1')!, { family: 'inet', address: '10.77.7.1', prefix: 24, validSeconds: null });
  });

  it('is offered, is gone from bridge and files, and comes back with an undo', async () => {
    const before = etc();
    const settings = surveyConversion(await rehearsal.facts()).devices.find(({ outlook }) => outlook.device === 'eno1')!.settings;
    expect(settings.map(({ word, fixed }) => [word, fixed === null])).toEqual(expect.arrayContaining([['dhcp4', false], ['10.77.7.1', true]]));
    const done = await rehearsal.convert({ ...rehearsed, leave: ['10.77.7.1'] });
    expect(done).toMatchObject({ state: 'DONE', leaves: ['10.77.7.1'] });
    const global = async (device: string): Promise<string[] | undefined> => linkOf(await rehearsal.facts(), device)?.addresses.filter(({ scope, family }) => scope === 'global' && family === 'ipv4').map(({ address }) => address).sort();
    expect(await global('br1')).toEqual(['192.168.1.20']);
    expect(etc()[interfaces]).not.toContain('10.77.7.1');
    expect(await undo(done.id)).toMatchObject({ state: 'DONE' });
    expect([await global('eno1'), etc()]).toEqual([['10.77.7.1', '192.168.1.20'], before]);
  });

  it('is a reason to go back where it is there even so', async () => {
    const transaction = await rehearsal.plan({ ...rehearsed, leave: ['10.77.7.1'] });
    rehearsal.when('APPLYING', () => rehearsal.clock.schedule(3_000, () => {
      addAddress(rehearsal.host, findInterface(rehearsal.host.state, 'br1')!, { family: 'inet', address: '10.77.7.1', prefix: 24, validSeconds: null });
    }));
    await expect(rehearsal.service.convert('practice', transaction)).rejects.toMatchObject({ code: 'conversion.reverted', data: { detail: expect.stringContaining('br1 has not the addresses it should have') as string } });
  });
});
