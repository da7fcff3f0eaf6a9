// @ts-check
/**
 * Pictures of every screen on fixtures, in both themes and two sizes, into .cache/screens/.
 * `node renderer/testing/screenshots.mjs [pattern of a name …]`; CHROMIUM names the browser (default /usr/bin/chromium).
 * Fails when a page throws, asks for anything outside this server, or breaks an accessibility rule (axe, WCAG 2.2 AA).
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { cacheDir } from '../../build/paths.mjs';
import { rendererBundleConfig } from '../../build/renderer-bundle.mjs';
import { attachedScenes } from './attached-scenes.mjs';
import { changeScenes } from './change-scenes.mjs';
import { convertScenes } from './convert-scenes.mjs';
import { hostScenes } from './host-scenes.mjs';
import { labScenes } from './lab-scenes.mjs';
import { machineScenes } from './machine-scenes.mjs';
import { xmlScenes } from './xml-scenes.mjs';
import { terminalScenes } from './terminal-scenes.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {(name: string) => (page: Page) => Promise<void>} */
const clickRow = (name) => async (page) => { await page.locator('tr.row', { hasText: name }).first().click(); };

/** @type {{ name: string, variant: string, hash: string, act?: (page: Page) => Promise<void>, sizes?: ('small' | 'large')[] }[]} */
const scenes = [
  { name: 'welcome', variant: 'first-start', hash: '/' },
  { name: 'map', variant: 'full', hash: '/hosts/attic/map', act: async (page) => { await page.locator('.vue-flow__node').first().waitFor(); } },
  {
    name: 'map-menu', variant: 'full', hash: '/hosts/attic/map',
    act: async (page) => { await page.locator('.vue-flow__node', { hasText: 'web1' }).first().click({ button: 'right' }); await page.getByRole('menuitem', { name: 'Open here' }).waitFor(); },
  },
  { name: 'networks', variant: 'full', hash: '/hosts/attic/networks' },
  { name: 'networks-inspector', variant: 'full', hash: '/hosts/attic/networks', act: clickRow('lab-dmz') },
  {
    name: 'networks-xml', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'],
    act: async (page) => { await clickRow('default')(page); await page.getByRole('tab', { name: 'XML' }).click(); await page.locator('.xml pre').waitFor(); },
  },
  { name: 'networks-leases', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await clickRow('default')(page); await page.getByRole('tab', { name: /Leases/ }).click(); } },
  { name: 'networks-menu', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'Actions for default' }).click(); await page.getByRole('menu').waitFor(); } },
  { name: 'networks-delete', variant: 'full', hash: '/hosts/attic/networks', act: async (page) => { await page.getByRole('button', { name: 'Actions for default' }).click(); await page.getByRole('menuitem', { name: /Delete/ }).click(); await page.getByText('Remove the definition').first().waitFor(); } },
  { name: 'map-machine', variant: 'full', hash: '/hosts/attic/map', act: async (page) => { await page.locator('.vue-flow__node', { hasText: 'web1' }).first().click(); await page.getByRole('complementary', { name: 'web1' }).waitFor(); } },
  { name: 'networks-empty', variant: 'empty', hash: '/hosts/attic/networks' },
  { name: 'networks-bare', variant: 'bare', hash: '/hosts/attic/networks', sizes: ['small'] },
  { name: 'networks-stale', variant: 'stale', hash: '/hosts/attic/networks', sizes: ['small'] },
  { name: 'networks-long', variant: 'long-names', hash: '/hosts/attic/networks', act: async (page) => { await page.locator('tr.row').nth(1).click(); } },
  { name: 'networks-crowded', variant: 'crowded', hash: '/hosts/attic/networks', sizes: ['large'] },
  { name: 'health', variant: 'full', hash: '/hosts/attic/health' },
  { name: 'health-bare', variant: 'bare', hash: '/hosts/attic/health' },
  { name: 'health-calm', variant: 'empty', hash: '/hosts/attic/health', sizes: ['small'] },
  { name: 'health-stale', variant: 'stale', hash: '/hosts/attic/health', sizes: ['small'] },
  {
    name: 'health-fix', variant: 'bare', hash: '/hosts/attic/health',
    act: async (page) => { await page.getByRole('button', { name: 'Install libvirt' }).click(); await page.getByText('Fetch the lists').first().waitFor(); },
  },
  { name: 'machines', variant: 'full', hash: '/hosts/attic/machines' },
  { name: 'machines-inspector', variant: 'full', hash: '/hosts/attic/machines', act: clickRow('web1') },
  { name: 'machines-long', variant: 'long-names', hash: '/hosts/attic/machines', sizes: ['small'], act: async (page) => { await page.locator('tr.row').nth(1).click(); } },
  { name: 'machines-empty', variant: 'empty', hash: '/hosts/attic/machines', sizes: ['small'] },
  { name: 'switches', variant: 'full', hash: '/hosts/attic/switches' },
  { name: 'switches-inspector', variant: 'full', hash: '/hosts/attic/switches', sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'br0', exact: true }).first().click(); } },
  { name: 'switches-empty', variant: 'empty', hash: '/hosts/attic/switches', sizes: ['small'] },
  { name: 'history', variant: 'full', hash: '/hosts/attic/history' },
  { name: 'connecting', variant: 'loading', hash: '/hosts/attic/networks', sizes: ['small'] },
  { name: 'failed-hostkey', variant: 'failing', hash: '/hosts/attic/networks' },
  { name: 'failed-auth', variant: 'full', hash: '/hosts/garage/map', sizes: ['small'] },
  { name: 'disconnected', variant: 'full', hash: '/hosts/shed/map', sizes: ['small'] },
  { name: 'palette', variant: 'full', hash: '/hosts/attic/networks', act: async (page) => { await page.keyboard.press('Control+k'); await page.getByRole('option').first().waitFor(); await page.keyboard.type('dmz'); } },
  { name: 'shortcuts', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await page.keyboard.press('?'); await page.getByRole('dialog').waitFor(); } },
  { name: 'settings', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await page.keyboard.press('Control+,'); await page.getByRole('dialog').waitFor(); } },
  { name: 'about', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'About Netwright' }).click(); await page.getByRole('dialog').waitFor(); } },
  {
    name: 'host-add', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'],
    act: async (page) => { await page.keyboard.press('Control+Shift+H'); await page.getByRole('dialog').waitFor(); await page.getByLabel('User').fill('-x'); await page.getByRole('button', { name: 'Add and connect' }).click(); },
  },
  { name: 'host-key', variant: 'full', hash: '/hosts/attic/networks', act: async (page) => { await showPrompt(page, 'host-key'); } },
  { name: 'secret', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await showPrompt(page, 'secret'); } },
  { name: 'host-menu', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await page.getByRole('link', { name: /nuc-left/ }).click({ button: 'right' }); await page.getByRole('menu').waitFor(); } },
  { name: 'activity', variant: 'full', hash: '/hosts/attic/networks', act: async (page) => { await page.getByRole('radio', { name: 'Failures' }).click(); await page.locator('.line button.text').first().click(); } },
  { name: 'error-toast', variant: 'full', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await page.evaluate(() => { void Promise.reject(new Error('The unexpected text of some library')); }); await page.getByText('Something unexpected went wrong', { exact: true }).waitFor(); } },
  { name: 'wizard', variant: 'full', hash: '/hosts/attic/networks/new/nat' },
  ...attachedScenes,
  ...changeScenes,
  ...convertScenes,
  ...hostScenes,
  ...labScenes,
  ...machineScenes,
  ...terminalScenes,
  ...xmlScenes,
];

