import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error';
import { hostLabel } from './connection-errors';
import { addKnownHost, checkHostKey, readKnownKeys, type HostKeyVerdict, type KnownKey } from './known-hosts';
import { fingerprintOf, keyTypeOf, knownHostName } from './known-hosts-file';
import type { HostKeyPolicy } from './ssh-runner-options';

/**
 * Decides about the server's key of one connection. Nothing of a login is sent before `accept` resolved: ssh2 waits for
 * its verifier during the key exchange.
 */
export class HostKeyCheck {
  readonly #address: string;
  readonly #port: number;
  readonly #policy: HostKeyPolicy;
  readonly #userFile: string;
  readonly known: readonly KnownKey[];
  /** ssh2 asks again at every rekeying: the key must then be the same, and nobody is asked twice. */
  #accepted: Buffer | null = null;

  private constructor(address: string, port: number, policy: HostKeyPolicy, userFile: string, known: readonly KnownKey[]) {
    this.#address = address;
    this.#port = port;
    this.#policy = policy;
    this.#userFile = userFile;
    this.known = known;
  }

  /** Reads the known_hosts files. @throws AppError `hostkey.file` */
  static async load(address: string, port: number, policy: HostKeyPolicy, homeDirectory = os.homedir()): Promise<HostKeyCheck> {
    const userFile = policy.userFile ?? path.join(homeDirectory, '.ssh', 'known_hosts');
    const files = [userFile, ...(policy.systemFiles ?? ['/etc/ssh/ssh_known_hosts'])];
    return new HostKeyCheck(address, port, policy, userFile, await readKnownKeys(files, address, port));
  }

  /** Resolves when the key may be trusted. @throws AppError `hostkey.changed`, `.revoked`, `.rejected`, `.file` */
  async accept(key: Buffer): Promise<void> {
    if (this.#accepted) {
      if (this.#accepted.equals(key)) return;
      throw this.#refusal({ kind: 'changed', file: '', line: 0, keyType: '', expected: fingerprintOf(this.#accepted) }, key);
    }
    const verdict = checkHostKey(this.known, key);
    if (verdict.kind === 'changed' || verdict.kind === 'revoked') throw this.#refusal(verdict, key);
    if (verdict.kind === 'unknown') await this.#ask(key, verdict.trustsAuthority);
    this.#accepted = key;
  }

  async #ask(key: Buffer, trustsAuthority: boolean): Promise<void> {
    const fingerprint = fingerprintOf(key);
    const accepted = await this.#policy.confirmUnknown({
      address: this.#address, port: this.#port, algorithm: keyTypeOf(key) ?? 'unknown', fingerprint, knownHostsFile: this.#userFile,
    });
    if (!accepted) {
      throw new AppError('hostkey.rejected', 'The host key was not accepted', `${this.#label()} showed ${fingerprint}. Nothing was sent to it.`, {
        hint: trustsAuthority
          ? 'known_hosts trusts a certificate authority (@cert-authority) for this host; Netwright does not read host certificates yet, so the key itself has to be accepted.'
          : 'On the host, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub shows the true fingerprint.',
      });
    }
    await addKnownHost(this.#userFile, this.#address, this.#port, key);
  }

  #refusal(verdict: Extract<HostKeyVerdict, { kind: 'changed' | 'revoked' }>, key: Buffer): AppError {
    const shown = `${keyTypeOf(key) ?? 'unknown'} ${fingerprintOf(key)}`;
    if (verdict.kind === 'revoked') {
      return new AppError('hostkey.revoked', 'The host key is revoked', `${this.#label()} showed ${shown}, which ${verdict.file}, line ${verdict.line}, marks as revoked. Nothing was sent.`, {
        hint: 'Someone declared this key stolen or unsafe. Ask who looks after the host.',
      });
    }
    const where = verdict.file ? ` (${verdict.file}, line ${verdict.line})` : '';
    const name = knownHostName(this.#address, this.#port);
    return new AppError('hostkey.changed', 'The host key has changed', `${this.#label()} is known by ${verdict.keyType ? `${verdict.keyType} ` : ''}${verdict.expected}${where}, but now showed ${shown}. Nothing was sent.`, {
      hint: `Either the host was installed anew, or someone sits between you and it. If you know the reason, remove the old key: ssh-keygen -R '${name}'${verdict.file ? ` -f ${verdict.file}` : ''}`,
    });
  }

  #label(): string {
    return hostLabel(this.#address, this.#port);
  }
}
