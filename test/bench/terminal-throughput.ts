import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { defaultSettings } from '../../shared/contract/default-settings';
import type { TerminalSize } from '../../shared/domain/terminal';
import type { BenchContext } from './bench-context';
import type { BenchWindow } from './bench-window';
import { treeCpuSeconds } from './process-tree';
import { median, noBaseline, spread, times } from './report';
import type { BenchmarkReport } from './report';
import { ScreenPixels } from './screen-pixels';
import { invokeExpression, makeHome, openWindow } from './window-environment';

const rounds = 7;
const floodMegabytes = 16;
const keysPerRound = 40;
const shell = '/bin/bash';
/** The ground that tells that all output is drawn; no theme and no output has it. */
const doneColour = 0xfa0000;
const goal = 1.2;
const interruptGoalMs = 100;

interface Figures {
  megabytesPerSecond: number[];
  echoMs: number[];
}

/** Where the terminal lies on the screen, in pixels. */
interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** xterm's elements lie in a shadow tree of the app's page. */
const treeExpression = `(document.querySelector('.terminal-inner')?.shadowRoot ?? document)`;

const placeExpression = `(() => {
  const { left, top, width, height } = ${treeExpression}.querySelector('.xterm-screen').getBoundingClientRect();
  return { left: left + screenX, top: top + screenY + outerHeight - innerHeight, width, height };
})()`;

/** Coloured lines like those of a compiler or a log. */
function writeFlood(file: string): void {
  const lines: string[] = [];
  for (let number = 0, bytes = 0; bytes < floodMegabytes * 1_000_000; number += 1) {
    const line = `\x1b[${31 + (number % 6)}m[${String(number).padStart(8, '0')}]\x1b[0m The quick brown fox jumps over the lazy dog, ${'and again '.repeat(number % 5)}\n`;
    lines.push(line);
    bytes += line.length;
  }
  writeFileSync(file, lines.join(''));
}

async function waitForPixels(what: string, isThere: () => boolean, limitMs = 120_000): Promise<number> {
  const deadline = performance.now() + limitMs;
  while (!isThere()) {
    if (performance.now() > deadline) throw new Error(`The screen did not show ${what} within ${limitMs} ms.`);
    await delay(1);
  }
  return performance.now();
}

/** Resolves when a window has done all it does after its start: it uses less than a tenth of a processor for a second. */
async function waitForRest(window: BenchWindow): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (let before = treeCpuSeconds(window.pid); performance.now() < deadline;) {
    await delay(1000);
    const now = treeCpuSeconds(window.pid);
    if (now - before < 0.1) return;
    before = now;
  }
  throw new Error('The window did not come to rest within 30 s.');
}

/** A line of the shell from the keyboard, without its Enter. */
async function type(window: BenchWindow, line: string): Promise<void> {
  await window.evaluate(`${treeExpression}.querySelector('.xterm-helper-textarea').focus()`);
  await window.insertText(line);
}

/** In a window whose terminal shows a shell's prompt. */
async function measureWindow(context: BenchContext, window: BenchWindow, floodFile: string, into: Figures): Promise<void> {
  const { framebufferFile } = await context.display();
  const screen = new ScreenPixels(framebufferFile);
  try {
    await waitForRest(window);
    const place = await window.evaluate<Place>(placeExpression);
    const x = Math.round(place.left + place.width / 2);
    const y = Math.round(place.top + place.height / 2);
    const isDone = (): boolean => screen.pixel(x, y) === doneColour;
    await type(window, `cat ${floodFile}; printf '\\033[48;2;250;0;0m\\033[2J'; read -r; printf '\\033[0m\\033[2J\\033[H'; cat`);
    const startedAt = performance.now();
    await window.press('Enter');
    const doneAt = await waitForPixels('the end of the output', isDone);
    into.megabytesPerSecond.push(floodMegabytes / ((doneAt - startedAt) / 1000));

    await window.press('Enter');
    await waitForPixels('the cleared terminal', () => !isDone());
    await delay(300);
    // cat's terminal echoes each key in the first line.
    const cellY = Math.round(place.top + 8);
    for (let key = 0; key < keysPerRound; key += 1) {
      const before = screen.row(cellY);
      const pressedAt = performance.now();
      await window.press('m');
      into.echoMs.push(await waitForPixels('the echo', () => !screen.row(cellY).equals(before), 5_000) - pressedAt);
      // Each key meets a window at rest, at another moment of its frame.
      await delay(60 + (key % 16));
    }
  } finally {
    screen.close();
  }
}

/** Ctrl-C on a flood, after `measureWindow`: the next prompt paints the terminal. A terminal without flow control takes minutes, or loses it. */
async function measureInterrupt(context: BenchContext, window: BenchWindow): Promise<number> {
  const { framebufferFile } = await context.display();
  const screen = new ScreenPixels(framebufferFile);
  try {
    const place = await window.evaluate<Place>(placeExpression);
    const isDone = (): boolean => screen.pixel(Math.round(place.left + place.width / 2), Math.round(place.top + place.height / 2)) === doneColour;
    await window.press('c', { control: true });
    await type(window, `PS1='\\[\\e[48;2;250;0;0m\\e[2J\\]'; clear; yes`);
    await window.press('Enter');
    await delay(1500);
    const interruptedAt = performance.now();
    await window.press('c', { control: true });
    return await waitForPixels('the prompt after Ctrl-C', isDone, 20_000) - interruptedAt;
  } finally {
    screen.close();
  }
}

