import { createRouter, createWebHashHistory } from 'vue-router';
import type { Router, RouteRecordRaw } from 'vue-router';
import { addressedKinds } from '../../shared/domain/network-kinds';
import { attachedKinds } from '../../shared/domain/network-kinds';
import WelcomePage from '../features/hosts/WelcomePage.vue';
import { useHosts } from '../stores/hosts';
import { useSettings } from '../stores/settings';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown in the top bar in place of the host's name. */
    title?: string;
    /** Takes the whole room beside the rail: no inspector, no dock. */
    sheet?: boolean;
    /** Works on what is known of a host; shown only when there is something. */
    needsSnapshot?: boolean;
  }
}

/** The places of a host, in the order of the rail. */
export const places = ['map', 'networks', 'machines', 'switches', 'labs', 'history', 'health'] as const;
export type Place = (typeof places)[number];

/** The wizard of each family of kinds, by the last part of the path; a kind without a wizard leads back to the choice. */
const wizardRoutes: RouteRecordRaw[] = [
  {
    path: `networks/new/:kind(${addressedKinds.join('|')})`, name: 'new-addressed-network', component: () => import('../features/networks-wizard/AddressedWizard.vue'),
    meta: { needsSnapshot: true, sheet: true, title: 'New network' },
  },
  {
    path: `networks/new/:kind(${attachedKinds.join('|')})`, name: 'new-attached-network', component: () => import('../features/attached-wizard/AttachedWizard.vue'),
    meta: { needsSnapshot: true, sheet: true, title: 'New network' },
  },
  { path: 'networks/new/:kind', redirect: (to) => ({ name: 'new-network', params: { hostId: to.params['hostId'] } }) },
];

const labRoutes: RouteRecordRaw[] = [
  { path: 'labs', name: 'labs', component: () => import('../features/labs/LabsPage.vue'), meta: { needsSnapshot: true } },
  { path: 'labs/new', name: 'new-lab', component: () => import('../features/labs/LabGalleryPage.vue'), meta: { needsSnapshot: true, sheet: true, title: 'New lab' } },
  { path: 'labs/new/:template', name: 'new-lab-from', component: () => import('../features/labs/LabWizard.vue'), meta: { needsSnapshot: true, sheet: true, title: 'New lab' } },
  // A draft (a file, a clone) is named in the query; without one it is the lab as the host has it.
  { path: 'labs/file', name: 'lab-file', component: () => import('../features/labs/LabEditorPage.vue'), meta: { needsSnapshot: true, sheet: true, title: 'Lab file' } },
  { path: 'labs/:lab/edit', name: 'edit-lab', component: () => import('../features/labs/LabEditorPage.vue'), meta: { needsSnapshot: true, sheet: true, title: 'Edit lab' } },
];

const hostRoutes: RouteRecordRaw[] = [
  { path: 'map', name: 'map', component: () => import('../features/map/MapView.vue'), meta: { needsSnapshot: true } },
  { path: 'networks', name: 'networks', component: () => import('../features/networks/NetworksPage.vue'), meta: { needsSnapshot: true } },
  { path: 'machines', name: 'machines', component: () => import('../features/machines/MachinesPage.vue'), meta: { needsSnapshot: true } },
  { path: 'switches', name: 'switches', component: () => import('../features/switches/SwitchesPage.vue'), meta: { needsSnapshot: true } },
  ...labRoutes,
  {
    path: 'convert', name: 'convert', component: () => import('../features/convert/ConvertPage.vue'),
    meta: { needsSnapshot: true, sheet: true, title: 'The host’s own network' },
  },
  { path: 'history', name: 'history', component: () => import('../features/history/HistoryPage.vue') },
  { path: 'health', name: 'health', component: () => import('../features/preflight/HealthPage.vue') },
  {
    path: 'networks/new', name: 'new-network', component: () => import('../features/network-kinds/NetworkKindsPage.vue'),
    meta: { needsSnapshot: true, sheet: true, title: 'New network' },
  },
  ...wizardRoutes,
  {
    path: 'networks/:uuid/edit-attached', name: 'edit-attached-network', component: () => import('../features/attached-wizard/AttachedWizard.vue'),
    meta: { needsSnapshot: true, sheet: true, title: 'Edit network' },
  },
  {
    path: 'networks/:uuid/edit', name: 'edit-network', component: () => import('../features/networks-wizard/AddressedWizard.vue'),
    meta: { needsSnapshot: true, sheet: true, title: 'Edit network' },
  },
  {
    path: 'networks/new/xml', name: 'new-network-xml', component: () => import('../features/network-xml/NetworkXmlPage.vue'),
    meta: { needsSnapshot: true, sheet: true, title: 'New network from XML' },
  },
  {
    path: 'networks/:uuid/xml', name: 'network-xml', component: () => import('../features/network-xml/NetworkXmlPage.vue'),
    meta: { needsSnapshot: true, sheet: true, title: 'XML definition' },
  },
];

/**
 * Routes in the part after `#`. At start: the host that was looked at last, or the welcome page.
 *
 * @param loaded settles when hosts and settings are known, which decide where to go
 */
export function createAppRouter(loaded: Promise<unknown>): Router {
  const hosts = useHosts();
  const settings = useSettings();
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      {
        path: '/', name: 'welcome', component: WelcomePage, meta: { title: 'Welcome' },
        beforeEnter: (_to, from) => {
          const { lastHostId } = settings.settings;
          if (from.matched.length === 0 && lastHostId && hosts.byId.has(lastHostId)) return { name: 'map', params: { hostId: lastHostId } };
          return true;
        },
      },
      {
        path: '/hosts/:hostId', component: () => import('./shell/HostFrame.vue'), props: true, children: hostRoutes,
        redirect: (to) => ({ name: 'map', params: to.params }),
        beforeEnter: (to) => hosts.byId.has(String(to.params['hostId'])) || { name: 'welcome' },
      },
      { path: '/:rest(.*)*', redirect: { name: 'welcome' } },
    ],
  });
  router.beforeEach(async () => { await loaded; });
  router.afterEach((to) => {
    const { hostId } = to.params;
    if (typeof hostId === 'string' && hostId !== settings.settings.lastHostId) void settings.update({ lastHostId: hostId });
  });
  return router;
}
