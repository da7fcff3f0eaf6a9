// @ts-check
/** Pictures of the wizards of networks that are attached to something of the host: scenes for screenshots.mjs. */

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, variant: string, hash: string, act?: (page: Page) => Promise<void>, sizes?: ('small' | 'large')[] }} Scene */

/** @param {string} kind */
const fresh = (kind) => `/hosts/attic/networks/new/${kind}`;
const trunk = '/hosts/attic/networks/a0000003-0000-4000-8000-000000000000/edit-attached';

/** @type {(times: number) => (page: Page) => Promise<void>} */
const next = (times) => async (page) => { for (let at = 0; at < times; at += 1) await page.getByRole('button', { name: 'Next' }).click(); };

/** @param {Page} page */
async function makeSwitch(page) {
  await page.getByLabel('Make a new one').check();
  await next(1)(page);
  await page.getByRole('button', { name: 'Home with cameras and a router' }).click();
}

/** @type {Scene[]} */
export const attachedScenes = [
  { name: 'attached-bridged', variant: 'full', hash: fresh('bridged') },
  { name: 'attached-bridged-options', variant: 'full', hash: fresh('bridged'), sizes: ['small'], act: async (page) => { await next(1)(page); await page.getByText('Speed limits by portgroup').click(); } },
  { name: 'attached-bridged-review', variant: 'full', hash: fresh('bridged'), act: async (page) => { await next(2)(page); await page.getByText('Nothing has changed on attic yet').waitFor(); } },
  { name: 'attached-bridged-none', variant: 'empty', hash: fresh('bridged') },
  { name: 'attached-macvtap', variant: 'full', hash: fresh('macvtap') },
  {
    name: 'attached-macvtap-errors', variant: 'full', hash: fresh('macvtap'), sizes: ['small'],
    act: async (page) => { await page.getByRole('textbox', { name: 'Name', exact: true }).fill('lan'); await page.getByLabel('Mode').selectOption('passthrough'); await next(1)(page); },
  },
  { name: 'attached-ovs', variant: 'full', hash: fresh('ovs') },
  { name: 'attached-ovs-vlans', variant: 'full', hash: fresh('ovs'), act: makeSwitch },
  {
    name: 'attached-ovs-errors', variant: 'full', hash: fresh('ovs'), sizes: ['small'],
    act: async (page) => { await makeSwitch(page); await page.getByLabel('VLAN of trusted').fill('4095'); await page.getByLabel('VLANs of router').fill('10, 20, 10'); await page.getByLabel('Name of portgroup 2').fill('cameras'); await next(1)(page); },
  },
  { name: 'attached-ovs-options', variant: 'full', hash: fresh('ovs'), sizes: ['small'], act: async (page) => { await makeSwitch(page); await next(1)(page); } },
  { name: 'attached-ovs-review', variant: 'full', hash: fresh('ovs'), act: async (page) => { await makeSwitch(page); await next(2)(page); await page.getByText('Nothing has changed on attic yet').waitFor(); } },
  { name: 'attached-ovs-verified', variant: 'full', hash: fresh('ovs'), sizes: ['small'], act: async (page) => { await makeSwitch(page); await next(2)(page); await page.getByRole('button', { name: 'Create network' }).click(); await page.getByText('Done and verified').waitFor(); } },
  { name: 'attached-ovs-edit', variant: 'full', hash: trunk, sizes: ['small'], act: next(1) },
  { name: 'attached-ovs-edit-review', variant: 'full', hash: trunk, sizes: ['small'], act: async (page) => { await next(1)(page); await page.getByLabel('VLAN of cameras').fill('21'); await next(2)(page); await page.getByText('When does it take effect?').waitFor(); } },
  { name: 'attached-sriov-none', variant: 'full', hash: fresh('sriov'), sizes: ['small'] },
];
