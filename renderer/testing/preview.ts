/**
 * The window on fixtures, in any browser: `/testing/preview.html?variant=full&theme=dark#/hosts/attic/networks`.
 * Served by the development server only; nothing in the app imports it.
 */
import type { Settings } from '../../shared/contract/app';
import { startApp } from '../app/start-app';
import { createFakeBridge } from './fake-bridge';
import type { FakeBridge } from './fake-bridge';
import { fakeVariants } from './fake-state';

declare global {
  interface Window {
    /** For scripts that drive the preview. */
    fakeBridge: FakeBridge;
  }
}

const query = new URLSearchParams(window.location.search);
const variant = fakeVariants.find((candidate) => candidate === query.get('variant')) ?? 'full';
const bridge = createFakeBridge({ variant, stepDelayMs: 300 });
bridge.state.settings = { ...bridge.state.settings, theme: (query.get('theme') ?? 'system') as Settings['theme'] };
Object.assign(window, { netwright: bridge, fakeBridge: bridge });

void startApp();
