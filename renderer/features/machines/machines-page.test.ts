import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { useInventory } from '../../stores/inventory';
import { useMachineDialog } from '../../stores/machine-dialog';
import { usePlanReview } from '../../stores/plan-review';
import { AtticPage } from '../../testing/attic-page';
import type { FakeVariant } from '../../testing/fake-state';
import { oddMachineUuids } from '../../testing/fixtures/odd-machines';
import MachineInspector from './MachineInspector.vue';
import MachinesPage from './MachinesPage.vue';
import { useMachineActions } from './use-machine-actions';

let attic: AtticPage;
let page: AtticPage['page'];

async function start(variant: FakeVariant): Promise<void> {
  attic = await AtticPage.open(MachinesPage, 'machines', variant);
  page = attic.page;
}
afterEach(() => attic.close());

const snapshot = () => useInventory().of('attic').snapshot!;
const machine = (uuid: string) => snapshot().machines.find((candidate) => candidate.uuid === uuid)!;
const labels = (groups: readonly { label?: unknown; disabled?: unknown }[][]): string[] => groups.flatMap((group) => group.map((item) => `${String(item.label)}${item.disabled ? ' (off)' : ''}`));
/** What a composable gives inside a component's setup. */
function actionsOf() {
  let actions: ReturnType<typeof useMachineActions> | undefined;
  mount({ setup() { actions = useMachineActions(() => 'attic'); return () => null; } }, { global: { plugins: [attic.router] } });
  return actions!;
}

describe('the table of machines', () => {
  it('has a line for each NIC, with sources of addresses and marks of the next boot', async () => {
    await start('machines');
    const lines = page.findAll('tr.row').map((row) => row.text().replace(/\s+/g, ' '));
    expect(lines.filter((line) => line.startsWith('firewall-with-a-leg-in-every-network'))).toHaveLength(6);
    expect(lines[2]).toMatch(/NIC 3.*lab-dmz.*10\.20\.30\.3.?lease/);
    expect(lines.find((line) => line.startsWith('mover'))).toContain('next boot: lab-dmz');
    expect(lines.find((line) => line.startsWith('wreck'))).toContain('crashed');
    expect(lines.find((line) => line.startsWith('lonely'))).toContain('no NIC');
  });

  it('finds by name, network, address, MAC and what waits', async () => {
    await start('machines');
    const search = page.find('input');
    for (const [words, count] of [['lab-dmz lease', 0], ['10.20.30.3', 1], ['0D:D0:08', 1], ['next boot', 3], ['crashed', 1]] as const) {
      await search.setValue(words);
      expect([words, page.findAll('tr.row').length]).toEqual([words, count]);
    }
    expect(page.text()).toContain('1 of 10 machines');
  });

  it('says why there is nothing', async () => {
    await start('empty');
    expect(page.text()).toContain('No machine yet');
    attic.close();
    await start('bare');
    expect(page.text()).toContain('libvirt is not installed');
  });

  it('opens the form of a NIC with Enter, and not where it has none', async () => {
    await start('machines');
    const row = (name: string) => page.findAll('tr.row').find((candidate) => candidate.text().startsWith(name))!;
    await row('passed').trigger('keydown', { key: 'Enter' });
    expect(useMachineDialog().request).toBeNull();
    await row('mover').trigger('keydown', { key: 'Enter' });
    expect(useMachineDialog().request).toEqual({ hostId: 'attic', mode: 'edit', uuid: oddMachineUuids.mover, mac: '52:54:00:0d:d0:02' });
  });

  it('keeps few of a thousand machines in the document', async () => {
    await start('crowded');
    expect(page.text()).toContain('1009 machines');
    expect(page.findAll('tr.row').length).toBeGreaterThan(10);
    expect(page.findAll('tr.row').length).toBeLessThan(80);
  });
});

