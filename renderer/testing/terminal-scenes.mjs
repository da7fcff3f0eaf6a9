// @ts-check
/** Scenes of the dock's terminals, on the fake shell. */

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, variant: string, hash: string, act?: (page: Page) => Promise<void>, sizes?: ('small' | 'large')[] }} Scene */

/** Text in the screen of the terminal in view; rows are text, for there is no hardware graphics here. @param {Page} page @param {string | RegExp} text */
const sees = (page, text) => page.locator('.xterm-rows', { hasText: text }).first().waitFor();

/** @param {Page} page */
async function openTerminal(page) {
  await page.getByRole('button', { name: 'New terminal', exact: true }).click();
  await sees(page, /root@/);
}

/** Types a line into the terminal that has the focus, and waits for what it answers. @param {Page} page @param {string} line @param {string | RegExp} answer */
async function run(page, line, answer) {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
  await sees(page, answer);
}

/** @param {Page} page @param {number} height */
async function setDockHeight(page, height) {
  await page.evaluate(async (dockHeight) => { await /** @type {any} */ (window).fakeBridge.invoke('settings.update', { dockHeight }); }, height);
}

/** Main's side: what a terminal became. @param {Page} page @param {unknown} state */
async function setState(page, state) {
  await page.evaluate((next) => {
    const { fakeBridge } = /** @type {any} */ (window);
    fakeBridge.state.terminals.at(-1).state = next;
    fakeBridge.emit('terminals.changed', fakeBridge.state.terminals);
  }, state);
}

/** A paste as the clipboard's own. @param {Page} page @param {string} text */
async function paste(page, text) {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** @param {Page} page */
async function colourful(page) {
  await openTerminal(page);
  await setDockHeight(page, 340);
  await run(page, 'ip -br -c addr', 'vnet0');
  await run(page, 'colours', 'on white');
}

const networks = '/hosts/attic/networks';
const lost = { phase: 'lost', error: { code: 'ssh.closed', title: 'The connection was cut', detail: '10.0.0.12 closed the connection.' } };

/** @type {Scene[]} */
export const terminalScenes = [
  { name: 'terminal-empty', variant: 'full', hash: networks, act: async (page) => { await page.getByRole('tab', { name: 'Terminal' }).click(); await page.getByRole('button', { name: 'Open a terminal' }).waitFor(); } },
  { name: 'terminal-away', variant: 'stale', hash: networks, sizes: ['small'], act: async (page) => { await page.getByRole('tab', { name: 'Terminal' }).click(); await page.getByRole('button', { name: /Open a shell/ }).waitFor(); } },
  { name: 'terminal-one', variant: 'full', hash: networks, act: colourful },
  {
    name: 'terminal-low', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await openTerminal(page); await run(page, 'wide', 'é à ü'); await setDockHeight(page, 120); },
  },
  { name: 'terminal-tall', variant: 'full', hash: networks, act: async (page) => { await colourful(page); await page.getByRole('button', { name: 'Give the dock all the room' }).click(); await run(page, 'flood 200', /200  the quick/); } },
  {
    name: 'terminal-split', variant: 'full', hash: networks,
    act: async (page) => {
      await colourful(page);
      await page.keyboard.press('Control+Shift+E');
      await page.locator('.xterm-rows').nth(1).waitFor();
      await run(page, 'uname -a', 'SMP');
      await page.keyboard.press('Control+Shift+O');
      await page.locator('.xterm-rows').nth(2).waitFor();
      await page.keyboard.type('virsh net-list --all');
      await page.keyboard.press('Enter');
      await page.locator('.xterm-rows', { hasText: 'sandbox' }).first().waitFor();
    },
  },
  {
    name: 'terminal-find', variant: 'full', hash: networks,
    act: async (page) => {
      await colourful(page);
      await page.keyboard.press('Control+Shift+F');
      await page.getByRole('textbox', { name: 'Find' }).fill('virbr');
      await page.getByText('3 of 3').waitFor();
    },
  },
  { name: 'terminal-lost', variant: 'full', hash: networks, act: async (page) => { await colourful(page); await setState(page, lost); await page.getByRole('button', { name: 'Reconnect' }).waitFor(); } },
  {
    name: 'terminal-again', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await openTerminal(page); await run(page, 'uname -a', 'SMP'); await setState(page, lost); await page.getByRole('button', { name: 'Reconnect' }).click(); await sees(page, 'connected again'); },
  },
  {
    name: 'terminal-ended', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await openTerminal(page); await page.keyboard.type('exit 3\n'); await page.getByRole('button', { name: 'Start again' }).waitFor(); },
  },
  {
    name: 'terminal-console', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await page.getByRole('button', { name: 'Choose a new terminal' }).click(); await page.getByRole('menuitem', { name: 'Console of' }).hover(); await page.getByRole('menuitem', { name: 'web1' }).click(); await sees(page, 'login:'); },
  },
  {
    name: 'terminal-new-menu', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await openTerminal(page); await page.getByRole('button', { name: 'Choose a new terminal' }).click(); await page.getByRole('menuitem', { name: 'Console of' }).hover(); await page.getByRole('menuitem', { name: 'web1' }).waitFor(); },
  },
  { name: 'terminal-menu', variant: 'full', hash: networks, sizes: ['small'], act: async (page) => { await openTerminal(page); await page.locator('.xterm-screen').click({ button: 'right', position: { x: 200, y: 40 } }); await page.getByRole('menuitem', { name: /Split right/ }).waitFor(); } },
  {
    name: 'terminal-paste', variant: 'full', hash: networks,
    act: async (page) => {
      await openTerminal(page);
      await page.evaluate(async () => { await /** @type {any} */ (window).fakeBridge.invoke('settings.update', { terminalPasteWarning: 'always' }); });
      await paste(page, 'virsh net-define /tmp/lab.xml\nvirsh net-start lab\nvirsh net-autostart lab && echo "a very long line that goes on and on until it no longer fits into the dialog, and further"\n');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'terminal-close', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await openTerminal(page); await page.keyboard.type('vim notes\n'); await sees(page, '12L'); await page.keyboard.press('Control+Shift+W'); await page.getByRole('dialog').waitFor(); },
  },
  {
    name: 'terminal-tabs', variant: 'full', hash: networks,
    act: async (page) => {
      const titles = ['backup of the old workstation, do not close', 'tcpdump on the uplink', 'a', 'attic', 'watching the leases of the lab for the weekend'];
      for (const title of titles) {
        await page.keyboard.press('Control+Shift+T');
        await sees(page, /root@/);
        await page.keyboard.press('Control+Shift+P');
        await page.getByRole('option').first().waitFor();
        await page.keyboard.type('Rename the terminal');
        await page.keyboard.press('Enter');
        await page.getByRole('textbox', { name: 'Name of the terminal' }).fill(title);
        await page.keyboard.press('Enter');
      }
      await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.matches('.xterm-helper-textarea'));
      await page.keyboard.type('exit 1\n');
      await page.getByRole('button', { name: 'Start again' }).waitFor();
      await page.getByRole('tab', { name: 'tcpdump' }).click();
    },
  },
  {
    name: 'terminal-open-here', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await page.locator('tr.row', { hasText: 'default' }).first().click(); await page.getByRole('complementary', { name: 'default' }).getByRole('button', { name: 'Terminal', exact: true }).click(); await page.getByRole('menuitem', { name: /Its definition/ }).click(); await sees(page, 'net-dumpxml'); },
  },
  {
    name: 'terminal-palette', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await openTerminal(page); await page.keyboard.press('Control+Shift+P'); await page.getByRole('option').first().waitFor(); await page.keyboard.type('split'); },
  },
];
