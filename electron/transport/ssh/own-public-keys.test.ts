import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readOwnPublicKeys } from './own-public-keys';

let homeDirectory: string;
beforeEach(() => { homeDirectory = mkdtempSync(join(tmpdir(), 'netwright-keys-')); });
afterEach(() => rmSync(homeDirectory, { recursive: true }));

it('reads the public halves in ~/.ssh, by name, and leaves out what nobody can be let in by', async () => {
  mkdirSync(join(homeDirectory, '.ssh'));
  const put = (name: string, text: string): void => writeFileSync(join(homeDirectory, '.ssh', name), text);
  put('id_rsa.pub', 'ssh-rsa AAAAB3NzaC1yc2E= old, but "good" laptop\n');
  put('id_ed25519.pub', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA mara@desk\n');
  put('id_ed25519', '-----BEGIN OPENSSH PRIVATE KEY-----\n');
  put('id_ed25519-cert.pub', 'ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5 mara\n');
  put('old.pub', 'ssh-dss AAAAB3NzaC1kc3M= x\n');
  expect(await readOwnPublicKeys({ homeDirectory, agent: null })).toEqual(['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA mara@desk', 'ssh-rsa AAAAB3NzaC1yc2E= old_but_good_laptop']);
});

it('has none where there is no ~/.ssh, nor an agent that answers', async () => {
  expect(await readOwnPublicKeys({ homeDirectory, agent: null })).toEqual([]);
  expect(await readOwnPublicKeys({ homeDirectory, agent: join(homeDirectory, 'no-agent') })).toEqual([]);
});
