import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Intent } from '../../../shared/domain/intent';
import { useInventory } from '../../stores/inventory';
import { useMachineDialog } from '../../stores/machine-dialog';
import { usePlanReview } from '../../stores/plan-review';
import { AtticPage } from '../../testing/attic-page';
import type { FakeVariant } from '../../testing/fake-state';
import MachineDialogs from './MachineDialogs.vue';
import MachinesPage from './MachinesPage.vue';
import { useMachineActions } from './use-machine-actions';

let attic: AtticPage;
let unmount: () => void;

async function start(variant: FakeVariant): Promise<void> {
  attic = await AtticPage.open(MachinesPage, 'machines', variant);
  const dialogs = mount(MachineDialogs, { global: { plugins: [attic.router, ui] }, attachTo: document.body });
  unmount = () => dialogs.unmount();
}
afterEach(() => {
  unmount();
  attic.close();
});

const machine = (name: string) => useInventory().of('attic').snapshot!.machines.find((candidate) => candidate.name === name)!;
const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role="dialog"]')!;
const text = (): string => dialog().textContent.replace(/\s+/g, ' ');
const radio = (role: string): HTMLInputElement => [...dialog().querySelectorAll('label')].find((label) => label.querySelector('b')?.textContent === role)!.querySelector('input')!;
const review = (): HTMLButtonElement => [...dialog().querySelectorAll('button')].find((button) => button.textContent.trim() === 'Review…')!;
async function open(name: string, chosen: { lab: string; role: string } | null = null): Promise<void> {
  useMachineDialog().open({ hostId: 'attic', mode: 'role', uuid: machine(name).uuid, chosen });
  await vi.waitUntil(() => dialog() !== null && !text().includes('Reading the labs'));
}
async function choose(role: string): Promise<void> {
  radio(role).click();
  await flushPromises();
  await vi.waitUntil(() => !text().includes('Asking attic'));
}
const applied = (): Extract<Intent, { kind: 'lab.apply' }> => usePlanReview().request!.intent as Extract<Intent, { kind: 'lab.apply' }>;

describe('a role for a machine', () => {
  it('is chosen among those of all labs, says what it comes to, and is reviewed', async () => {
    await start('labs');
    await open('web1');
    expect([...dialog().querySelectorAll('legend')].map((legend) => legend.textContent)).toEqual(['bgp-with-a-name-as-long-as-it-is', 'campus', 'ceph']);
    expect(review().disabled).toBe(true);
    await choose('node-1');
    expect(text()).toMatch(/A NIC is plugged into ceph-public; 192\.168\.150\.11 is reserved for it, and DNS knows it as node-1\. ?A NIC is plugged into ceph-cluster\./);
    review().click();
    await vi.waitUntil(() => usePlanReview().request !== null);
    expect(applied()).toMatchObject({ lab: 'ceph', machines: [{ role: 'node-1', uuid: machine('web1').uuid }] });
    expect(applied().file?.text).toContain('machine: web1');
    expect(useMachineDialog().request).toBeNull();
    usePlanReview().request!.back!();
    expect(useMachineDialog().request).toMatchObject({ mode: 'role', chosen: { lab: 'ceph', role: 'node-1' } });
  });

  it('takes the NICs for its own that the machine has there, and says when the lab is not as its file has it', async () => {
    await start('labs');
    await open('osd-1', { lab: 'ceph', role: 'node-2' });
    await vi.waitUntil(() => !review().disabled);
    expect(text()).toContain('Its NIC 52:54:00:1a:b0:01 stays on ceph-public; 192.168.150.12 is reserved for it');
    expect(text()).not.toContain('was changed since its file was applied');
    await choose('desktop');
    expect(text()).toContain('A NIC is plugged into campus-campus, port group staff.');
    expect(text()).toContain('campus was changed since its file was applied');
  });

  it('has no choice on a host without labs, and says where roles come from', async () => {
    await start('full');
    await open('web1');
    expect(text()).toContain('There is no lab on attic yet.');
    expect(review().disabled).toBe(true);
  });
});

describe('a machine that is dragged', () => {
  it('shows the open roles meanwhile, and takes the one that it is dropped on', async () => {
    await start('labs');
    const row = attic.page.findAll('tr.row').find((candidate) => candidate.text().startsWith('web1'))!;
    expect(row.attributes('draggable')).toBe('true');
    await row.trigger('dragstart');
    const role = () => [...document.querySelectorAll<HTMLElement>('.tray li')].find((item) => item.textContent.includes('node-3'));
    await vi.waitUntil(() => role());
    role()!.dispatchEvent(new Event('dragenter', { cancelable: true }));
    await flushPromises();
    expect(role()!.className).toBe('over');
    role()!.dispatchEvent(new Event('drop', { cancelable: true }));
    await flushPromises();
    expect(useMachineDialog().request).toEqual({ hostId: 'attic', mode: 'role', uuid: machine('web1').uuid, chosen: { lab: 'ceph', role: 'node-3' } });
    await row.trigger('dragend');
    await vi.waitUntil(() => document.querySelector('.tray') === null);
  });

  it('can\'t be on a host without labs', async () => {
    await start('full');
    expect(attic.page.find('tr.row').attributes('draggable')).toBeUndefined();
  });
});

describe('a machine that leaves its role', () => {
  it('does so by a plan of its own, from its menu', async () => {
    await start('labs');
    let actions: ReturnType<typeof useMachineActions> | undefined;
    mount({ setup() { actions = useMachineActions(() => 'attic'); return () => null; } }, { global: { plugins: [attic.router] } });
    const player = { ...machine('osd-1'), labRoles: [{ lab: 'ceph', role: 'node-1', nics: [] }] };
    const items = actions!.machineMenu(player, null).flat();
    expect(items.map(({ label }) => label)).toContain('Play another role in a lab…');
    (items.find(({ label }) => label === 'Leave the role node-1 in ceph…')!.onSelect as () => void)();
    await vi.waitUntil(() => usePlanReview().request !== null);
    expect(applied()).toMatchObject({ lab: 'ceph', machines: [] });
    expect(actions!.machineMenu({ ...player, labRouter: { lab: 'fw', key: 'gw', addresses: [] } }, null).flat().find(({ label }) => label === 'Play another role in a lab…')).toMatchObject({ disabled: true });
  });
});
