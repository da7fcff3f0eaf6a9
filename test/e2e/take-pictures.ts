/**
 * Pictures of the real window on the practice host, for the README and the guide. Same steps every time, so that a new
 * picture differs from the old one only by what has changed in the app.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasDisplay } from '../../build/display.mjs';
import { launchApp } from './app';
import { openPracticeHost, setTheme } from './practice-window';

export interface PictureOptions {
  /** An absolute path; the files are NAME-light.png and NAME-dark.png. */
  folder: string;
  /** Of the window's content, in pixels. */
  size: { width: number; height: number };
  /** Only pictures whose file name holds one of these; all when empty. */
  wanted: readonly string[];
}

const themes = ['light', 'dark'] as const;

/** fonts.conf(5): letters as they are drawn, as on a high-resolution screen. Full hinting deforms them at small sizes. */
const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <match target="pattern">
    <edit name="hinting" mode="assign" binding="strong"><bool>false</bool></edit>
    <edit name="hintstyle" mode="assign" binding="strong"><const>hintnone</const></edit>
    <edit name="antialias" mode="assign" binding="strong"><bool>true</bool></edit>
    <edit name="rgba" mode="assign" binding="strong"><const>none</const></edit>
  </match>
</fontconfig>
`;

/** Takes the pictures and returns their paths. */
export async function takePictures({ folder, size, wanted }: PictureOptions): Promise<string[]> {
  if (!hasDisplay()) throw new Error('There is no screen to take pictures of.');
  const written: string[] = [];
  const fontFolder = mkdtempSync(path.join(tmpdir(), 'netwright-fonts-'));
  chmodSync(fontFolder, 0o755);
  const fontFile = path.join(fontFolder, 'fonts.conf');
  writeFileSync(fontFile, fontSettings);
  const launched = await launchApp({ env: { FONTCONFIG_FILE: fontFile } });
  const { app, page } = launched;

  /** The window as it stands, in both themes. */
  async function picture(name: string): Promise<void> {
    for (const theme of themes) {
      const file = `${name}-${theme}.png`;
      if (wanted.length > 0 && !wanted.some((part) => file.includes(part))) continue;
      await setTheme(launched, theme);
      await page.mouse.move(size.width - 1, size.height - 1);
      const target = path.join(folder, file);
      await page.screenshot({ path: target, animations: 'disabled', caret: 'hide' });
      written.push(target);
    }
  }

  /** Opens a terminal by one of the dock's buttons, runs a line there and waits for the prompt after its answer. */
  async function typeInTerminal(button: string, line: string, answer: RegExp): Promise<void> {
    const before = await page.locator('.xterm').count();
    await page.getByRole('button', { name: button, exact: true }).click();
    const pane = page.locator('.pane').nth(before);
    const prompt = pane.locator('.xterm-rows > div', { hasText: /#\s*$/ });
    await prompt.waitFor();
    await page.waitForFunction((index) => document.querySelectorAll('.pane')[index]?.contains(document.activeElement), before);
    await page.keyboard.type(`clear\n${line}\n`);
    await pane.locator('.xterm-rows > div', { hasText: answer }).first().waitFor();
    await prompt.waitFor();
  }

  try {
    await app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]!.setContentSize(width, height), size);
    await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, size);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.evaluate(() => document.fonts.ready);

    await picture('welcome');
    await openPracticeHost(launched);
    await page.getByRole('group', { name: /^Map of/ }).getByText('git', { exact: true }).click();
    await page.getByRole('complementary', { name: 'git' }).waitFor();
    await picture('map');

    await page.getByRole('link', { name: /^Networks/ }).click();
    await page.getByRole('row', { name: /^default/ }).click();
    await page.getByRole('complementary', { name: 'default' }).waitFor();
    await picture('networks');

    await page.getByRole('button', { name: 'New network' }).click();
    await page.getByRole('link', { name: /^NAT/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('lab-web');
    await page.getByLabel('Subnet').fill('10.20.40.0/24');
    await page.getByLabel('Subnet').blur();
    await picture('wizard');
    for (const step of ['DHCP and names', 'Options', 'Review']) {
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('heading', { name: new RegExp(`^${step}`) }).waitFor();
    }
    await page.getByRole('tablist', { name: 'Views of the plan' }).waitFor();
    await picture('review');
    await page.getByRole('button', { name: 'Create network' }).click();
    await page.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await picture('applied');

    await page.getByRole('button', { name: 'See the network' }).click();
    await page.getByRole('row', { name: /^lab-web/ }).click();
    await typeInTerminal('New terminal', 'virsh net-list --all', /lab-web/);
    await typeInTerminal('Split right', 'ip -br addr', /virbr0/);
    await picture('terminal');
  } finally {
    await launched.close();
    rmSync(fontFolder, { recursive: true });
  }
  return written;
}
