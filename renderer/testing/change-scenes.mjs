// @ts-check
/** Pictures of making, reviewing and looking back at changes, and of the map: scenes for screenshots.mjs. */

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, variant: string, hash: string, act?: (page: Page) => Promise<void>, sizes?: ('small' | 'large')[] }} Scene */

const wizard = '/hosts/attic/networks/new/nat';
const wizardOf = (/** @type {string} */ kind) => `/hosts/attic/networks/new/${kind}`;
const dmz = '/hosts/attic/networks/a0000005-0000-4000-8000-000000000000/edit';

/** @param {Page} page @param {'DHCP and names' | 'Options' | 'Review'} title */
async function goTo(page, title) {
  for (const heading of ['DHCP and names', 'Options', 'Review']) {
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: heading === 'Review' ? /^Review: / : heading, level: 2 }).waitFor();
    if (heading === title) return;
  }
}

/** @type {(title: 'DHCP and names' | 'Options' | 'Review') => (page: Page) => Promise<void>} */
const step = (title) => (page) => goTo(page, title);

/** @type {(tab: string) => (page: Page) => Promise<void>} */
const reviewTab = (tab) => async (page) => { await goTo(page, 'Review'); await page.getByRole('tab', { name: tab }).click(); };

/** @param {Page} page @param {string} label */
async function create(page, label = 'Create network') {
  await goTo(page, 'Review');
  await page.getByRole('button', { name: label }).click();
}

/** The last step fails and the others are taken back, one command with output each. @param {Page} page @param {'rolled-back' | 'half-done'} outcome */
async function failApply(page, outcome) {
  await page.evaluate((wanted) => {
    const { fakeBridge } = /** @type {any} */ (window);
    const apply = fakeBridge.invoke;
    fakeBridge.handle('plan.apply', async (/** @type {any} */ { hostId, intent }) => {
      const { value: plan } = await apply('plan.preview', { hostId, intent });
      const last = plan.steps.length - 1;
      const stderr = 'error: Failed to start network nat1\nerror: internal error: Network is already in use by interface enp3s0';
      const fine = { exitCode: 0, stdout: '', stderr: '', durationMs: 34 };
      return {
        id: 'run-9', plan, phase: 'ended', cancelled: false, outcome: wanted, startedAt: '2026-11-24T00:10:00.000Z', endedAt: '2026-11-24T00:10:00.412Z',
        error: wanted === 'half-done'
          ? { code: 'ssh.closed', title: 'The connection was cut', detail: '10.0.0.12 closed the connection.', hint: 'Connect again and look at the network before trying again.' }
          : { code: 'plan.step-failed', title: 'A step failed', detail: 'virsh net-start ended with 1.' },
        steps: plan.steps.map((/** @type {any} */ _step, /** @type {number} */ at) => {
          if (wanted === 'half-done') return { state: at < last ? 'done' : 'unknown', outcome: at < last ? fine : null, inverseOutcomes: [] };
          return at < last ? { state: 'undone', outcome: fine, inverseOutcomes: [fine] } : { state: 'failed', outcome: { ...fine, exitCode: 1, stderr, durationMs: 212 }, inverseOutcomes: [] };
        }),
        checks: plan.checks.map(() => ({ state: 'not-run', detail: '' })),
      };
    });
  }, outcome);
  await create(page);
  await page.getByRole('status').filter({ hasText: outcome === 'half-done' ? 'Half done' : 'Not done' }).waitFor();
}

/** @param {Page} page */
const mapDrawn = (page) => page.locator('.vue-flow__node').first().waitFor();

