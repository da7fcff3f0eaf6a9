/**
 * What real programs print, and what vttest asks of a terminal, fed to the emulator the window uses: whatever the chunks it
 * arrives in (in the middle of a character or a sequence), and whatever was replayed to a reloaded window, the screen is
 * the same.
 */
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromRoot } from '../../build/paths.mjs';
import { TerminalStream } from '../../renderer/features/terminal/terminal-stream';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const recorded = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(fromRoot('test', 'fixtures', 'terminal'), `${name}.bin`)));

/** Up to where a program gives the screen back: as it was last seen. */
function lastSeen(name: string): Uint8Array {
  const data = recorded(name);
  const end = Buffer.from(data).lastIndexOf('\x1b[?1049l');
  return end < 0 ? data : data.slice(0, end);
}

/** After vttest's menu: borders, scrolling regions, origin mode, insertion and deletion, tabs, character sets, attributes. */
const vttest: Record<string, string> = {
  'screen of Es with a frame': `\x1b#8\x1b[1;1H${'*'.repeat(80)}\x1b[24;1H${'*'.repeat(80)}${Array.from({ length: 22 }, (_, row) => `\x1b[${row + 2};1H+\x1b[${row + 2};80H+`).join('')}\x1b[9;18H\x1b[1J\x1b[18;60H\x1b[0J`,
  'scrolling regions and origin mode': `${Array.from({ length: 30 }, (_, row) => `line ${row}\r\n`).join('')}\x1b[5;10r\x1b[?6h\x1b[1;1Hfirst of the region\x1b[6;1Hlast of the region\n\n\x1bM\x1bM\x1b[?6l\x1b[r\x1b[24;1Hbelow`,
  'insertion and deletion': `${'abcdefghijklmnopqrst'.repeat(4)}\x1b[1;5H\x1b[4@INSE\x1b[4hRT\x1b[4l\x1b[1;40H\x1b[5P\x1b[3;1Hthree\x1b[4;1Hfour\x1b[3;1H\x1b[2L\x1b[7;1Hseven\x1b[6;1H\x1b[1M\x1b[1;70H\x1b[10X`,
  'wrapping at the margin': `${'x'.repeat(79)}ab\x1b[10;79Hcde\x1b[?7l\x1b[12;75H${'nowrap'.repeat(3)}\x1b[?7h\x1b[14;80Hq\b\bw`,
  'tabs and line drawing': '\x1b[3g\x1b[1;5H\x1bH\x1b[1;30H\x1bH\r\tA\tB\tC\r\n\x1b(0lqqqk\r\nx   x\r\nmqqqj\x1b(B plain \x0eSO\x0f SI',
  'attributes and colours': `${[1, 2, 3, 4, 5, 7, 8, 9].map((code) => `\x1b[${code}mattribute ${code}\x1b[0m `).join('')}\r\n${Array.from({ length: 256 }, (_, index) => `\x1b[48;5;${index}m \x1b[38;2;${index};10;200m#`).join('')}\x1b[0m`,
  'saved cursor and full screen': 'before\x1b7\x1b[?1049h\x1b[2J\x1b[5;5Hinside\x1b[31m\x1b[?1049l\x1b8after',
  'wide, combining and joined characters': '漢字テスト한국어\r\ne\u0301 a\u0308 n\u0303 Z\u0351\u036b\u0343\r\n👍🏽 👩‍👩‍👧 🇩🇪 \u{1F600}\r\nright edge \x1b[80G漢\r\n\ufffd \u200b zero',
};

interface Shown { rows: string[]; cursor: [number, number]; buffer: string }

/** All cells with their colours and attributes, and the cursor. */
function shown(terminal: Terminal): Shown {
  const buffer = terminal.buffer.active;
  const rows: string[] = [];
  for (let y = 0; y < buffer.length; y += 1) {
    const line = buffer.getLine(y);
    if (!line) continue;
    let row = line.isWrapped ? '↩' : '';
    for (let x = 0; x < line.length; x += 1) {
      const cell = line.getCell(x)!;
      const look = [cell.getFgColorMode() ? cell.getFgColor() : '', cell.getBgColorMode() ? cell.getBgColor() : '', cell.isBold() && 'b', cell.isUnderline() && 'u', cell.isInverse() && 'i', cell.isDim() && 'd'].filter(Boolean).join('.');
      row += cell.getWidth() === 0 ? '' : `${cell.getChars() || ' '}${look === '' ? '' : `{${look}}`}`;
    }
    rows.push(row.trimEnd());
  }
  return { rows, cursor: [buffer.cursorX, buffer.cursorY], buffer: buffer.type };
}

function newTerminal(): Terminal {
  const terminal = new Terminal({ cols: 80, rows: 24, scrollback: 500, allowProposedApi: true });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  return terminal;
}

const settled = (terminal: Terminal): Promise<void> => new Promise((resolve) => { terminal.write('', resolve); });

/** The screen after everything in these pieces; the first `replayed` of them come as a replay, as after a reload. */
async function screenAfter(data: Uint8Array, cuts: readonly number[], replayed: number): Promise<Shown> {
  const terminal = newTerminal();
  const edges = [0, ...[...new Set(cuts)].sort((a, b) => a - b), data.length];
  const chunks = edges.slice(1).map((end, index) => ({ position: edges[index]!, data: data.slice(edges[index], end) }));
  const position = chunks[replayed]?.position ?? data.length;
  let acknowledged = 0;
  const stream = new TerminalStream({
    attach: () => Promise.resolve({ replay: data.slice(0, position), position }),
    acknowledge: (count) => { acknowledged += count; },
    draw: (piece, drawn) => terminal.write(piece, drawn),
  });
  // Some of what the replay has, and some of what it lacks, arrive before it does.
  for (const chunk of chunks.slice(Math.max(0, replayed - 1), replayed + 1)) stream.receive(chunk);
  await stream.start();
  for (const chunk of chunks.slice(replayed + 1)) stream.receive(chunk);
  await settled(terminal);
  stream.close();
  expect(acknowledged).toBeLessThanOrEqual(data.length);
  const screen = shown(terminal);
  terminal.dispose();
  return screen;
}

describe.each<[string, Uint8Array]>([
  ...['less', 'top', 'vim', 'tmux'].map((name): [string, Uint8Array] => [name, lastSeen(name)]),
  ...Object.entries(vttest).map(([name, text]): [string, Uint8Array] => [name, bytes(text)]),
])('%s', (_name, data) => {
  it('is the same screen in whatever pieces it comes', async () => {
    const whole = await screenAfter(data, [], 0);
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(data.length - 1), { maxLength: 40 }), fc.nat(50), async (cuts, at) => {
      expect(await screenAfter(data, cuts, at % (cuts.length + 1))).toEqual(whole);
    }), { numRuns: 40 });
  });

  it('is the same screen byte by byte', async () => {
    expect(await screenAfter(data, Array.from({ length: data.length - 1 }, (_, index) => index + 1), 0)).toEqual(await screenAfter(data, [], 0));
  });
});

describe('the screens themselves', () => {
  const rowsOf = async (text: string | Uint8Array): Promise<string[]> => (await screenAfter(typeof text === 'string' ? bytes(text) : text, [], 0)).rows;

  it('keep the shell’s screen under a program that had all of it', async () => {
    const { rows, buffer, cursor } = await screenAfter(bytes(vttest['saved cursor and full screen']!), [], 0);
    expect(rows[0]).toBe('beforeafter');
    expect({ buffer, cursor }).toEqual({ buffer: 'normal', cursor: [11, 0] });
  });

  it('wrap, and stop wrapping, at the margin', async () => {
    const rows = await rowsOf(vttest['wrapping at the margin']!);
    expect(rows[0]).toBe(`${'x'.repeat(79)}a`);
    expect(rows[1]).toBe('↩b');
    expect(rows[11]).toBe(`${' '.repeat(74)}nowrap`.slice(0, 79) + 'p');
  });

  it('scroll inside a region and leave the rest', async () => {
    const rows = await rowsOf(vttest['scrolling regions and origin mode']!);
    expect(rows.at(-1)).toBe('below');
    expect(rows).toContain('line 29');
  });

  it('give wide characters two columns and combining ones none', async () => {
    const terminal = newTerminal();
    terminal.write('漢a\r\ne\u0301b');
    await settled(terminal);
    const cells = [0, 1].map((y) => [0, 1, 2].map((x) => terminal.buffer.active.getLine(y)!.getCell(x)!).map((cell) => `${cell.getChars()}:${cell.getWidth()}`));
    expect(cells).toEqual([['漢:2', ':0', 'a:1'], ['e\u0301:1', 'b:1', ':1']]);
    terminal.dispose();
  });

  it('show what the programs showed', async () => {
    expect(await rowsOf(lastSeen('less'))).toContainEqual(expect.stringContaining('lab-'));
    expect(await rowsOf(lastSeen('vim'))).toContainEqual(expect.stringContaining('wide é combining e\u0301 and 👍'));
    expect(await rowsOf(lastSeen('top'))).toContainEqual(expect.stringContaining('load average'));
  });

  it('leave programs as they found the screen', async () => {
    for (const name of ['less', 'vim', 'tmux']) expect((await screenAfter(recorded(name), [], 0)).buffer).toBe('normal');
  });
});
