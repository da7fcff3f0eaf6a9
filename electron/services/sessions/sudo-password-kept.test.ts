import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretStore, type Keychain } from '../../storage/secret-store';
import { keepSudoPassword, sudoPasswordKeptMs } from './sudo-password-kept';

const keychain: Keychain = { isAvailable: () => true, encrypt: (text) => Buffer.from(text), decrypt: (data) => data.toString() };

let folder: string;
let secrets: SecretStore;
let end: (error: Error | null) => void;
const runner = { onClose: (listener: (error: Error | null) => void) => { end = listener; } };
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netwright-kept-'));
  secrets = new SecretStore(folder, keychain);
  await secrets.load();
  await secrets.set('h1', 'sudo-password', 'mara@rack', 'typed', false);
  await secrets.set('h1', 'password', 'mara@rack', 'login', false);
  end = () => undefined;
});
afterEach(() => rmSync(folder, { recursive: true }));

const held = (): string | null => secrets.get('h1', 'sudo-password', 'mara@rack');

describe('a typed sudo password', () => {
  it('stays until the app quits', () => {
    keepSudoPassword({ kept: 'until-quit', secrets, hostId: 'h1', runner });
    end(null);
    expect(held()).toBe('typed');
  });

  it('stays through a lost connection, and goes when the user disconnects', () => {
    keepSudoPassword({ kept: 'until-disconnect', secrets, hostId: 'h1', runner });
    end(new Error('lost'));
    expect(held()).toBe('typed');
    end(null);
    expect(held()).toBeNull();
    expect(secrets.get('h1', 'password', 'mara@rack')).toBe('login');
  });

  it('is the transport\'s alone where it is kept for a while', () => {
    keepSudoPassword({ kept: '15-minutes', secrets, hostId: 'h1', runner });
    expect(held()).toBeNull();
    expect(sudoPasswordKeptMs('15-minutes')).toBe(900_000);
    expect(sudoPasswordKeptMs('until-quit')).toBeUndefined();
  });

  it('stays in the keychain that was told to remember it', async () => {
    await secrets.set('h1', 'sudo-password', 'mara@rack', 'typed', true);
    keepSudoPassword({ kept: '15-minutes', secrets, hostId: 'h1', runner });
    expect(held()).toBe('typed');
  });
});
