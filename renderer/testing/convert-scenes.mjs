// @ts-check
/** Pictures of the guided bridge conversion: scenes for screenshots.mjs. */

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, variant: string, hash: string, act?: (page: Page) => Promise<void>, sizes?: ('small' | 'large')[] }} Scene */

const hash = '/hosts/attic/convert';

/** @param {Page} page */
const next = async (page) => { await page.getByRole('button', { name: 'Next' }).click(); };

/** @param {Page} page */
async function toPreflight(page) {
  await page.getByRole('heading', { name: /Which NIC/ }).waitFor();
  await page.getByRole('radio').first().waitFor();
  await next(page);
  await page.getByRole('heading', { name: 'The bridge' }).waitFor();
  await next(page);
  await page.getByRole('heading', { name: /Before you begin|can’t be converted/ }).waitFor();
}

/** @param {Page} page */
async function toReview(page) {
  await toPreflight(page);
  await page.getByRole('checkbox').check();
  await next(page);
  await page.getByRole('heading', { name: /^Review/ }).waitFor();
}

/** The run, stopped in a state. @param {string} stop @param {{ asks?: boolean }} [options] @returns {(page: Page) => Promise<void>} */
const running = (stop, { asks = false } = {}) => async (page) => {
  await page.evaluate((state) => { /** @type {any} */ (window).fakeBridge.state.conversionStop = state; }, stop);
  await toReview(page);
  if (asks) await page.getByRole('radio', { name: /When I say so/ }).check();
  await page.getByRole('button', { name: 'Convert eno1' }).click();
  await page.getByRole('button', { name: 'Leave it running' }).or(page.getByRole('button', { name: 'Done' })).first().waitFor();
  await page.waitForFunction((state) => /** @type {any} */ (window).fakeBridge.state.conversions[0]?.transaction.state === state, stop);
};

/** To the review of whatever is chosen, with its button. @param {Page} page @param {string} action */
async function begin(page, action) {
  await page.getByRole('radio').or(page.getByRole('checkbox')).first().waitFor();
  if (await page.getByRole('checkbox', { name: /go on/ }).count() === 0) await next(page);
  await page.getByRole('checkbox', { name: /go on/ }).check();
  await next(page);
  await page.getByRole('button', { name: action }).waitFor();
}

/** @param {Page} page */
async function toAddresses(page) {
  await page.getByRole('radio').first().waitFor();
  await next(page);
  await page.getByRole('heading', { name: 'Addresses of eno1' }).waitFor();
}

/** To the preflight of another address. @param {Page} page @param {string} address */
async function moveTo(page, address) {
  await toAddresses(page);
  await page.getByLabel('Address', { exact: true }).fill(address);
  await next(page);
  await page.getByRole('heading', { name: 'Before you begin' }).waitFor();
}

/** A move that runs, stopped in a state. @param {string} stop @returns {(page: Page) => Promise<void>} */
const moved = (stop) => async (page) => {
  await page.evaluate((state) => { /** @type {any} */ (window).fakeBridge.state.conversionStop = state; }, stop);
  await moveTo(page, '10.0.0.30');
  await begin(page, 'Change eno1');
  await page.getByRole('button', { name: 'Change eno1' }).click();
  await page.waitForFunction((state) => /** @type {any} */ (window).fakeBridge.state.conversions[0]?.transaction.state === state, stop);
};

/** @param {() => object} change @returns {(page: Page) => Promise<void>} */
const changed = (change) => async (page) => {
  await page.evaluate((text) => {
    const { fakeBridge } = /** @type {any} */ (window);
    const [run] = fakeBridge.state.conversions;
    // A function of this file, taken there as text.
    const next = { ...run, ...(new Function(`return (${text})`)())() };
    fakeBridge.state.conversions = [next];
    fakeBridge.emit('conversion.progress', next);
  }, change.toString());
};

