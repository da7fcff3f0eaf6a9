import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { AppError } from '../../../shared/errors/app-error';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import HostFormDialog from './HostFormDialog.vue';

let bridge: FakeBridge;

beforeEach(() => {
  bridge = createFakeBridge();
  vi.stubGlobal('netwright', bridge);
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.innerHTML = '';
});

async function mountForm() {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { template: '<i />' } }, { path: '/hosts/:hostId', name: 'map', component: { template: '<i />' } }] });
  const wrapper = mount(HostFormDialog, { attachTo: document.body, props: { profile: null }, global: { plugins: [createPinia(), router, ui] } });
  await flushPromises();
  const input = (placeholder: string): HTMLInputElement => document.querySelector<HTMLInputElement>(`input[placeholder="${placeholder}"]`)!;
  const type = async (element: HTMLInputElement, text: string): Promise<void> => {
    element.value = text;
    element.dispatchEvent(new Event('input'));
    element.dispatchEvent(new Event('blur'));
    await flushPromises();
  };
  const save = async (): Promise<void> => {
    document.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
    await flushPromises();
  };
  return { wrapper, input, type, save, text: () => document.body.textContent ?? '' };
}

it('spreads a pasted user@host:port over the fields and adds the host', async () => {
  const form = await mountForm();
  await form.type(form.input('10.0.0.12'), 'ssh://mara@[fd00::9]:2222');
  expect(form.input('10.0.0.12').value).toBe('fd00::9');
  await form.save();
  expect(bridge.calls.find((call) => call.name === 'hosts.add')?.input).toMatchObject({ name: 'fd00::9', connection: { address: 'fd00::9', port: 2222, user: 'mara', useSudo: true, proxyJump: null, client: 'builtin' } });
  expect(bridge.calls.some((call) => call.name === 'sessions.connect')).toBe(true);
  expect(form.wrapper.emitted('close')).toHaveLength(1);
});

it('says beside the field what main refused, and loses nothing that was typed', async () => {
  bridge.fail('hosts.add', new AppError('input.invalid', 'That can’t be used', 'This host is in the list already', { field: 'connection.address' }));
  const form = await mountForm();
  await form.type(form.input('10.0.0.12'), 'attic');
  await form.save();
  expect(form.text()).toContain('This host is in the list already');
  expect(form.input('10.0.0.12').value).toBe('attic');
  expect(form.wrapper.emitted('close')).toBeUndefined();
});

it('shows an error of no field as a whole, and stays open', async () => {
  bridge.fail('hosts.add', new AppError('storage.failed', 'The list could not be kept', 'ENOSPC'));
  const form = await mountForm();
  await form.type(form.input('10.0.0.12'), 'attic');
  await form.save();
  expect(document.querySelector('[role="alert"]')?.textContent).toContain('The list could not be kept');
});

it('asks for nothing of main before every field is right', async () => {
  const form = await mountForm();
  await form.save();
  expect(form.text()).toContain('An address is needed');
  expect(bridge.calls.some((call) => call.name === 'hosts.add')).toBe(false);
});
