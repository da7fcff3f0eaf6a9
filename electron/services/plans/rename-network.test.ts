import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../shared/domain/intent';
import { withIdentity } from '../../../shared/domain/network-xml/network-identity';
import { troubles } from '../../../test/fakes/plan-troubles';
import { openPracticePlans } from '../../../test/fakes/practice-plans';

const standard = '5c1f4d3e-7a60-4c0e-9d55-2f6f0f1f7a01';

async function open() {
  const { host, inventory, plans, apply } = await openPracticePlans();
  const rename = async (uuid: string, name: string): Promise<Intent> => {
    const basedOn = (await inventory.xml('h', 'network', uuid)).persistent ?? '';
    return { kind: 'network.define', uuid, xml: withIdentity(`${basedOn.trim()}\n`, { name }), basedOn, when: 'now', start: false, autostart: true };
  };
  /** Where each NIC is, in the definition and in what runs, and which tap is in which bridge. */
  const cables = (): string => JSON.stringify([
    host.state.machines.map((machine) => [machine.name, machine.nics.map((nic) => nic.source), (machine.running?.nics ?? []).map((nic) => [nic.source, nic.target])]),
    host.state.interfaces.filter((link) => link.kind === 'tap').map((link) => [link.name, link.controller]),
  ]);
  return { host, plans, apply, rename, cables };
}

describe('renaming a network that machines use', () => {
  it('takes their NICs along, running ones with their cable, and undo brings all back', async () => {
    const { host, apply, rename, cables } = await open();
    const before = cables();
    const run = await apply(await rename(standard, 'home'));
    expect(troubles(run)).toEqual([]);
    expect(run.plan.summary).toContain('the NICs of git, jellyfin, pihole and cameras are moved');
    expect(run.plan.notices.map((notice) => notice.text).join()).toContain('git, jellyfin and pihole lose their connection until the new one runs');
    expect(cables()).toBe(before.replaceAll('"default"', '"home"'));
    expect(host.state.machines.find((machine) => machine.name === 'cameras')!.nics.map((nic) => nic.source)).toEqual(['house-vlans', 'home']);
    const undone = await apply({ kind: 'undo', historyId: run.id });
    expect(troubles(undone)).toEqual([]);
    expect(cables()).toBe(before);
  });

  it('is taken back whole, what runs included, when the last step fails', async () => {
    const { host, plans, rename, cables } = await open();
    const before = cables();
    const intent = await rename(standard, 'home');
    const plan = await plans.preview('h', intent);
    const started = await plans.apply('h', intent, plan.digest);
    // One of its machines is gone before its turn comes.
    host.state.machines = host.state.machines.filter((machine) => machine.name !== 'cameras');
    const run = await plans.finished(started.id);
    expect(run.outcome).toBe('rolled-back');
    const gone = JSON.stringify(['cameras', ['house-vlans', 'default'], []]);
    expect(cables()).toBe(before.replace(`${gone},`, '').replace(`,${gone}`, ''));
  });

  it('is refused where running machines would have to be plugged in anew, and says what to do', async () => {
    const { plans, rename } = await open();
    await expect(plans.preview('h', await rename('5c1f4d3e-7a60-4c0e-9d55-2f6f0f1f7a04', 'vlans'))).rejects.toMatchObject({
      data: { code: 'plan.invalid', detail: expect.stringContaining('unifi has a NIC on “house-vlans”'), hint: expect.stringContaining('Shut them down, rename the network') },
    });
  });
});
