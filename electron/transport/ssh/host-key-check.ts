import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error';
import { hostLabel } from './connection-errors';
import { addKnownHost, checkHostKey, readKnownKeys, type HostKeyVerdict, type KnownKey } from './known-hosts';
import { fingerprintOf, keyTypeOf, knownHostName } from './known-hosts-file';
import type { HostKeyPolicy, HostKeyQuestion, SshServer } from './ssh-runner-options';

/** Where sshd(8) and its Windows port keep the keys that every user of this computer trusts. */
function systemKnownHostsFile(): string {
  return process.platform === 'win32' ? path.join(process.env.ProgramData ?? 'C:\\ProgramData', 'ssh', 'ssh_known_hosts') : '/etc/ssh/ssh_known_hosts';
}

/**
 * Decides about the server's key of one connection. Nothing of a login is sent before `accept` resolved: ssh2 waits for
 * its verifier during the key exchange.
 */
export class HostKeyCheck {
  readonly #server: SshServer;
  /** What it is filed under. */
  readonly #name: string;
  readonly #confirm: (question: Omit<HostKeyQuestion, 'onWayTo'>) => Promise<boolean>;
  readonly #userFile: string;
  readonly known: readonly KnownKey[];
  /** ssh2 asks again at every rekeying: the key must then be the same, and nobody is asked twice. */
  #accepted: Buffer | null = null;

  private constructor(server: SshServer, name: string, confirm: (question: Omit<HostKeyQuestion, 'onWayTo'>) => Promise<boolean>, userFile: string, known: readonly KnownKey[]) {
    this.#server = server;
    this.#name = name;
    this.#confirm = confirm;
    this.#userFile = userFile;
    this.known = known;
  }

  /**
   * Reads the known_hosts files.
   * @param confirm asked for a key that no file knows
   * @throws AppError `hostkey.file`
   */
  static async load(
    server: SshServer, files: Pick<HostKeyPolicy, 'userFile' | 'systemFiles'>, confirm: (question: Omit<HostKeyQuestion, 'onWayTo'>) => Promise<boolean>, homeDirectory = os.homedir(),
  ): Promise<HostKeyCheck> {
    const configured = server.userKnownHostsFiles ?? [path.join(homeDirectory, '.ssh', 'known_hosts')];
    const userFiles = files.userFile === undefined ? configured : [files.userFile];
    const systemFiles = files.systemFiles ?? server.systemKnownHostsFiles ?? [systemKnownHostsFile()];
    const name = server.hostKeyAlias?.toLowerCase() ?? knownHostName(server.address, server.port);
    // “UserKnownHostsFile none”: each connection asks anew.
    return new HostKeyCheck(server, name, confirm, userFiles[0] ?? os.devNull, await readKnownKeys([...userFiles, ...systemFiles], name));
  }

  /** The files trust an authority that signs host keys, and know no key of the host itself. */
  get trustsOnlyAuthority(): boolean {
    return this.known.length > 0 && this.known.every((key) => key.marker === 'cert-authority');
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
    const { address, port, refusesUnknownKeys } = this.#server;
    if (refusesUnknownKeys) {
      throw new AppError('hostkey.unknown', 'The host key is not known', `${this.#label()} showed ${keyTypeOf(key) ?? 'unknown'} ${fingerprint}, and “StrictHostKeyChecking yes” in the SSH configuration takes no unknown key. Nothing was sent to it.`, {
        hint: `Add the key to ${this.#userFile} after comparing it (ssh-keyscan prints it), or set StrictHostKeyChecking to ask.`,
      });
    }
    const accepted = await this.#confirm({
      address, port, algorithm: keyTypeOf(key) ?? 'unknown', fingerprint, knownHostsFile: this.#userFile,
    });
    if (!accepted) {
      throw new AppError('hostkey.rejected', 'The host key was not accepted', `${this.#label()} showed ${fingerprint}. Nothing was sent to it.`, {
        hint: trustsAuthority
          ? 'known_hosts trusts a certificate authority (@cert-authority) for this host; Netwright does not read host certificates yet, so the key itself has to be accepted.'
          : 'On the host, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub shows the true fingerprint.',
      });
    }
    await addKnownHost(this.#userFile, this.#name, key);
  }

  #refusal(verdict: Extract<HostKeyVerdict, { kind: 'changed' | 'revoked' }>, key: Buffer): AppError {
    const shown = `${keyTypeOf(key) ?? 'unknown'} ${fingerprintOf(key)}`;
    if (verdict.kind === 'revoked') {
      return new AppError('hostkey.revoked', 'The host key is revoked', `${this.#label()} showed ${shown}, which ${verdict.file}, line ${verdict.line}, marks as revoked. Nothing was sent.`, {
        hint: 'Someone declared this key stolen or unsafe. Ask who looks after the host.',
      });
    }
    const where = verdict.file ? ` (${verdict.file}, line ${verdict.line})` : '';
    return new AppError('hostkey.changed', 'The host key has changed', `${this.#label()} is known by ${verdict.keyType ? `${verdict.keyType} ` : ''}${verdict.expected}${where}, but now showed ${shown}. Nothing was sent.`, {
      hint: `Either the host was installed anew, or someone sits between you and it. If you know the reason, remove the old key: ssh-keygen -R '${this.#name}'${verdict.file ? ` -f ${verdict.file}` : ''}`,
    });
  }

  #label(): string {
    return hostLabel(this.#server.address, this.#server.port);
  }
}
