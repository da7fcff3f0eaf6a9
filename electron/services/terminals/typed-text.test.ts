import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TypedText } from './typed-text';

describe('TypedText', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  function setUp() {
    const written: string[] = [];
    return { written, typed: new TypedText('virsh net-list --all', (text) => written.push(text)) };
  }

  it('waits for the prompt behind a message of the day', () => {
    const { written, typed } = setUp();
    typed.sawOutput(Buffer.from('Linux attic 6.1.0\r\n\r\nLast login: Monday\r\n'));
    expect(written).toEqual([]);
    typed.sawOutput(Buffer.from('\x1b[?2004h\x1b]0;root@attic\x07'));
    expect(written).toEqual([]);
    typed.sawOutput(Buffer.from('\x1b[32mroot@attic\x1b[0m:~# '));
    expect(written).toEqual(['virsh net-list --all']);
    typed.sawOutput(Buffer.from('more'));
    vi.runAllTimers();
    expect(written).toHaveLength(1);
  });

  it('types after half a second without a prompt', () => {
    const { written, typed } = setUp();
    vi.advanceTimersByTime(400);
    typed.sawOutput(Buffer.from('Welcome\r\n'));
    vi.advanceTimersByTime(400);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(written).toEqual(['virsh net-list --all']);
  });

  it('types nothing for a shell that ended', () => {
    const { written, typed } = setUp();
    typed.cancel();
    typed.sawOutput(Buffer.from('$ '));
    vi.runAllTimers();
    expect(written).toEqual([]);
  });
});
