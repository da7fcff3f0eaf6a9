import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newHostProfile } from '../../../shared/domain/host';
import type { CommandRunner } from '../../transport/command-runner';
import { ContactOpener } from './contact-opener';

const profile = newHostProfile('h', 'attic', {
  kind: 'ssh', address: '192.0.2.7', port: 22, user: 'root', auth: 'agent', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin',
});
const asked = { interactive: true, root: true };
const watching = { interactive: false, root: false };

/** A host whose connections take as long as `seconds` says. */
function hostThatTakes(seconds: () => number): ContactOpener {
  return new ContactOpener({ get: () => profile }, {
    open: (_profile, { signal }) => new Promise<CommandRunner>((resolve, reject) => {
      setTimeout(() => resolve({} as CommandRunner), seconds() * 1000);
      signal.addEventListener('abort', () => reject(new Error('given up')));
    }),
  });
}

/** The second at which it has ended, and how. */
async function secondsOf(work: Promise<unknown>): Promise<[number, string]> {
  const startedAt = performance.now();
  const ended = work.then(() => 'open', (error: unknown) => (error as Error).message);
  await vi.runAllTimersAsync();
  return [Math.round((performance.now() - startedAt) / 1000), await ended];
}

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('a connection while a host is watched', () => {
  it('is given up after 5 s', async () => {
    const contacts = hostThatTakes(() => 8);
    expect((await secondsOf(contacts.open('h', watching)))[1]).toBe('given up');
  });

  it('may take three times as long as the host\'s fastest one', async () => {
    let seconds = 4;
    const contacts = hostThatTakes(() => seconds);
    expect(await secondsOf(contacts.open('h', asked))).toEqual([4, 'open']);
    seconds = 11;
    expect(await secondsOf(contacts.open('h', watching))).toEqual([11, 'open']);
    seconds = 13;
    expect((await secondsOf(contacts.open('h', watching)))[1]).toBe('given up');
  });

  it('is given up after 30 s at the latest, however long somebody took for a password', async () => {
    let seconds = 90;
    const contacts = hostThatTakes(() => seconds);
    expect(await secondsOf(contacts.open('h', asked))).toEqual([90, 'open']);
    seconds = 31;
    expect((await secondsOf(contacts.open('h', watching)))[1]).toBe('given up');
  });
});
