import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { Prompt } from '../../../shared/domain/host';
import { useHosts } from '../../stores/hosts';
import { usePrompts } from '../../stores/prompts';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import SessionPrompts from './SessionPrompts.vue';

const questions: Prompt = {
  kind: 'questions', id: 'q1', hostId: 'garage', server: 'mara@garage', onWayTo: null, title: 'Second factor', instruction: 'Look at\u001b[2J your phone.\u202e',
  questions: [{ label: 'Password: ', echo: false }, { label: 'Code: ', echo: true }], problem: null,
};
const jumpPassword: Prompt = {
  kind: 'secret', id: 's1', hostId: 'shed', server: 'jumper@gateway:2222', onWayTo: 'root@shed', secret: 'password', label: 'Password for jumper@gateway:2222', problem: null, canRemember: true,
};
const jumpKey: Prompt = { kind: 'host-key', id: 'k1', hostId: 'shed', address: 'gateway', port: 2222, algorithm: 'ssh-ed25519', fingerprint: 'SHA256:7vXqkV0m', knownHostsFile: '/k', onWayTo: 'root@shed' };

let bridge: FakeBridge;
let wrapper: ReturnType<typeof mount>;

// The dialogs are loaded when they are first wanted, which takes as long as the machine is busy.
beforeAll(async () => { await Promise.all([import('./HostKeyDialog.vue'), import('./QuestionsDialog.vue'), import('./SecretDialog.vue')]); }, 60_000);
beforeEach(() => {
  bridge = createFakeBridge();
  vi.stubGlobal('netwright', bridge);
});
afterEach(() => {
  wrapper.unmount();
  vi.unstubAllGlobals();
  document.body.innerHTML = '';
});

async function ask(...prompts: Prompt[]): Promise<void> {
  const pinia = createPinia();
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { template: '<i />' } }] });
  wrapper = mount(SessionPrompts, { attachTo: document.body, global: { plugins: [pinia, router, ui] } });
  await useHosts(pinia).load();
  usePrompts(pinia).follow();
  bridge.state.prompts = prompts;
  bridge.emit('prompts.changed', prompts);
  await vi.waitFor(() => expect(dialog()).not.toBeNull());
  await flushPromises();
}
const dialog = (): HTMLElement | null => document.querySelector('[role="dialog"]');
const text = (): string => dialog()?.textContent ?? '';
const answers = (): unknown[] => bridge.calls.filter((call) => call.name === 'prompts.answer').map((call) => call.input);

async function fill(values: string[]): Promise<void> {
  [...dialog()!.querySelectorAll('input')].forEach((input, index) => {
    input.value = values[index] ?? '';
    input.dispatchEvent(new Event('input'));
  });
  dialog()!.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
}

describe('questions of a connection', () => {
  it('are asked together, hidden where the server says so, in its own words made harmless', async () => {
    await ask(questions);
    expect([...dialog()!.querySelectorAll('input')].map((input) => input.type)).toEqual(['password', 'text']);
    expect(text()).toContain('mara@garage says');
    expect(text()).toContain('Look at[2J your phone.');
    expect(text()).not.toContain('\u202e');
    await fill(['secret', '123456']);
    expect(answers()).toEqual([{ promptId: 'q1', answer: { kind: 'questions', values: ['secret', '123456'] } }]);
  });

  it('wait for each other, and say how many do', async () => {
    await ask(questions, jumpPassword, jumpKey);
    expect(text()).toContain('2 more questions wait');
    await fill(['a', 'b']);
    await vi.waitFor(() => expect(text()).toContain('Password for jumper@gateway:2222'));
    expect(text()).toContain('One more question waits');
  });

  it('name the server that asks where it is one on the way', async () => {
    await ask(jumpPassword);
    expect(text()).toContain('Asked by jumper@gateway:2222, which is on the way to shed (root@shed).');
    await fill(['hop']);
    expect(answers()).toEqual([{ promptId: 's1', answer: { kind: 'secret', value: 'hop', remember: false } }]);
  });

  it('ask about the key of the server that shows it', async () => {
    await ask(jumpKey);
    expect(text()).toContain('Is this gateway?');
    expect(text()).toContain('gateway is on the way to shed (root@shed), and has a key of its own.');
  });

  it('are called off by Escape, which gives the connection up', async () => {
    await ask(questions);
    dialog()!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await vi.waitFor(() => expect(answers()).toEqual([{ promptId: 'q1', answer: { kind: 'cancel' } }]));
  });
});