/** @param {Page} page @param {'host-key' | 'secret'} kind */
async function showPrompt(page, kind) {
  await page.evaluate((wanted) => {
    const prompt = wanted === 'host-key'
      ? { kind: 'host-key', id: 'p1', hostId: 'shed', onWayTo: null, address: 'fd00:db8:1::9', port: 2222, algorithm: 'ssh-ed25519', fingerprint: 'SHA256:7vXqkV0mC6m2o4Ck1l3y9Y5mO2h8b0sV9wq3Z1Jp4Qs', knownHostsFile: '/home/mara/.ssh/known_hosts' }
      : { kind: 'secret', id: 'p2', hostId: 'garage', server: 'mara@garage.home.arpa', onWayTo: null, secret: 'sudo-password', label: 'sudo password for mara@garage.home.arpa', problem: 'That was not the password. Two tries are left.', canRemember: false };
    const { fakeBridge } = /** @type {any} */ (window);
    fakeBridge.state.prompts = [prompt];
    fakeBridge.emit('prompts.changed', [prompt]);
  }, kind);
  await page.getByRole('dialog').waitFor();
}

const sizes = { small: { width: 1280, height: 800 }, large: { width: 1920, height: 1080 } };
const wanted = process.argv.slice(2);
const folder = path.join(cacheDir, 'screens');
mkdirSync(folder, { recursive: true });

