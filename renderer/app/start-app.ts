import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { startStores } from '../stores/start-stores';
import { presentError } from './errors/present-error';
import App from './App.vue';
import { createAppRouter } from './router';
import './main.css';

/**
 * Reads what the first picture needs, then shows the window. Errors that no screen handled end up in the presenter.
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
  await startStores((error) => failures.push(error));
  const router = createAppRouter();
  app.use(router).use(ui);
  await router.isReady();
  app.mount('#app');
  for (const failure of failures) presentError(failure);
  // Two frames on, what was mounted has been painted: benchmarks and tests wait for this.
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('netwright:useful')));
}
