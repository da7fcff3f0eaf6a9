/** The dock's terminals in the real window: on the practice host, and as a shell of this computer. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { openPracticeHost } from './practice-window';

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  launched.page.setDefaultTimeout(15_000);
  await openPracticeHost(launched);
});
afterAll(async () => { await launched.close(); });

/** A row of a screen in view; rows are text where no graphics hardware draws them, as in tests. */
const screen = (text: string | RegExp) => launched.page.locator('.xterm-rows > div', { hasText: text }).first();
const sees = (text: string | RegExp): Promise<void> => screen(text).waitFor();
const tabs = () => launched.page.getByRole('tablist', { name: 'Dock' }).getByRole('tab');
const windowCount = (): Promise<number> => launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

async function type(line: string, answer: string | RegExp): Promise<void> {
  await launched.page.keyboard.type(line);
  await launched.page.keyboard.press('Enter');
  await sees(answer);
}

/** Ends every terminal, so that each test starts without one. */
async function closeAll(): Promise<void> {
  await launched.page.evaluate(async () => {
    const { netwright } = window as unknown as { netwright: { invoke(name: string, input: unknown): Promise<{ value: { id: string }[] }> } };
    const { value } = await netwright.invoke('terminals.list', undefined);
    for (const { id } of value) await netwright.invoke('terminals.close', { terminalId: id });
  });
  await launched.page.locator('.xterm').waitFor({ state: 'detached' });
}
beforeEach(closeAll);