// Bundled like the app itself, with the preview page in place of the real entry.
const config = rendererBundleConfig({ dev: true });
// Its own folder: two runs at once must not pull it from under each other.
const outDir = path.join(cacheDir, `preview-${process.pid}`);
await build({ ...config, build: { ...config.build, outDir, rolldownOptions: { input: path.join(config.root ?? '', 'testing', 'preview.html') } } });
const server = await preview({ ...config, plugins: [], build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
const origin = new URL(server.resolvedUrls?.local[0] ?? '').origin;
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
let faults = 0;

/** @param {string} scene @param {string} text */
function complain(scene, text) {
  faults += 1;
  console.error(`${scene}: ${text}`);
}

try {
  for (const theme of ['light', 'dark']) {
    for (const scene of scenes) {
      for (const size of scene.sizes ?? /** @type {const} */ (['small', 'large'])) {
        const name = `${scene.name}-${theme}-${size}`;
        if (wanted.length > 0 && !wanted.some((part) => new RegExp(part).test(name))) continue;
        const context = await browser.newContext({ viewport: sizes[size], reducedMotion: 'reduce' });
        const page = await context.newPage();
        page.setDefaultTimeout(8000);
        page.on('pageerror', (error) => complain(name, error.message));
        page.on('console', (message) => { if (message.type() === 'warning' || (message.type() === 'error' && scene.name !== 'error-toast')) complain(name, message.text()); });
        page.on('request', (request) => { if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) complain(name, `asks for ${request.url()}`); });
        await page.goto(`${origin}/testing/preview.html?variant=${scene.variant}&theme=${theme}#${scene.hash}`);
        await page.locator('.shell').waitFor();
        await page.waitForLoadState('networkidle');
        await page.evaluate(() => document.fonts.ready);
        await scene.act?.(page).catch((/** @type {Error} */ error) => complain(name, error.message.split('\n').slice(0, 3).join(' ')));
        await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
        if (size === 'small') {
          // What is behind an open dialog is out of reach, by the focus trap and aria-hidden.
          const dialog = await page.locator('[role="dialog"][data-state="open"]').count();
          const axe = new AxeBuilder({ page });
          if (dialog > 0) axe.include('[role="dialog"]');
          // Reka's toast region catches Tab with two hidden, focusable spans and passes the focus on.
          axe.exclude('[role="region"] > span[aria-hidden="true"]');
          // CodeMirror's list of completions is moved in by the keys of the editor, which keeps the focus (aria-activedescendant).
          axe.exclude('.cm-tooltip-autocomplete > ul');
          const { violations } = await axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
          for (const violation of violations) complain(name, `axe ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${node.any[0]?.message ?? node.failureSummary ?? ''})`).join(' | ')}`);
        }
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
  rmSync(outDir, { recursive: true, force: true });
}
console.log(faults === 0 ? `No faults. Pictures are in ${path.relative(process.cwd(), folder)}.` : `${faults} faults.`);
process.exitCode = faults === 0 ? 0 : 1;
