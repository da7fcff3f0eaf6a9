import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error';
import { offeredAlgorithms } from './algorithms';
import { addKnownHost, checkHostKey, knownKeyTypes, readKnownKeys } from './known-hosts';
import { fingerprintOf, knownHostName } from './known-hosts-file';

function blob(type: string, fill: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(type.length);
  return Buffer.concat([head, Buffer.from(type), Buffer.alloc(40, fill)]);
}

const ed = blob('ssh-ed25519', 1);
const otherEd = blob('ssh-ed25519', 2);
const rsa = blob('ssh-rsa', 3);
const line = (host: string, key: Buffer, type = 'ssh-ed25519'): string => `${host} ${type} ${key.toString('base64')}\n`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'known-hosts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function verdict(text: string, presented: Buffer): Promise<ReturnType<typeof checkHostKey>> {
  const file = path.join(folder, 'known_hosts');
  writeFileSync(file, text);
  return checkHostKey(await readKnownKeys([file, path.join(folder, 'missing')], 'h'), presented);
}

describe('checkHostKey', () => {
  it('knows a key that stands in a file', async () => {
    expect(await verdict(line('h', ed), ed)).toEqual({ kind: 'known' });
  });

  it('takes any of several keys', async () => {
    expect(await verdict(line('h', otherEd) + line('h', ed), ed)).toEqual({ kind: 'known' });
  });

  it('reports a changed key with the line that knew better', async () => {
    expect(await verdict(`# x\n${line('h', otherEd)}`, ed)).toEqual({
      kind: 'changed', file: path.join(folder, 'known_hosts'), line: 2, keyType: 'ssh-ed25519', expected: fingerprintOf(otherEd),
    });
  });

  it('does not take a key of another type for a stranger', async () => {
    expect(await verdict(line('h', rsa, 'ssh-rsa'), ed)).toMatchObject({ kind: 'changed', keyType: 'ssh-rsa' });
  });

  it('asks where only a type is known that was never offered', async () => {
    expect(await verdict(line('h', blob('ssh-dss', 4), 'ssh-dss'), ed)).toEqual({ kind: 'unknown', trustsAuthority: false });
  });

  it('refuses a revoked key even where it is known too', async () => {
    expect(await verdict(`${line('h', ed)}@revoked ${line('*', ed)}`, ed)).toMatchObject({ kind: 'revoked', line: 2 });
  });

  it('says that a certificate authority is trusted', async () => {
    expect(await verdict(`@cert-authority ${line('*', otherEd)}`, ed)).toEqual({ kind: 'unknown', trustsAuthority: true });
  });

  it('takes a key that is known without the port, but no other for a change', async () => {
    const file = path.join(folder, 'known_hosts');
    writeFileSync(file, line('h', ed));
    const keys = await readKnownKeys([file], knownHostName('h', 2222));
    expect(checkHostKey(keys, ed)).toEqual({ kind: 'known' });
    expect(checkHostKey(keys, otherEd)).toEqual({ kind: 'unknown', trustsAuthority: false });
  });

  it('does not read what it may not, and says so', async () => {
    await expect(readKnownKeys([folder], 'h')).rejects.toMatchObject({ data: { code: 'hostkey.file' } });
  });
});

it('offers known key types first', async () => {
  const file = path.join(folder, 'known_hosts');
  writeFileSync(file, line('h', rsa, 'ssh-rsa'));
  const offered = offeredAlgorithms(knownKeyTypes(await readKnownKeys([file], 'h'))).serverHostKey;
  expect(offered).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521']);
});

describe('addKnownHost', () => {
  it('makes the folder and the file for the user alone', async () => {
    const file = path.join(folder, '.ssh', 'known_hosts');
    await addKnownHost(file, knownHostName('h', 2222), ed);
    expect(readFileSync(file, 'utf8')).toBe(line('[h]:2222', ed));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('keeps every byte that was there, and starts on a line of its own', async () => {
    const file = path.join(folder, 'known_hosts');
    const before = Buffer.concat([Buffer.from(`a ssh-ed25519 ${ed.toString('base64')} caf`), Buffer.from([0xe9, 0xff, 0x0d])]);
    writeFileSync(file, before);
    chmodSync(file, 0o640);
    await addKnownHost(file, 'h', otherEd);
    expect(readFileSync(file)).toEqual(Buffer.concat([before, Buffer.from(`\n${line('h', otherEd)}`)]));
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('explains a place where nothing can be written', async () => {
    writeFileSync(path.join(folder, 'plain'), '');
    const file = path.join(folder, 'plain', 'known_hosts');
    const error = await addKnownHost(file, 'h', ed).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ data: { code: 'hostkey.file' } });
    expect(existsSync(file)).toBe(false);
  });
});