/** @type {Scene[]} */
export const changeScenes = [
  { name: 'wizard-dhcp', variant: 'full', hash: wizard, sizes: ['small'], act: step('DHCP and names') },
  { name: 'wizard-options', variant: 'full', hash: wizard, sizes: ['small'], act: step('Options') },
  { name: 'wizard-review', variant: 'full', hash: wizard, act: step('Review') },
  { name: 'wizard-review-commands', variant: 'full', hash: wizard, sizes: ['small'], act: reviewTab('Commands') },
  { name: 'wizard-review-xml', variant: 'full', hash: wizard, sizes: ['small'], act: reviewTab('XML') },
  { name: 'wizard-review-undo', variant: 'full', hash: wizard, sizes: ['small'], act: reviewTab('Undo') },
  {
    name: 'wizard-errors', variant: 'full', hash: wizard, sizes: ['small'],
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('attic/web');
      await page.getByRole('textbox', { name: 'Subnet', exact: true }).fill('192.168.122.0/24');
      await page.getByRole('textbox', { name: 'Subnet', exact: true }).blur();
      await page.getByRole('button', { name: 'Next' }).click();
    },
  },
  {
    name: 'wizard-errors-rows', variant: 'full', hash: wizard, sizes: ['small'],
    act: async (page) => {
      await goTo(page, 'DHCP and names');
      await page.getByLabel('Last address, row 1').first().fill('10.20.31.9');
      await page.getByRole('button', { name: 'Add a static lease' }).click();
      await page.getByLabel('MAC address, row 1').fill('52:54:00:12:34');
      await page.getByLabel('IPv6 as well').check();
      await page.getByRole('button', { name: 'Next' }).click();
    },
  },
  { name: 'wizard-long', variant: 'long-names', hash: wizard, sizes: ['small'], act: async (page) => { await page.getByRole('textbox', { name: 'Name', exact: true }).fill('a-network-for-everything-that-nobody-wants-to-name-any-shorter-1'); await goTo(page, 'Review'); } },
  { name: 'wizard-leave', variant: 'full', hash: wizard, sizes: ['small'], act: async (page) => { await page.getByRole('textbox', { name: 'Name', exact: true }).fill('lab-web'); await page.keyboard.press('Escape'); await page.getByRole('dialog').waitFor(); } },
  { name: 'wizard-edit', variant: 'full', hash: dmz, sizes: ['small'] },
  { name: 'wizard-edit-dhcp', variant: 'full', hash: dmz, sizes: ['small'], act: step('DHCP and names') },
  { name: 'wizard-edit-review', variant: 'full', hash: dmz, sizes: ['small'], act: reviewTab('XML') },
  { name: 'wizard-applying', variant: 'full', hash: wizard, sizes: ['small'], act: async (page) => { await create(page); await page.getByRole('status').filter({ hasText: 'Step 2 of 3' }).waitFor(); } },
  { name: 'wizard-verified', variant: 'full', hash: wizard, act: async (page) => { await create(page); await page.getByText('Done and verified').waitFor(); } },
  { name: 'wizard-rolled-back', variant: 'full', hash: wizard, act: (page) => failApply(page, 'rolled-back') },
  { name: 'wizard-half-done', variant: 'full', hash: wizard, sizes: ['small'], act: (page) => failApply(page, 'half-done') },
  { name: 'history-detail', variant: 'full', hash: '/hosts/attic/history', act: async (page) => { await page.getByRole('row').nth(1).click(); await page.getByRole('list', { name: 'Steps' }).waitFor(); } },
  { name: 'history-undo', variant: 'full', hash: '/hosts/attic/history', sizes: ['small'], act: async (page) => { await page.getByRole('row', { name: /Start lab-dmz/ }).click(); await page.getByRole('button', { name: 'Undo…' }).click(); await page.getByRole('tab', { name: 'What happens' }).waitFor(); } },
  { name: 'history-all', variant: 'full', hash: '/hosts/attic/history', sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'All hosts' }).click(); await page.getByRole('columnheader', { name: 'Host' }).waitFor(); } },
  { name: 'history-empty', variant: 'empty', hash: '/hosts/attic/history', sizes: ['small'] },
  { name: 'map-crowded', variant: 'crowded', hash: '/hosts/attic/map', act: mapDrawn },
  { name: 'map-long', variant: 'long-names', hash: '/hosts/attic/map', sizes: ['small'], act: mapDrawn },
  { name: 'map-stale', variant: 'stale', hash: '/hosts/attic/map', sizes: ['small'], act: mapDrawn },
  { name: 'map-empty', variant: 'empty', hash: '/hosts/attic/map', sizes: ['small'] },
  { name: 'map-list', variant: 'full', hash: '/hosts/attic/map', sizes: ['small'], act: async (page) => { await mapDrawn(page); await page.getByRole('button', { name: 'List', exact: true }).click(); } },
];
