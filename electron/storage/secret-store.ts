import { join } from 'node:path';
import { z } from 'zod';
import type { KeptSecret } from '../../shared/domain/host';
import { JsonFile } from './json-file';

export type SecretKind = KeptSecret['kind'];

/** What of Electron's safeStorage is used; the command line has none. */
export interface Keychain {
  isAvailable(): boolean;
  encrypt(text: string): Buffer;
  decrypt(data: Buffer): string;
}

const fileSchema = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.string()) });

/**
 * Passwords and passphrases by host. Kept on disk only encrypted by the system's keychain; without one they live in
 * this process and die with it. They never leave the main process.
 */
export class SecretStore {
  private readonly session = new Map<string, string>();
  private encrypted: Record<string, string> = {};
  private readonly file: JsonFile<typeof fileSchema>;

  constructor(folder: string, private readonly keychain: Keychain | null) {
    this.file = new JsonFile(join(folder, 'secrets.json'), fileSchema, () => ({ version: 1, secrets: {} }));
  }

  async load(): Promise<string | null> {
    const { value, setAside } = await this.file.read();
    this.encrypted = value.secrets;
    return setAside;
  }

  canRemember(): boolean {
    return this.keychain?.isAvailable() ?? false;
  }

  get(hostId: string, kind: SecretKind, subject: string): string | null {
    const key = keyOf(hostId, kind, subject);
    const held = this.session.get(key);
    if (held !== undefined) return held;
    const data = this.encrypted[key];
    if (data === undefined || !this.keychain?.isAvailable()) return null;
    try {
      return this.keychain.decrypt(Buffer.from(data, 'base64'));
    } catch {
      return null; // another user's or an older keychain's: the user is asked again, and the entry is replaced
    }
  }

  /** `remember`: also across restarts, where there is a keychain. */
  async set(hostId: string, kind: SecretKind, subject: string, value: string, remember: boolean): Promise<void> {
    const key = keyOf(hostId, kind, subject);
    this.session.set(key, value);
    if (remember && this.keychain?.isAvailable()) {
      this.encrypted = { ...this.encrypted, [key]: this.keychain.encrypt(value).toString('base64') };
      await this.file.write({ version: 1, secrets: this.encrypted });
    }
  }

  /** Drops what is only held in memory; what the keychain was told to remember stays. */
  release(hostId: string, kind: SecretKind): void {
    for (const key of this.session.keys()) if (key.startsWith(`${hostId}/${kind}/`)) this.session.delete(key);
  }

  /** What is kept for a host (null: for all), and where; not the secrets. */
  list(hostId: string | null): KeptSecret[] {
    const keys = new Set([...Object.keys(this.encrypted), ...this.session.keys()]);
    return [...keys].map((key) => ({ ...partsOfKey(key), place: key in this.encrypted ? 'keychain' as const : 'session' as const }))
      .filter((secret) => hostId === null || secret.hostId === hostId);
  }

  /** Forgets every secret of every host. */
  async forgetAll(): Promise<void> {
    this.session.clear();
    if (Object.keys(this.encrypted).length === 0) return;
    this.encrypted = {};
    await this.file.write({ version: 1, secrets: {} });
  }

  /** Forgets one secret (a wrong one), or all of a host. */
  async forget(hostId: string, kind?: SecretKind, subject?: string): Promise<void> {
    const gone = (key: string): boolean => (kind ? key === keyOf(hostId, kind, subject ?? '') : key.startsWith(`${hostId}/`));
    for (const key of this.session.keys()) if (gone(key)) this.session.delete(key);
    if (!Object.keys(this.encrypted).some(gone)) return;
    this.encrypted = Object.fromEntries(Object.entries(this.encrypted).filter(([key]) => !gone(key)));
    await this.file.write({ version: 1, secrets: this.encrypted });
  }
}

const keyOf = (hostId: string, kind: SecretKind, subject: string): string => `${hostId}/${kind}/${subject}`;

/** The parts of a key; a subject may hold slashes of its own. */
function partsOfKey(key: string): Omit<KeptSecret, 'place'> {
  const [hostId = '', kind = '', ...subject] = key.split('/');
  return { hostId, kind: kind as SecretKind, subject: subject.join('/') };
}
