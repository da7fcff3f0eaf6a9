import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp, nextTick } from 'vue';
import { checkContract, invoke } from '../api/client';
import { startStores } from '../stores/start-stores';
import { presentError } from './errors/present-error';
import App from './App.vue';
import { createAppRouter } from './router';
import './main.css';

/**
 * Shows the window, once it knows what its first picture needs. What is asked of main goes out first: while main loads its
 * services to answer, the shell is built beside the document, and put into it complete. Errors that no screen handled end
 * up in the presenter.
 */
export async function startApp(): Promise<void> {
  const app = createApp(App);
  app.config.errorHandler = (error) => presentError(error);
  window.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    presentError(event.reason);
  });
  app.use(createPinia());
  const failures: unknown[] = [];
  const loaded = startStores((error) => failures.push(error));
  const router = createAppRouter(loaded);
  app.use(router).use(ui);
  const root = document.querySelector('#app')!;
  root.remove();
  app.mount(root);
  await router.isReady();
  await nextTick();
  // First of all: menus and dialogs, whose places in the body were made by mounting, are painted above what comes before them.
  document.body.prepend(root);
  for (const failure of failures) presentError(failure);
  // A message sent in a frame arrives when that was painted: benchmarks and tests wait for this.
  const { port1: painted, port2: frame } = new MessageChannel();
  painted.onmessage = () => {
    painted.close();
    performance.mark('netwright:useful');
    tellShown();
  };
  requestAnimationFrame(() => frame.postMessage(null));
  // A window that starts minimized paints nothing.
  setTimeout(tellShown, 1000);
}

let wasToldShown = false;

function tellShown(): void {
  if (wasToldShown) return;
  wasToldShown = true;
  void invoke('app.shown', undefined);
  void checkContract();
}
