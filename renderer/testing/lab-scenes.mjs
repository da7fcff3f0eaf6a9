// @ts-check
/** Pictures of labs: the list, the gallery, the wizard and the editor. Scenes for screenshots.mjs. */

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, variant: string, hash: string, act?: (page: Page) => Promise<void>, sizes?: ('small' | 'large')[] }} Scene */

const labs = '/hosts/attic/labs';

/** Selects `word` in the editor and types over it. @param {Page} page @param {string} word @param {string} text */
async function typeOver(page, word, text) {
  await page.locator('.cm-content').waitFor();
  await page.evaluate((wanted) => {
    const walker = document.createTreeWalker(/** @type {Node} */ (document.querySelector('.cm-content')), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(wanted) ?? -1;
      if (at >= 0) {
        /** @type {HTMLElement} */ (document.querySelector('.cm-content')).focus();
        document.getSelection()?.setBaseAndExtent(node, at, node, at + wanted.length);
        return;
      }
    }
    throw new Error(`${wanted} is not in the editor`);
  }, word);
  await page.keyboard.type(text);
}

/** @param {Page} page */
const next = async (page) => { await page.getByRole('table', { name: 'Networks of the lab' }).waitFor(); await page.getByRole('button', { name: 'Next' }).click(); };

/** Tests a lab of the list, and waits for what `seen` says. @param {string} lab @param {string | RegExp} seen */
const tested = (lab, seen) => async (/** @type {Page} */ page) => {
  const block = page.getByRole('region', { name: lab, exact: true });
  await block.getByRole('button', { name: 'Test connectivity' }).click();
  await block.getByText(seen).first().waitFor();
};

/** @type {Scene[]} */
export const labScenes = [
  { name: 'labs', variant: 'labs', hash: labs },
  { name: 'labs-inspector', variant: 'labs', hash: labs, sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'campus-campus', exact: true }).click(); } },
  { name: 'labs-empty', variant: 'full', hash: labs },
  { name: 'labs-bare', variant: 'bare', hash: labs, sizes: ['small'] },
  { name: 'labs-gallery', variant: 'full', hash: `${labs}/new` },
  { name: 'labs-gallery-no-ovs', variant: 'full', hash: '/hosts/basement/labs/new', sizes: ['small'] },
  { name: 'labs-no-ovs', variant: 'full', hash: '/hosts/basement/labs/new/vlan-campus', sizes: ['small'] },
  { name: 'labs-wizard', variant: 'full', hash: `${labs}/new/kubernetes`, act: async (page) => { await page.getByRole('table', { name: 'Networks of the lab' }).waitFor(); } },
  { name: 'labs-wizard-name', variant: 'labs', hash: `${labs}/new/storage`, sizes: ['small'], act: async (page) => { await page.getByLabel('Name', { exact: true }).fill('ceph'); await page.keyboard.press('Tab'); await page.getByText('on this host already').waitFor(); } },
  { name: 'labs-wizard-review', variant: 'full', hash: `${labs}/new/storage`, act: async (page) => { await next(page); await page.getByRole('heading', { name: /^Review: / }).waitFor(); } },
  {
    name: 'labs-wizard-result', variant: 'full', hash: `${labs}/new/storage`,
    act: async (page) => { await next(page); await page.getByRole('button', { name: 'Create lab' }).click(); await page.getByText('What next').waitFor(); },
  },
  {
    name: 'labs-wizard-result-router', variant: 'full', hash: `${labs}/new/firewall`,
    act: async (page) => { await next(page); await page.getByRole('button', { name: 'Create lab' }).click(); await page.getByText('Everybody reaches whom they should').waitFor({ timeout: 40_000 }); },
  },
  { name: 'labs-test-differs', variant: 'labs', hash: labs, act: async (page) => { await tested('ceph', 'not as this lab promises')(page); await tested('campus', 'Everybody reaches whom they should')(page); await page.getByRole('region', { name: 'ceph', exact: true }).scrollIntoViewIfNeeded(); } },
  { name: 'labs-test-running', variant: 'labs', hash: labs, sizes: ['small'], act: tested('bgp-with-a-name-as-long-as-it-is', 'Trying who reaches whom') },
  { name: 'labs-test-all', variant: 'labs', hash: labs, sizes: ['small'], act: async (page) => { await tested('ceph', 'not as this lab promises')(page); await page.getByRole('button', { name: /^Show all/ }).click(); } },
  { name: 'labs-editor', variant: 'labs', hash: `${labs}/ceph/edit`, act: async (page) => { await page.getByText('It fits attic').waitFor(); } },
  { name: 'labs-editor-campus', variant: 'labs', hash: `${labs}/campus/edit`, sizes: ['small'], act: async (page) => { await page.getByText('It fits attic').waitFor(); } },
  { name: 'labs-editor-mistakes', variant: 'labs', hash: `${labs}/ceph/edit`, act: async (page) => { await typeOver(page, 'isolated', 'isolatd'); await page.locator('.problems .error').waitFor(); } },
  { name: 'labs-editor-clash', variant: 'labs', hash: `${labs}/file`, sizes: ['small'], act: async (page) => { await typeOver(page, 'lab', 'ceph'); await page.locator('.problems .warning').waitFor(); } },
  { name: 'labs-editor-review', variant: 'labs', hash: `${labs}/ceph/edit`, sizes: ['small'], act: async (page) => { await typeOver(page, '9000', '8900'); await page.keyboard.press('Control+s'); await page.getByRole('heading', { name: /lab ceph/ }).waitFor(); } },
  { name: 'labs-editor-drift', variant: 'labs', hash: `${labs}/campus/edit`, act: async (page) => { await page.getByRole('button', { name: 'Show the file' }).waitFor(); await page.getByText('It fits attic').waitFor(); } },
  { name: 'labs-editor-versions', variant: 'labs', hash: `${labs}/ceph/edit`, sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'Earlier versions' }).click(); await page.getByRole('menu').waitFor(); } },
  { name: 'labs-wizard-roles', variant: 'full', hash: `${labs}/new/storage`, sizes: ['small'], act: async (page) => { await page.getByLabel('Machine for node-1').selectOption('web1'); await page.locator('svg.lab-picture[aria-label*=web1]').waitFor(); await page.getByLabel('Machine for client').scrollIntoViewIfNeeded(); } },
  { name: 'labs-destroy', variant: 'labs', hash: labs, sizes: ['small'], act: async (page) => { await page.getByRole('region', { name: 'campus' }).getByRole('button', { name: 'Destroy…' }).click(); await page.getByRole('button', { name: 'Destroy the lab' }).waitFor(); } },
  { name: 'labs-clone', variant: 'labs', hash: labs, sizes: ['small'], act: async (page) => { await page.getByRole('region', { name: 'ceph' }).getByRole('button', { name: 'Clone…' }).click(); await page.getByRole('dialog').waitFor(); } },
  { name: 'labs-from-networks', variant: 'labs', hash: labs, sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'Lab file', exact: true }).click(); await page.getByRole('menuitem', { name: 'Make one of networks…' }).click(); await page.getByRole('dialog').waitFor(); } },
  { name: 'labs-networks', variant: 'labs', hash: '/hosts/attic/networks', act: async (page) => { await page.locator('tr.row', { hasText: 'ceph-public' }).click(); await page.getByText('there called').waitFor(); } },
];
