// @ts-check
/** Pictures of the XML editor, of its three-way choice, and of import and export: scenes for screenshots.mjs. */

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, variant: string, hash: string, act?: (page: Page) => Promise<void>, sizes?: ('small' | 'large')[] }} Scene */

const uuid = 'a0000001-0000-4000-8000-000000000000';
const editor = `/hosts/attic/networks/${uuid}/xml`;

/** @param {Page} page */
const ready = async (page) => { await page.locator('.cm-content').waitFor(); };

/** Puts the cursor behind the first `after` and types. @param {Page} page @param {string} after @param {string} text */
async function typeBehind(page, after, text) {
  await ready(page);
  await page.evaluate((wanted) => {
    const walker = document.createTreeWalker(/** @type {Node} */ (document.querySelector('.cm-content')), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(wanted) ?? -1;
      if (at >= 0) {
        /** @type {HTMLElement} */ (document.querySelector('.cm-content')).focus();
        document.getSelection()?.collapse(node, at + wanted.length);
        return;
      }
    }
  }, after);
  await page.keyboard.type(text);
}

/** @param {Page} page @param {string} from @param {string} to */
async function changeOnHost(page, from, to) {
  await page.evaluate(async ({ id, before, after }) => {
    const { fakeBridge } = /** @type {any} */ (window);
    const { value } = await fakeBridge.invoke('inventory.xml', { hostId: 'attic', object: 'network', uuid: id });
    fakeBridge.state.changedXml.set(id, value.persistent.replace(before, after));
    await fakeBridge.invoke('inventory.refresh', { hostId: 'attic', scope: 'all' });
  }, { id: uuid, before: from, after: to });
  await page.getByText('since you opened it').waitFor();
}

/** @param {Page} page */
async function openImport(page) {
  await page.getByRole('button', { name: 'XML', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Import XML…' }).click();
  await page.getByRole('dialog').waitFor();
}

/** @type {Scene[]} */
export const xmlScenes = [
  { name: 'xml-editor', variant: 'full', hash: editor, act: async (page) => { await ready(page); await page.getByText('accepts it').waitFor(); } },
  { name: 'xml-new', variant: 'full', hash: '/hosts/attic/networks/new/xml', sizes: ['small'], act: ready },
  { name: 'xml-faults', variant: 'full', hash: editor, act: async (page) => { await typeBehind(page, '192.168.122.254', '9'); await page.getByText('is not inside').or(page.getByText('needs a start')).first().waitFor(); } },
  { name: 'xml-broken', variant: 'full', hash: editor, sizes: ['small'], act: async (page) => { await typeBehind(page, 'default', '<x'); await page.locator('.problems .error').waitFor(); } },
  { name: 'xml-completion', variant: 'full', hash: editor, sizes: ['small'], act: async (page) => { await typeBehind(page, 'virbr0', ''); await page.keyboard.press('End'); await page.keyboard.type('\n<'); await page.locator('.cm-tooltip-autocomplete').waitFor(); } },
  { name: 'xml-find', variant: 'full', hash: editor, sizes: ['small'], act: async (page) => { await typeBehind(page, 'virbr0', ''); await page.keyboard.press('Control+f'); await page.locator('.cm-search').waitFor(); await page.keyboard.type('192'); } },
  { name: 'xml-running', variant: 'full', hash: editor, act: async (page) => { await ready(page); await page.getByRole('tab', { name: 'Running and next start' }).click(); await page.locator('.cm-mergeView').waitFor(); } },
  { name: 'xml-merge', variant: 'full', hash: editor, act: async (page) => { await typeBehind(page, 'virbr0', '9'); await changeOnHost(page, '192.168.122.254', '192.168.122.99'); } },
  {
    name: 'xml-conflict', variant: 'full', hash: editor,
    act: async (page) => { await typeBehind(page, 'virbr0', '9'); await changeOnHost(page, 'virbr0', 'virbr5'); await page.getByRole('button', { name: 'Merge both' }).click(); await page.getByText('1 to settle').waitFor(); },
  },
  { name: 'xml-review', variant: 'full', hash: editor, act: async (page) => { await typeBehind(page, 'virbr0', '9'); await page.keyboard.press('Control+s'); await page.getByRole('tab', { name: /XML/ }).waitFor(); await page.getByRole('tab', { name: /XML/ }).click(); } },
  { name: 'xml-leave', variant: 'full', hash: editor, sizes: ['small'], act: async (page) => { await typeBehind(page, 'virbr0', '9'); await page.getByRole('button', { name: 'Cancel' }).click(); await page.getByRole('dialog').waitFor(); } },
  {
    name: 'form-merge', variant: 'full', hash: '/hosts/attic/networks/a0000005-0000-4000-8000-000000000000/edit',
    act: async (page) => {
      await page.getByLabel('Host’s address', { exact: true }).fill('10.20.30.2');
      await page.evaluate(async () => {
        const { fakeBridge } = /** @type {any} */ (window);
        const { value } = await fakeBridge.invoke('networks.draft', { hostId: 'attic', uuid: 'a0000005-0000-4000-8000-000000000000' });
        fakeBridge.handle('networks.draft', () => ({ ...value, spec: { ...value.spec, title: 'Theirs', mtu: 1400, ipv4: { ...value.spec.ipv4, address: '10.20.30.254', dhcp: { ...value.spec.ipv4.dhcp, ranges: [{ start: '10.20.30.50', end: '10.20.30.99' }] } } } }));
        await fakeBridge.invoke('inventory.refresh', { hostId: 'attic', scope: 'all' });
      });
      await page.getByText('since you opened this form').waitFor();
    },
  },
  { name: 'xml-import', variant: 'full', hash: '/hosts/attic/networks', act: async (page) => { await openImport(page); await page.getByRole('button', { name: 'Choose files…' }).click(); await page.getByText('from lab.xml').waitFor(); } },
  { name: 'xml-import-empty', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: openImport },
  { name: 'xml-export', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'XML', exact: true }).click(); await page.getByRole('menuitem', { name: 'Export XML…' }).click(); await page.getByRole('dialog').waitFor(); } },
  { name: 'xml-rename', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'Actions for default' }).click(); await page.getByRole('menuitem', { name: 'Rename…' }).click(); await page.getByRole('dialog').waitFor(); } },
];
