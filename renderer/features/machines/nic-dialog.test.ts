import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { AppError } from '../../../shared/errors/app-error';
import { useMachineDialog } from '../../stores/machine-dialog';
import type { MachineDialogRequest } from '../../stores/machine-dialog';
import { useInventory } from '../../stores/inventory';
import { usePlanReview } from '../../stores/plan-review';
import { startStores } from '../../stores/start-stores';
import { buildMachine, buildNic, fixtureUuid } from '../../testing/fixtures/builders';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import type { FakeVariant } from '../../testing/fake-state';
import { atticMachineUuids as uuids } from '../../testing/fixtures/attic-machines';
import { oddMachineUuids } from '../../testing/fixtures/odd-machines';
import MachineDialogs from './MachineDialogs.vue';

let bridge: FakeBridge;
let dialogs: VueWrapper;
let stop: () => void;

async function start(variant: FakeVariant): Promise<void> {
  bridge = createFakeBridge({ variant });
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
  await useInventory().load('attic');
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: MachineDialogs }] });
  dialogs = mount(MachineDialogs, { attachTo: document.body, global: { plugins: [router, ui] } });
  // Dialogs are loaded when they are first asked for.
  await Promise.all([import('./NicDialog.vue'), import('./PlugInDialog.vue'), import('./JumpBoxDialog.vue')]);
}
beforeEach(() => start('full'));
afterEach(() => {
  dialogs.unmount();
  stop();
  vi.unstubAllGlobals();
  document.body.innerHTML = '';
});

const dialog = (): HTMLElement | null => document.querySelector('[role="dialog"]');
const text = (): string => dialog()?.textContent?.replace(/\s+/g, ' ') ?? '';
const field = <E extends HTMLElement = HTMLInputElement>(path: string): E => document.querySelector<E>(`#field-${path.replaceAll('.', '-')}`)!;
const button = (label: string): HTMLButtonElement => [...document.querySelectorAll('button')].find((candidate) => candidate.textContent?.trim() === label)!;
const previews = () => bridge.calls.filter((call) => call.name === 'plan.preview').map((call) => (call.input as { intent: unknown }).intent);

async function open(request: MachineDialogRequest, said: string): Promise<void> {
  useMachineDialog().open(request);
  await vi.waitUntil(() => text().includes(said));
}
async function enter(path: string, value: string): Promise<void> {
  const element = field(path);
  element.value = value;
  element.dispatchEvent(new Event(element instanceof HTMLSelectElement ? 'change' : 'input'));
  element.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
  await flushPromises();
}
async function submit(): Promise<void> {
  document.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
}
async function press(label: string): Promise<void> {
  button(label).click();
  await flushPromises();
}

/** Something else changed the host. */
async function changeHost(change: (snapshot: HostSnapshot) => Partial<HostSnapshot>): Promise<void> {
  const inventory = bridge.state.inventories.get('attic')!;
  inventory.snapshot = { ...inventory.snapshot, ...change(inventory.snapshot), revision: inventory.snapshot.revision + 1 };
  bridge.emit('inventory.changed', { hostId: 'attic', revision: inventory.snapshot.revision, stale: false });
  await flushPromises();
}

const attach: MachineDialogRequest = { hostId: 'attic', mode: 'attach', uuid: uuids.web1, network: 'sandbox-net' };
const edit: MachineDialogRequest = { hostId: 'attic', mode: 'edit', uuid: uuids.web1, mac: '52:54:00:7C:1E:90' };