/** Opens the app with a local shell in its dock; resolves to the size it has there. */
async function openOurs(context: BenchContext): Promise<{ window: BenchWindow; size: TerminalSize }> {
  const home = makeHome(context, 'app');
  writeFileSync(path.join(home.folder, 'data/settings.json'), JSON.stringify({ lastHostId: 'practice', connectAtStart: ['practice'], dockOpen: true, dockHeight: 420 }));
  const window = await openWindow(context, home);
  try {
    await window.waitFor('the dock', 'document.querySelector(".dock")');
    await window.evaluate(invokeExpression('terminals.open', { target: { kind: 'local', shell }, size: { columns: 80, rows: 24 }, typed: null }));
    await window.waitFor('the terminal\'s tab', '[...document.querySelectorAll(".dock [role=tab]")].some((tab) => tab.textContent.includes("bash"))');
    await window.evaluate(`[...document.querySelectorAll('.dock [role=tab]')].find((tab) => tab.textContent.includes('bash')).click()`);
    await window.waitFor('the terminal', `${treeExpression}.querySelector('.xterm-screen')?.getBoundingClientRect().height > 100`);
    const sizeFile = path.join(home.folder, 'size');
    writeFileSync(sizeFile, '');
    await type(window, `until [ "$(stty size)" != "24 80" ]; do sleep 0.1; done; stty size > ${sizeFile}; clear`);
    await window.press('Enter');
    let text = '';
    while (!(text = readFileSync(sizeFile, 'utf8')).endsWith('\n')) await delay(50);
    const [rows = 24, columns = 80] = text.split(' ').map(Number);
    return { window, size: { columns, rows } };
  } catch (error) {
    await window.close();
    throw error;
  }
}

async function openBare(context: BenchContext, size: TerminalSize): Promise<BenchWindow> {
  const window = await openWindow(context, makeHome(context, 'bare-terminal'));
  try {
    await window.waitFor('its page', 'window.openTerminal');
    const { terminalFontSize: fontSize, terminalScrollback: scrollback } = defaultSettings;
    await window.evaluate(`openTerminal(${JSON.stringify({ shell, ...size, fontSize, scrollback, lineHeight: 1.2 })})`);
    return window;
  } catch (error) {
    await window.close();
    throw error;
  }
}

/** A terminal of this computer in the app's window, against xterm.js and a PTY with nothing between them. */
export async function measureTerminal(context: BenchContext): Promise<BenchmarkReport> {
  const floodFile = path.join(context.newFolder('flood'), 'flood.txt');
  writeFlood(floodFile);
  const [ours, bare]: [Figures, Figures] = [{ megabytesPerSecond: [], echoMs: [] }, { megabytesPerSecond: [], echoMs: [] }];
  const interruptMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { window, size } = await openOurs(context);
    try {
      await measureWindow(context, window, floodFile, ours);
      interruptMs.push(await measureInterrupt(context, window));
    } finally {
      await window.close();
    }
    const bareWindow = await openBare(context, size);
    try {
      await measureWindow(context, bareWindow, floodFile, bare);
    } finally {
      await bareWindow.close();
    }
  }
  const slower = median(bare.megabytesPerSecond) / median(ours.megabytesPerSecond);
  const later = median(ours.echoMs) / median(bare.echoMs);
  return {
    how: `A local bash in the dock, and in test/bench/bare-terminal (node-pty, one IPC event a chunk, xterm.js, same size, font size and scrollback) in the same runtime on the same screen; ${rounds} starts each, by turns, each window at rest before. Output: cat of ${floodMegabytes} MB of coloured lines, from Enter until the screen shows what comes after them. Echo: ${keysPerRound} keys a start, from the key until its character is in Xvfb's framebuffer (looked at every millisecond). Ctrl-C: after 1.5 s of yes, until the next prompt is on the screen.`,
    measurements: [
      { what: 'terminal output', ours: spread(ours.megabytesPerSecond, 'MB/s'), baseline: spread(bare.megabytesPerSecond, 'MB/s'), ratio: times(slower), goal: `≤ ${goal} ×`, met: slower <= goal },
      { what: 'key to echo on the screen', ours: spread(ours.echoMs, 'ms'), baseline: spread(bare.echoMs, 'ms'), ratio: times(later), goal: `≤ ${goal} ×`, met: later <= goal },
      { what: 'Ctrl-C to the prompt, while yes runs', ours: spread(interruptMs, 'ms'), ...noBaseline, goal: `≤ ${interruptGoalMs} ms`, met: median(interruptMs) <= interruptGoalMs },
    ],
  };
}
