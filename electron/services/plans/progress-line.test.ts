import { describe, expect, it } from 'vitest';
import { ProgressLine } from './progress-line';

describe('the last line of a long command', () => {
  function follow(chunks: readonly [atMs: number, text: string][]): string[] {
    const told: string[] = [];
    let now = 0;
    const progress = new ProgressLine((line) => told.push(line), { now: () => new Date(now) });
    for (const [at, text] of chunks) {
      now = at;
      progress.take(text);
    }
    return told;
  }

  it('is told whole, however it is cut, and not too often', () => {
    expect(follow([[0, 'Unpack'], [10, 'ing libvirt0 ...\nSett'], [20, 'ing up a ...\n'], [300, 'Setting up b ...\n']])).toEqual(['Unpacking libvirt0 ...', 'Setting up b ...']);
  });

  it('is what stands there when a line is drawn over itself', () => {
    expect(follow([[0, '(Reading database ... 5%\r(Reading database ... 100%\r']])).toEqual(['(Reading database ... 100%']);
    expect(follow([[0, '\u001b[32mDownloading\u001b[0m\tx\n\n']])).toEqual(['Downloadingx']);
  });
});