describe('plugging in a NIC', () => {
  it('proposes all of it, and leads to the review of just that', async () => {
    await open(attach, 'Plug a NIC into web1');
    expect(field<HTMLSelectElement>('network').value).toBe('sandbox-net');
    expect(field('mac').value).toMatch(/^52:54:00/);
    expect(text()).toContain('DHCP on sandbox-net gives it an address of 10.66.0.0/24.');
    const mac = field('mac').value;
    await submit();
    const intent = { kind: 'machine.attach', uuid: uuids.web1, extent: 'both', nic: { source: { kind: 'network', network: 'sandbox-net', portgroup: null }, mac, model: 'virtio', linkUp: true, bandwidth: { inbound: null, outbound: null } } };
    expect(usePlanReview().request).toMatchObject({ hostId: 'attic', intent });
    expect(bridge.calls.some((call) => call.name === 'plan.apply')).toBe(false);
    await vi.waitUntil(() => dialog() === null);
    usePlanReview().close();
    await flushPromises();
    expect(useMachineDialog().request).toBeNull();
  });

  it('comes back from the review with everything that was typed', async () => {
    await open(attach, 'Plug a NIC into web1');
    await enter('mac', '52-54-00-ab-cd-ef');
    await enter('model', 'e1000e');
    await submit();
    await vi.waitUntil(() => dialog() === null);
    const { request } = usePlanReview();
    request!.back!();
    usePlanReview().close();
    await vi.waitUntil(() => dialog() !== null);
    expect([field('mac').value, field<HTMLSelectElement>('model').value]).toEqual(['52-54-00-ab-cd-ef', 'e1000e']);
    expect(previews()).toMatchObject([{ nic: { mac: '52:54:00:ab:cd:ef', model: 'e1000e' } }]);
  });

  it('says beside the field what is wrong, asks main for nothing, and goes to the mistake', async () => {
    await open(attach, 'Plug a NIC into web1');
    await enter('mac', '52:54:00:10:00:31');
    expect(text()).toContain('nas has this MAC already');
    await enter('network', 'storage');
    expect(text()).toContain('storage is not active; start it first.');
    await submit();
    expect(previews()).toEqual([]);
    expect(document.activeElement).toBe(field('network'));
    expect(field('mac').value).toBe('52:54:00:10:00:31');
    await press('Another free one');
    expect(text()).not.toContain('has this MAC already');
  });

  it('shows what main refuses beside its field, or as a whole, and stays', async () => {
    await open(attach, 'Plug a NIC into web1');
    bridge.fail('plan.preview', new AppError('input.invalid', 'That can’t be used', 'Somebody took it just now.', { field: 'nic.mac' }));
    await submit();
    expect(document.querySelector('#field-mac-issue')?.textContent).toContain('Somebody took it just now.');
    bridge.fail('plan.preview', new AppError('host.not-connected', 'attic is not connected', 'The session has ended.'));
    await press('Another free one');
    await submit();
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('attic is not connected');
    expect(usePlanReview().request).toBeNull();
  });

  it('knows a MAC of another known host', async () => {
    await open(attach, 'Plug a NIC into web1');
    const far = bridge.state.inventories.get('basement')!.snapshot.machines[0]!;
    await vi.waitUntil(() => useInventory().of('basement').snapshot !== null);
    await enter('mac', far.nics[0]!.mac);
    expect(text()).toContain(`${far.name} on basement has this MAC, too.`);
    await submit();
    expect(previews()).toHaveLength(1);
  });

  it('offers a machine that is off only its definition, a transient one only its running self', async () => {
    await open({ ...attach, uuid: uuids.win11 }, 'win11 is off, so there is only its definition to change');
    expect(document.querySelectorAll('input[type="radio"]')).toHaveLength(0);
    await submit();
    expect(previews()).toMatchObject([{ extent: 'definition' }]);
    dialogs.unmount();
    stop();
    await start('machines');
    await open({ ...attach, uuid: oddMachineUuids.guest }, 'is transient');
    await submit();
    expect(previews()).toMatchObject([{ extent: 'running' }]);
  });

  it('follows the machine when it is switched off meanwhile', async () => {
    await open(attach, 'At once, and web1 keeps it.');
    await changeHost((snapshot) => ({ machines: snapshot.machines.map((machine) => (machine.uuid === uuids.web1 ? { ...machine, state: 'shut-off' } : machine)) }));
    expect(text()).toContain('web1 is off');
    await submit();
    expect(previews()).toMatchObject([{ extent: 'definition' }]);
  });
});

describe('editing a NIC', () => {
  it('starts with nothing to do, and asks for the whole NIC as it will be', async () => {
    await open(edit, 'Nothing: this is how the NIC is now.');
    expect(button('Review…').disabled).toBe(true);
    await enter('network', 'ovs-trunk');
    await enter('portgroup', 'guests');
    expect(text()).toContain('unplugged and plugged in again');
    await submit();
    expect(previews()).toEqual([{ kind: 'machine.change-nic', uuid: uuids.web1, mac: '52:54:00:7c:1e:90', extent: 'both', nic: {
      source: { kind: 'network', network: 'ovs-trunk', portgroup: 'guests' }, mac: '52:54:00:7c:1e:90', model: 'virtio', linkUp: true, bandwidth: { inbound: null, outbound: null },
    } }]);
  });

  it('overwrites nothing in silence that changed on the host meanwhile', async () => {
    await open(edit, 'Edit NIC');
    await enter('model', 'e1000e');
    await changeHost((snapshot) => ({ machines: snapshot.machines.map((machine) => (machine.uuid === uuids.web1 ? { ...machine, nics: machine.nics.map((nic) => ({ ...nic, network: 'lab-dmz' })) } : machine)) }));
    expect(text()).toContain('where it is plugged in changed while this form was open');
    expect(button('Review…').disabled).toBe(true);
    await press('Take that, with my changes on top');
    expect([field<HTMLSelectElement>('network').value, field<HTMLSelectElement>('model').value]).toEqual(['lab-dmz', 'e1000e']);
    expect(button('Review…').disabled).toBe(false);
  });

  it('says when the NIC or the machine is gone, and keeps what was typed', async () => {
    await open(edit, 'Edit NIC');
    await enter('model', 'e1000e');
    await changeHost((snapshot) => ({ machines: snapshot.machines.map((machine) => (machine.uuid === uuids.web1 ? { ...machine, nics: [] } : machine)) }));
    expect(text()).toContain('web1 has no NIC 52:54:00:7C:1E:90 any more.');
    await changeHost((snapshot) => ({ machines: snapshot.machines.filter((machine) => machine.uuid !== uuids.web1) }));
    expect(text()).toContain('web1 is gone from attic.');
    expect(field<HTMLSelectElement>('model').value).toBe('e1000e');
    expect(button('Review…').disabled).toBe(true);
  });
});

