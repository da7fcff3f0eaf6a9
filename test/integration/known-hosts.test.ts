import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { addKnownHost, checkHostKey, readKnownKeys } from '../../electron/transport/ssh/known-hosts';
import { fingerprintOf, knownHostName } from '../../electron/transport/ssh/known-hosts-file';

const folder = mkdtempSync(path.join(os.tmpdir(), 'netwright-known-hosts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function makeKey(name: string): { key: Buffer; line: string; file: string } {
  const file = path.join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  const line = readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  return { key: Buffer.from(line.split(' ')[1] ?? '', 'base64'), line, file };
}

/** Whether ssh-keygen(1) finds the host. */
function keygenFinds(file: string, name: string): boolean {
  try {
    return execFileSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' }).includes('found');
  } catch (error) {
    if ((error as { status?: number }).status === 1) return false;
    throw error;
  }
}

const one = makeKey('one');
const two = makeKey('two');

it('finds what ssh-keygen finds, plain and hashed', async () => {
  const file = path.join(folder, 'compare');
  writeFileSync(file, `alpha,10.0.0.1 ${one.line}\n[beta]:2222 ${two.line}\n*.lab,!bad.lab ${one.line}\n`);
  const names: [string, number, string][] = [
    ['alpha', 22, 'alpha'], ['10.0.0.1', 22, '10.0.0.1'], ['beta', 22, 'beta'], ['beta', 2222, '[beta]:2222'],
    ['x.lab', 22, 'x.lab'], ['bad.lab', 22, 'bad.lab'], ['alpha', 2222, '[alpha]:2222'], ['nobody', 22, 'nobody'],
  ];
  for (let round = 0; round < 2; round++) {
    for (const [address, port, name] of names) {
      expect((await readKnownKeys([file], knownHostName(address, port))).some((key) => !key.otherPort), `${name} in round ${round}`).toBe(keygenFinds(file, name));
    }
    // Hashes the plain names; those with wildcards stay.
    if (round === 0) execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
  }
  expect(readFileSync(file, 'utf8')).toContain('|1|');
});

it('writes lines that ssh-keygen finds, and hashes in a file of hashes', async () => {
  for (const name of ['plain', 'hashed']) {
    const file = path.join(folder, name);
    await addKnownHost(file, knownHostName('first', 22), one.key);
    if (name === 'hashed') execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    await addKnownHost(file, knownHostName('second.lab', 2022), two.key);
    expect(keygenFinds(file, '[second.lab]:2022')).toBe(true);
    expect(keygenFinds(file, 'first')).toBe(true);
    expect(readFileSync(file, 'utf8').includes('second.lab')).toBe(name === 'plain');
    expect(checkHostKey(await readKnownKeys([file], knownHostName('second.lab', 2022)), two.key)).toEqual({ kind: 'known' });
    expect(checkHostKey(await readKnownKeys([file], knownHostName('second.lab', 2022)), one.key)).toMatchObject({ kind: 'changed', expected: fingerprintOf(two.key) });
  }
});

it('prints the fingerprint that ssh-keygen prints', () => {
  expect(fingerprintOf(one.key)).toBe(execFileSync('ssh-keygen', ['-lf', `${one.file}.pub`], { encoding: 'utf8' }).split(' ')[1]);
});
