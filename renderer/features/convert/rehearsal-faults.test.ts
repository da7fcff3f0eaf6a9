import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { rehearsalFaults } from '../../../shared/domain/rehearsal-fault';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import RehearsalFaults from './RehearsalFaults.vue';

let bridge: FakeBridge;
let menu: VueWrapper;

beforeEach(async () => {
  bridge = createFakeBridge({ variant: 'full' });
  vi.stubGlobal('netwright', bridge);
  // UButton asks for the place, though these lead to none.
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: RehearsalFaults }] });
  menu = mount(RehearsalFaults, { props: { state: 'TRIAL' }, global: { plugins: [ui, router] }, attachTo: document.body });
  await flushPromises();
});
afterEach(() => {
  menu.unmount();
  vi.unstubAllGlobals();
});

async function press(label: string): Promise<void> {
  await menu.findAll('button').find((button) => button.text() === label)!.trigger('click');
  await flushPromises();
}
const happening = (): string[] => menu.findAll('.active').map((row) => row.find('b').text());

it('offers everything that may go wrong, and says what the host makes of it', () => {
  expect(menu.findAll('li')).toHaveLength(rehearsalFaults.length);
  expect(menu.text()).toContain('… the power fails now?');
  expect(menu.text()).toContain('with the old network unless the new one was confirmed');
  expect((menu.element as HTMLDetailsElement).open).toBe(false);
});

it('makes it happen, shows that it does, and puts it right', async () => {
  await press('Pull it out');
  expect(bridge.calls.at(-1)).toMatchObject({ name: 'practice.fault', input: { fault: 'cable', strikes: true } });
  expect(happening()).toEqual(['… the cable falls out now? happens now']);
  expect((menu.element as HTMLDetailsElement).open).toBe(true);
  await press('Plug it in');
  expect(happening()).toEqual([]);
});

it('asks again when the conversion goes on: what went wrong may be right by then', async () => {
  await press('Silence it');
  await bridge.invoke('practice.fault', { fault: 'gateway', strikes: false });
  await menu.setProps({ state: 'REVERTED' });
  await flushPromises();
  expect(happening()).toEqual([]);
});

it('says why something can\'t happen', async () => {
  await press('Close it');
  expect(menu.text()).toContain('No conversion is under way');
});