describe('plugging a machine into a network', () => {
  it('finds the machine by its name, and goes on to its NIC with the network set', async () => {
    await open({ hostId: 'attic', mode: 'plug-in', network: 'sandbox-net' }, '9 machines');
    expect(button('Next: its NIC…').disabled).toBe(true);
    const search = document.querySelector<HTMLInputElement>('input[type="search"]')!;
    search.value = 'db1';
    search.dispatchEvent(new Event('input'));
    await flushPromises();
    await submit();
    await vi.waitUntil(() => text().includes('Plug a NIC into db1'));
    expect(field<HTMLSelectElement>('network').value).toBe('sandbox-net');
  });
});

describe('a jump box', () => {
  it('with one NIC gets a second one by a review, and comes back to its entry', async () => {
    await open({ hostId: 'attic', mode: 'jump-box', uuid: uuids.web1 }, 'web1 has no NIC there yet.');
    expect(text()).toContain('ProxyJump attic');
    await press('Plug one in…');
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'machine.attach', uuid: uuids.web1, extent: 'both', nic: { source: { network: 'sandbox-net' } } });
    usePlanReview().close();
    await vi.waitUntil(() => text().includes('For your ~/.ssh/config'));
  });

  it('opens a terminal with the command typed, with the users that were named', async () => {
    await open({ hostId: 'attic', mode: 'jump-box', uuid: uuids.web1 }, 'Open a terminal through it');
    const [user, targetUser] = ['User on web1', 'User on the machines behind it'].map((label) => document.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`)!);
    user!.value = '-oProxyCommand=x';
    user!.dispatchEvent(new Event('input'));
    await flushPromises();
    expect(text()).toContain('Not a user name.');
    expect(button('Open a terminal through it').disabled).toBe(true);
    user!.value = 'mara';
    user!.dispatchEvent(new Event('input'));
    targetUser!.value = 'root';
    targetUser!.dispatchEvent(new Event('input'));
    await flushPromises();
    await press('Open a terminal through it');
    expect(bridge.calls.find((call) => call.name === 'terminals.open')?.input).toMatchObject({ target: { kind: 'host', hostId: 'attic' }, typed: 'ssh -J mara@192.168.122.40 root@10.66.0.9' });
  });

  it('says why there is no way to a machine without an address', async () => {
    await open({ hostId: 'attic', mode: 'jump-box', uuid: uuids.win11 }, 'No address of win11 outside');
    expect(button('Open a terminal through it').disabled).toBe(true);
  });

  it('of a lab is logged in to as its own user, from this computer, and known by its key', async () => {
    const { machines } = bridge.state.inventories.get('attic')!.snapshot;
    machines.push(buildMachine({
      uuid: fixtureUuid('b', 77), name: 'iso-jump-box', labRouter: { lab: 'iso', key: 'jump-box', addresses: [], keys: ['ssh-ed25519 AAAAC3 mara@desk'] },
      nics: [
        buildNic({ mac: '52:54:00:01:00:01', network: 'default', addresses: [{ address: '192.168.122.254', source: 'definition', expiresAt: null }] }),
        buildNic({ mac: '52:54:00:01:00:02', network: 'sandbox-net', addresses: [{ address: '10.66.0.1', source: 'definition', expiresAt: null }] }),
      ],
    }));
    await useInventory().load('attic');
    await open({ hostId: 'attic', mode: 'jump-box', uuid: fixtureUuid('b', 77) }, 'Log in through iso-jump-box');
    await vi.waitUntil(() => text().includes('For your ~/.ssh/known_hosts'));
    expect(text()).toContain('who has the key mara@desk');
    expect(text()).toMatch(/HostName 192\.168\.122\.254 User jump ProxyJump attic HostKeyAlias iso-jump-box-\w{8}/);
    expect(text()).toMatch(/iso-jump-box-\w{8} ssh-ed25519 AAAA/);
    await press('Open a terminal through it');
    expect(bridge.calls.find((call) => call.name === 'terminals.open')?.input).toMatchObject({ target: { kind: 'local' }, typed: 'ssh -J root@10.0.0.12,jump@192.168.122.254 10.66.0.9' });
  });
});
