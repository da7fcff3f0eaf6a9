import { describe, expect, it } from 'vitest';
import type { TerminalChannel, TerminalEnd } from '../terminal-channel';
import { beginElevatedTerminal } from './elevated-terminal';
import { buildTerminalLaunch } from './terminal-script';

/** A terminal whose other side is the test. */
class FakeTerminal implements TerminalChannel {
  written: string[] = [];
  closed = false;
  #onData: (data: Uint8Array) => void = () => undefined;
  #onEnd: (end: TerminalEnd) => void = () => undefined;

  print(text: string): void { this.#onData(Buffer.from(text)); }
  finish(exitCode: number): void { this.#onEnd({ exitCode, signal: null, error: null }); }
  write(text: string): void { this.written.push(text); }
  resize(): void { this.written.push('resize'); }
  pause(): void { this.written.push('pause'); }
  resume(): void { this.written.push('resume'); }
  onData(listener: (data: Uint8Array) => void): void { this.#onData = listener; }
  onEnd(listener: (end: TerminalEnd) => void): void { this.#onEnd = listener; }
  close(): void { this.closed = true; this.finish(1); }
}

const launch = { script: '', askMark: '@m?', beginMark: '@m.' };

describe('a terminal with rights', () => {
  it('answers sudo once, and shows what comes after', async () => {
    const terminal = new FakeTerminal();
    const starting = beginElevatedTerminal(terminal, launch, 'secret');
    terminal.print('lecture\r\n@');
    terminal.print('m?');
    expect(terminal.written).toEqual(['secret\n']);
    terminal.print('\r\n@m.\r\nhel');
    const started = await starting;
    let text = '';
    started.onData((data) => { text += Buffer.from(data).toString(); });
    terminal.print('lo');
    expect(text).toBe('hello');
    const ended = new Promise((resolve) => { started.onEnd(resolve); });
    terminal.finish(4);
    expect(await ended).toEqual({ exitCode: 4, signal: null, error: null });
  });

  it('gives up at a second question', async () => {
    const terminal = new FakeTerminal();
    const starting = beginElevatedTerminal(terminal, launch, 'wrong');
    terminal.print('@m?');
    terminal.print('\r\nSorry, try again.\r\n@m?');
    await expect(starting).rejects.toMatchObject({ output: expect.stringContaining('Sorry, try again') as string });
    expect(terminal.written).toEqual(['wrong\n']);
    expect(terminal.closed).toBe(true);
  });
});

describe('buildTerminalLaunch', () => {
  it('puts no password into a command line, and needs no marks without rights', () => {
    const withPassword = buildTerminalLaunch(['virsh', 'console', 'it\'s'], { kind: 'sudo-with-password', password: 'hunter2' }, 'abc');
    expect(withPassword.script).not.toContain('hunter2');
    expect(withPassword).toMatchObject({ askMark: '@abc?', beginMark: '@abc.' });
    expect(buildTerminalLaunch(['id'], { kind: 'doas' }, 'abc').script).toContain('doas -n --');
    expect(buildTerminalLaunch(['id'], { kind: 'carrier' }, 'abc').script).toContain('exec pkexec');
    expect(buildTerminalLaunch(['id'], { kind: 'none' }, 'abc')).toMatchObject({ askMark: null, beginMark: null });
  });
});