describe('what can be done with a machine', () => {
  it('depends on its power', async () => {
    await start('machines');
    const actions = actionsOf();
    const powers = (uuid: string) => labels([actions.machineMenu(machine(uuid), null)[1]!]);
    expect(powers(oddMachineUuids.mover)).toEqual(['Shut down…', 'Force off…']);
    expect(powers(oddMachineUuids.sleeper)).toEqual(['Force off…']);
    expect(powers(oddMachineUuids.off)).toEqual(['Start…']);
    expect(labels(actions.machineMenu(machine(oddMachineUuids.lonely), null))).toContain('Make it a jump box… (off)');
  });

  it('is nothing while the host can’t be changed, and says why', async () => {
    await start('stale');
    const menu = labels(actionsOf().rowMenu(snapshot().machines[0]!, snapshot().machines[0]!.nics[0]!, snapshot(), 'Connect to the host first'));
    expect(menu[0]).toBe('Connect to the host first');
    expect(menu).toContain('Unplug… (off)');
    expect(menu).toContain('Plug in a NIC… (off)');
  });

  it('moves a NIC to a network, and to a port group of one that has some', async () => {
    await start('full');
    const web1 = snapshot().machines.find((candidate) => candidate.name === 'web1')!;
    const [networks] = actionsOf().moveMenu(web1, web1.nics[0]!, snapshot());
    expect(labels([networks!])).toEqual(['default (off)', 'lab-dmz', 'lan', 'ovs-trunk', 'sandbox-net', 'storage']);
    networks![1]!.onSelect!(new Event('select'));
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'machine.change-nic', mac: '52:54:00:7c:1e:90', extent: 'both', nic: { source: { kind: 'network', network: 'lab-dmz', portgroup: null }, model: 'virtio', linkUp: true } });
    const groups = networks![3]!.children as { onSelect(event: Event): void }[];
    groups[1]!.onSelect(new Event('select'));
    expect(usePlanReview().request?.intent).toMatchObject({ nic: { source: { network: 'ovs-trunk', portgroup: 'cameras' } } });
  });

  it('takes the link down and up, and unplugs, as far as the machine allows', async () => {
    await start('machines');
    const actions = actionsOf();
    const [nic] = machine(oddMachineUuids.limited).nics;
    actions.toggleLink(machine(oddMachineUuids.limited), nic!);
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'machine.change-nic', extent: 'both', nic: { linkUp: false, bandwidth: { inbound: { averageKBps: 10_000, peakKBps: 20_000, burstKiB: 512 } } } });
    const leaving = machine(oddMachineUuids.leaving);
    actions.unplug(leaving, leaving.nics[0]!);
    expect(usePlanReview().request?.intent).toEqual({ kind: 'machine.detach', uuid: leaving.uuid, mac: '52:54:00:0d:d0:03', extent: 'running' });
  });
});

describe('keeping the address of a NIC', () => {
  const named = (name: string) => snapshot().machines.find((candidate) => candidate.name === name)!;
  const entry = (nic: Parameters<ReturnType<typeof useMachineActions>['nicMenu']>[1], refusal: string | null = null) =>
    actionsOf().nicMenu(snapshot().machines[0]!, nic, snapshot(), refusal)[0]!.find((item) => String(item.label).startsWith('Reserve'))!;

  it('goes from the lease to the review of a change of the running network', async () => {
    await start('full');
    const item = entry(named('web1').nics[0]!);
    expect(item).toMatchObject({ label: 'Reserve 192.168.122.40…', disabled: false });
    item.onSelect!(new Event('select'));
    await flushPromises();
    const { uuid } = snapshot().networks.find((network) => network.name === 'default')!;
    expect(usePlanReview().request).toMatchObject({ hostId: 'attic', intent: { kind: 'network.edit', uuid, when: 'live' } });
    const { intent } = usePlanReview().request! as { intent: { spec: { ipv4: { dhcp: { hosts: unknown[] } } } } };
    expect(intent.spec.ipv4.dhcp.hosts).toContainEqual({ mac: '52:54:00:7c:1e:90', ip: '192.168.122.40', name: 'web1' });
  });

  it('waits for the next start where the network has a change waiting', async () => {
    await start('full');
    entry(named('router').nics[2]!).onSelect!(new Event('select'));
    await flushPromises();
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'network.edit', when: 'next-start' });
  });

  it('says why it can’t', async () => {
    await start('full');
    const why = (name: string, at = 0): unknown => { const { disabled, description } = entry(named(name).nics[at]!); return disabled ? description : 'it can'; };
    expect(why('router')).toContain('“lan” is bridged');
    expect(why('router', 1)).toContain('“ovs-trunk” is Open vSwitch');
    expect(why('db1')).toBe('This machine always gets this address.');
    expect(why('win11')).toBe('It has no lease of “sandbox-net” to keep.');
    expect(entry(named('web1').nics[0]!, 'Connect to the host first')).toMatchObject({ disabled: true });
    expect(entry(named('web1').nics[0]!, 'Connect to the host first')).not.toHaveProperty('description');
  });
});

describe('the inspector of a machine', () => {
  const inspect = (uuid: string): VueWrapper => mount(MachineInspector, { props: { hostId: 'attic', snapshot: snapshot(), machine: machine(uuid) }, global: { plugins: [attic.router, ui] } });

  it('tells of each NIC where it is plugged in, what it is, and what waits', async () => {
    await start('machines');
    const text = (uuid: string): string => inspect(uuid).text().replace(/\s+/g, ' ');
    expect(text(oddMachineUuids.mover)).toContain('After the next boot: plugged into lab-dmz, model e1000e.');
    expect(text(oddMachineUuids.limited)).toContain('at most 10,000 kB/s, peak 20,000, burst 512 KiB');
    expect(text(oddMachineUuids.firewall)).toContain('Only in the definition: the machine has it from its next boot on.');
    expect(text(oddMachineUuids.passed)).toContain('guests apart from each other');
    expect(text(oddMachineUuids.lonely)).toContain('It has none, so it is on no network.');
  });

  it('offers no form for a NIC that has none, and says why', async () => {
    await start('machines');
    const edits = inspect(oddMachineUuids.passed).findAll('button').filter((button) => button.text() === 'Edit…');
    expect(edits.map((button) => button.attributes('disabled') !== undefined)).toEqual([true, false, false]);
    expect(edits[0]!.attributes('title')).toContain('type hostdev');
  });
});