async function openTerminal(): Promise<void> {
  await launched.page.getByRole('button', { name: 'New terminal', exact: true }).click();
  await sees(/[#$]\s*$/);
  await launched.page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains('xterm-helper-textarea'));
}

describe('a terminal on the practice host', () => {
  it('answers what is typed', async () => {
    await openTerminal();
    await type('virsh net-list --all', 'Persistent');
    await type('echo it works', 'it works');
  });

  it('gets the keys that are the window’s elsewhere', async () => {
    const { page } = launched;
    await openTerminal();
    await page.keyboard.type('echo keep drop');
    // Ctrl W erases a word; in a menu it would close the window.
    await page.keyboard.press('Control+w');
    await type('this', 'echo keep this');
    // Ctrl K cuts the line, Ctrl N, J, M and Q are line editing's: no palette, no wizard, no minimized or closed window.
    for (const key of ['k', 'n', 'q', 'm', 'j', 'r', 'g', ',', '1']) await page.keyboard.press(`Control+${key}`);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(page.url()).toContain('/map');
    expect(await windowCount()).toBe(1);
    expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isMinimized())).toBe(false);
    await page.keyboard.press('Control+c');
    await type('echo still here', /still here\s*$/);
  });

  it('leaves Ctrl Shift P and F1 to the palette, and gives the focus back', async () => {
    const { page } = launched;
    await openTerminal();
    for (const keys of ['Control+Shift+P', 'F1']) {
      await page.keyboard.press(keys);
      await page.getByRole('dialog', { name: 'Go to, or do anything' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains('xterm-helper-textarea'));
    await type('echo back again', 'back again');
  });

  it('splits, moves between panes and closes them', async () => {
    const { page } = launched;
    await openTerminal();
    await type('echo left pane', 'left pane');
    await page.keyboard.press('Control+Shift+E');
    await page.locator('.xterm').nth(1).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.pane')[1]?.contains(document.activeElement));
    await type('echo right pane', 'right pane');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await page.waitForFunction(() => document.querySelectorAll('.pane')[0]?.contains(document.activeElement));
    await page.keyboard.press('Control+Shift+W');
    await page.locator('.xterm').nth(1).waitFor({ state: 'detached' });
    await sees('right pane');
    expect(await windowCount()).toBe(1);
  });

  it('finds text', async () => {
    const { page } = launched;
    await openTerminal();
    await type('echo needle one needle two', /needle two\s*$/);
    await page.keyboard.press('Control+Shift+F');
    await page.getByRole('textbox', { name: 'Find' }).fill('needle');
    await page.getByRole('search').getByText('of 4').waitFor();
    await page.getByRole('textbox', { name: 'Find' }).fill('(');
    await page.getByRole('button', { name: 'Regular expression' }).click();
    await page.getByText('Not a regular expression').waitFor();
    await page.keyboard.press('Escape');
  });

  it('pastes by Ctrl Shift V, after showing several lines', async () => {
    const { page } = launched;
    await openTerminal();
    await page.evaluate(async () => {
      const { netwright } = window as unknown as { netwright: { invoke(name: string, input: unknown): Promise<unknown> } };
      await netwright.invoke('settings.update', { terminalPasteWarning: 'always' });
    });
    await launched.app.evaluate(async ({ clipboard }) => { await clipboard.writeText('echo first\necho second\n'); });
    await page.keyboard.press('Control+Shift+V');
    const dialog = page.getByRole('dialog', { name: 'Paste 2 lines?' });
    await dialog.getByText('echo second').waitFor();
    expect(await screen('echo first').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Paste' }).click();
    await sees('echo first');
  });

  it('copies what is selected by Ctrl Shift C', async () => {
    const { page } = launched;
    await openTerminal();
    await type('echo copied text', /copied text\s*$/);
    await launched.app.evaluate(({ clipboard }) => { clipboard.clear(); });
    await page.locator('.xterm-screen').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Select all' }).click();
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains('xterm-helper-textarea'));
    await page.keyboard.press('Control+Shift+C');
    await expect.poll(() => launched.app.evaluate(({ clipboard }) => clipboard.readText())).toContain('copied text');
  });

  it('is there again after the window was reloaded, and goes on', async () => {
    const { page } = launched;
    await openTerminal();
    await type('echo before the reload', 'before the reload');
    await page.reload();
    await sees('before the reload');
    await page.locator('.xterm-screen').click();
    await type('echo after the reload', 'after the reload');
    expect(await tabs().count()).toBe(2);
  });

  it('keeps its screen while another place or the wizard is looked at', async () => {
    const { page } = launched;
    await openTerminal();
    await type('echo kept screen', 'kept screen');
    await page.getByRole('button', { name: 'New network' }).click();
    await page.locator('.xterm').waitFor({ state: 'detached' });
    await page.goBack();
    await sees('kept screen');
  });

  it('says how it ended, and starts again below', async () => {
    const { page } = launched;
    await openTerminal();
    await type('exit', /exit|logout/);
    await page.getByText(/^Ended/).waitFor();
    await page.keyboard.press('Enter');
    await sees('started again');
    await page.getByText(/^Ended/).waitFor({ state: 'detached' });
  });

  it('opens with a command typed and not run', async () => {
    const { page } = launched;
    await page.getByRole('navigation', { name: 'Hosts and places' }).getByRole('link', { name: /^Networks/ }).click();
    await page.getByRole('row', { name: /^default/ }).click();
    await page.getByRole('complementary', { name: 'default' }).getByRole('button', { name: 'Terminal', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Its definition/ }).click();
    await sees(/[#$] virsh .*net-dumpxml default\s*$/);
    expect(await screen('<network').count()).toBe(0);
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains('xterm-helper-textarea'));
    await page.keyboard.press('Enter');
    await sees('</network>');
  });
});

describe('a shell of this computer', () => {
  async function openLocal(): Promise<void> {
    const { page } = launched;
    await page.getByRole('button', { name: 'Choose a new terminal' }).click();
    await page.getByRole('menuitem', { name: /^(bash|sh|dash)$/ }).first().click();
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains('xterm-helper-textarea'));
    await sees(/[#$]\s*$/);
  }

  it('runs, in the size of its pane and the user’s own home', async () => {
    await openLocal();
    await type('echo "$((6 * 7)) $HOME"', `42 ${launched.homeDir}`);
    const { page } = launched;
    await page.keyboard.type('stty size\n');
    const rows = await page.locator('.xterm-rows > div').count();
    await sees(new RegExp(`^${rows} \\d{3}\\s*$`));
    // The dock grows by its edge, and the program in it is told.
    await page.getByRole('separator', { name: 'Height of the dock' }).press('PageUp');
    await expect.poll(() => page.locator('.xterm-rows > div').count()).toBeGreaterThan(rows);
    await page.locator('.xterm-screen').click();
    await type('stty size', new RegExp(`^${await page.locator('.xterm-rows > div').count()} \\d{3}\\s*$`));
  });

  it('prints a megabyte without losing its end, and stops at Ctrl C', async () => {
    const { page } = launched;
    await openLocal();
    await type('seq 150000 | tail -c 1000000; echo the-end', /^the-end/);
    await page.keyboard.type('yes\n');
    await sees(/^y\s*$/);
    await page.keyboard.press('Control+c');
    await type('echo out-of-it', /out-of-it\s*$/);
  });

  it('asks before closing what runs a program', async () => {
    const { page } = launched;
    await openLocal();
    await page.keyboard.type('sleep 1000\n');
    await sees('sleep 1000');
    await page.keyboard.press('Control+Shift+W');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Something seems to run in it').waitFor();
    await dialog.getByRole('button', { name: 'Close the terminal' }).click();
    await page.locator('.xterm').waitFor({ state: 'detached' });
  });

  it('opens a link only after Ctrl and a yes to the system’s own question', async () => {
    const { page } = launched;
    await launched.app.evaluate(({ dialog, shell }) => {
      const noted = globalThis as unknown as { asked: string[]; opened: string[] };
      noted.asked = [];
      noted.opened = [];
      const answer = (...parts: unknown[]) => { noted.asked.push((parts.at(-1) as { message: string }).message); return Promise.resolve({ response: noted.asked.length === 1 ? 1 : 0, checkboxChecked: false }); };
      Object.assign(dialog, { showMessageBox: answer });
      Object.assign(shell, { openExternal: (url: string) => { noted.opened.push(url); return Promise.resolve(); } });
    });
    const noted = () => launched.app.evaluate(() => { const { asked, opened } = globalThis as unknown as { asked: string[]; opened: string[] }; return { asked, opened }; });
    await openLocal();
    await type('clear; echo https://example.com/a', /^https:\/\/example.com\/a\s*$/);
    const row = page.locator('.xterm-rows > div', { hasText: /^https:\/\/example/ });
    const box = (await row.boundingBox())!;
    const click = async (): Promise<void> => { await page.mouse.move(box.x + 300, box.y + 2); await page.mouse.move(box.x + 40, box.y + box.height / 2, { steps: 4 }); await page.mouse.down(); await page.mouse.up(); };
    await click();
    expect((await noted()).asked).toEqual([]);
    await page.keyboard.down('Control');
    await expect.poll(async () => { await click(); return (await noted()).asked.length; }).toBeGreaterThan(0);
    expect((await noted()).opened).toEqual([]);
    await expect.poll(async () => { await click(); return (await noted()).opened; }).toEqual(['https://example.com/a']);
    await page.keyboard.up('Control');
    expect((await noted()).asked[0]).toBe('Open example.com in your browser?');
  });
});

it('does all that without a complaint from the page', () => {
  expect(launched.pageErrors).toEqual([]);
});