/** @type {Scene[]} */
export const convertScenes = [
  { name: 'convert-nic', variant: 'full', hash },
  { name: 'convert-nic-long', variant: 'long-names', hash },
  { name: 'convert-nic-empty', variant: 'empty', hash, sizes: ['small'] },
  { name: 'convert-nic-stale', variant: 'stale', hash, sizes: ['small'] },
  { name: 'convert-bridge', variant: 'full', hash, sizes: ['small'], act: async (page) => { await page.getByRole('radio').first().waitFor(); await next(page); await page.getByLabel('Name').fill('virbr0'); } },
  { name: 'convert-leave', variant: 'full', hash, act: async (page) => { await page.getByRole('radio').first().waitFor(); await next(page); await page.getByRole('checkbox', { name: /2001:db8:40:1::12/ }).uncheck(); } },
  { name: 'convert-leave-long', variant: 'long-names', hash, sizes: ['small'], act: async (page) => { await page.getByRole('radio').first().waitFor(); await next(page); } },
  { name: 'convert-preflight', variant: 'full', hash, act: toPreflight },
  { name: 'convert-blocked', variant: 'bare', hash, sizes: ['small'], act: toPreflight },
  { name: 'convert-review', variant: 'full', hash, act: toReview },
  { name: 'convert-review-files', variant: 'full', hash, sizes: ['small'], act: async (page) => { await toReview(page); await page.getByRole('tab', { name: 'Files' }).click(); } },
  { name: 'convert-review-back', variant: 'full', hash, sizes: ['small'], act: async (page) => { await toReview(page); await page.getByRole('tab', { name: 'The way back' }).click(); } },
  { name: 'convert-applying', variant: 'full', hash, sizes: ['small'], act: async (page) => { await running('APPLYING')(page); await changed(() => ({ reached: false, attempts: 1, problem: 'No answer: 10.0.0.12 did not answer within 5 s.' }))(page); } },
  { name: 'convert-trial', variant: 'full', hash, act: running('TRIAL') },
  { name: 'convert-verified', variant: 'full', hash, sizes: ['small'], act: running('VERIFIED', { asks: true }) },
  { name: 'convert-done', variant: 'full', hash, act: running('DONE') },
  { name: 'convert-back', variant: 'full', hash, act: async (page) => { await running('VERIFIED', { asks: true })(page); await page.evaluate(() => { /** @type {any} */ (window).fakeBridge.state.conversionStop = null; }); await page.getByRole('button', { name: 'Revert now' }).click(); await page.getByRole('button', { name: 'Done' }).waitFor(); } },
  { name: 'unbridge-choose', variant: 'full', hash: `${hash}?goal=unbridge&nic=br9`, act: async (page) => { await page.getByRole('radio').first().waitFor(); } },
  { name: 'unbridge-review', variant: 'full', hash: `${hash}?goal=unbridge&nic=br9`, act: async (page) => { await begin(page, 'Take br9 away'); } },
  { name: 'unbridge-done', variant: 'full', hash: `${hash}?goal=unbridge&nic=br9`, sizes: ['small'], act: async (page) => { await begin(page, 'Take br9 away'); await page.getByRole('button', { name: 'Take br9 away' }).click(); await page.getByRole('button', { name: 'Done' }).waitFor(); } },
  { name: 'unport-choose', variant: 'full', hash: `${hash}?goal=unbridge&nic=enp6s0`, act: async (page) => { await page.getByRole('radio', { name: /^enp6s0/ }).waitFor(); } },
  { name: 'unport-done', variant: 'full', hash: `${hash}?goal=unbridge&nic=enp6s0`, sizes: ['small'], act: async (page) => { await begin(page, 'Take enp6s0 out'); await page.getByRole('button', { name: 'Take enp6s0 out' }).click(); await page.getByRole('button', { name: 'Done' }).waitFor(); } },
  { name: 'readdress-device', variant: 'full', hash: `${hash}?goal=readdress`, act: async (page) => { await page.getByRole('radio').first().waitFor(); } },
  { name: 'readdress-empty', variant: 'empty', hash: `${hash}?goal=readdress`, sizes: ['small'] },
  { name: 'readdress-form', variant: 'full', hash: `${hash}?goal=readdress`, act: toAddresses },
  { name: 'readdress-leased', variant: 'full', hash: `${hash}?goal=readdress&nic=br9`, sizes: ['small'], act: async (page) => { await page.getByRole('radio').first().waitFor(); await next(page); await page.getByRole('heading', { name: 'Addresses of br9' }).waitFor(); } },
  { name: 'readdress-dhcp', variant: 'full', hash: `${hash}?goal=readdress`, act: async (page) => { await toAddresses(page); await page.getByRole('radio', { name: /From DHCP/ }).check(); } },
  { name: 'readdress-moves', variant: 'full', hash: `${hash}?goal=readdress`, act: async (page) => { await toAddresses(page); await page.getByLabel('Address', { exact: true }).fill('10.0.0.30'); } },
  {
    name: 'readdress-wrong', variant: 'full', hash: `${hash}?goal=readdress`,
    act: async (page) => {
      await toAddresses(page);
      for (const [label, text] of [['Address', '10.7.0.255/24'], ['Gateway', '10.0.0.1'], ['Name servers', '9.9.9.9, 9.9.9.9'], ['MTU', '500']]) { await page.getByLabel(label, { exact: true }).fill(text); await page.keyboard.press('Tab'); }
    },
  },
  { name: 'readdress-preflight', variant: 'full', hash: `${hash}?goal=readdress`, act: async (page) => { await moveTo(page, '10.0.0.30'); } },
  { name: 'readdress-review', variant: 'full', hash: `${hash}?goal=readdress`, act: async (page) => { await moveTo(page, '10.0.0.30'); await begin(page, 'Change eno1'); } },
  { name: 'readdress-trial', variant: 'full', hash: `${hash}?goal=readdress`, act: async (page) => { await moved('TRIAL')(page); await changed(() => ({ reached: false, attempts: 1, problem: 'No answer: 10.0.0.30 did not answer within 5 s.' }))(page); } },
  { name: 'readdress-done', variant: 'full', hash: `${hash}?goal=readdress`, act: moved('DONE') },
  { name: 'readdress-back', variant: 'full', hash: `${hash}?goal=readdress`, sizes: ['small'], act: async (page) => { await moved('TRIAL')(page); await page.evaluate(() => { /** @type {any} */ (window).fakeBridge.state.conversionStop = null; }); await page.getByRole('button', { name: 'Revert now' }).click(); await page.getByRole('button', { name: 'Done' }).waitFor(); } },
  { name: 'readdress-inspector', variant: 'full', hash: '/hosts/attic/switches', sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'br0', exact: true }).first().click(); await page.getByRole('link', { name: 'Change addresses…' }).waitFor(); } },
  { name: 'convert-undo', variant: 'full', hash: `${hash}?undo=20261112070000-0badcafe`, sizes: ['small'], act: async (page) => { await page.getByRole('checkbox').check(); await next(page); await page.getByRole('heading', { name: /^Review: br9 goes/ }).waitFor(); } },
  {
    name: 'convert-unknown', variant: 'full', hash, sizes: ['small'],
    act: async (page) => { await running('TRIAL')(page); await changed(() => ({ phase: 'unknown', reached: false, error: { code: 'conversion.lost', title: 'The host is out of reach', detail: 'It has not answered for 270 s. No answer.', hint: 'Unless it was confirmed, the host goes back to its old network by itself.' } }))(page); },
  },
];
