import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp, h } from 'vue';
import { createRouter, createWebHashHistory, RouterView } from 'vue-router';
import { startStores } from '../stores/start-stores';
import { usePlanReview } from '../stores/plan-review';
import PlanReview from '../features/plan-review/PlanReview.vue';
import UApp from '@nuxt/ui/components/App.vue';
import { createFakeBridge } from './fake-bridge';
import '../app/main.css';
const query = new URLSearchParams(location.search);
const bridge = createFakeBridge({ variant: (query.get('variant') ?? 'full') as never, stepDelayMs: Number(query.get('delay') ?? 150) });
Object.assign(window, { netwright: bridge, fakeBridge: bridge });
document.documentElement.classList.toggle('dark', query.get('theme') === 'dark');
const router = createRouter({ history: createWebHashHistory(), routes: [
  { path: '/hosts/:hostId/map', name: 'map', component: () => import('../features/map/MapView.vue') },
  { path: '/hosts/:hostId/history', name: 'history', component: () => import('../features/history/HistoryPage.vue') },
  { path: '/hosts/:hostId/networks', name: 'networks', component: { render: () => h('p', 'networks') } },
  { path: '/hosts/:hostId/networks/new/nat', name: 'new-nat-network', component: () => import('../features/networks-wizard/NatWizard.vue') },
  { path: '/hosts/:hostId/networks/:uuid/edit', name: 'edit-network', component: () => import('../features/networks-wizard/NatWizard.vue') },
] });
const App = { render: () => h(UApp, null, { default: () => [
  h('div', { style: 'display:grid;height:100vh;grid-template:40px minmax(0,1fr) / 208px minmax(0,1fr)' }, [
    h('div', { style: 'grid-row:1/-1;background:var(--rail)' }),
    h('div', { style: 'border-bottom:1px solid var(--line);background:var(--panel);padding:10px 14px;font-weight:600' }, 'attic'),
    h('div', { style: `min-height:0;min-width:0;${query.get('insp') ? 'margin-right:300px;' : ''}${query.get('dock') ? 'padding-bottom:176px' : ''}` }, h(RouterView)),
  ]), h(PlanReview)] }) };
const app = createApp(App);
app.config.errorHandler = (e) => { console.error(e); };
app.use(createPinia());
await startStores();
app.use(router).use(ui);
await router.isReady();
app.mount('#app');
Object.assign(window, { review: usePlanReview(), router });
