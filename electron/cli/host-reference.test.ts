import { describe, expect, it } from 'vitest';
import type { CommonOptions } from './arguments';
import { resolveHost } from './host-reference';

const entry = { alias: 'attic', address: '10.0.0.12', port: 2222, user: 'mara', keyPath: '~/.ssh/attic', proxyJump: 'gate', unsupported: [] };
const resolve = (reference: string, options: CommonOptions = {}) => resolveHost(reference, options, {
  findByName: () => undefined, sshAlias: (alias) => Promise.resolve(alias === 'attic' ? entry : null),
});

describe('HOST of the command line', () => {
  it.each([
    ['ssh://root@10.0.0.12', { address: '10.0.0.12', port: 22, user: 'root' }, 'ssh://root@10.0.0.12:22'],
    ['ssh://root@[fd00::9]:2222/', { address: 'fd00::9', port: 2222, user: 'root' }, 'ssh://root@[fd00::9]:2222'],
    ['ssh://root@[fe80::1%25eth0]', { address: 'fe80::1%eth0', port: 22, user: 'root' }, 'ssh://root@[fe80::1%25eth0]:22'],
    ['ssh://corp%5Cmara@attic', { address: 'attic', port: 22, user: 'corp\\mara' }, 'ssh://corp\\mara@attic:22'],
  ])('reads %s', async (reference, connection, id) => {
    expect(await resolve(reference)).toMatchObject({ id, connection: { ...connection, auth: 'auto', proxyJump: null, client: 'builtin' } });
  });

  it('can be given as the id that the history keeps', async () => {
    const { id } = await resolve('ssh://root@[fe80::1%25eth0]:2222');
    expect((await resolve(id)).id).toBe(id);
  });

  it.each(['ssh://root:pw@attic', 'ssh://', 'ssh://attic/path', 'ssh://a b', 'ssh://root@[::1', 'ssh://-oProxyCommand=x', 'ssh://attic?x'])('refuses %s', async (reference) => {
    await expect(resolve(reference)).rejects.toMatchObject({ data: { code: 'input.invalid' } });
  });

  it('leaves keys and way of an alias to the configuration', async () => {
    expect(await resolve('attic')).toMatchObject({ id: 'alias:attic', connection: { auth: 'auto', keyPath: null, sshConfigAlias: 'attic', proxyJump: null } });
    await expect(resolve('cellar')).rejects.toMatchObject({ data: { code: 'not-found' } });
  });

  it('takes the way, the client and the key from options', async () => {
    expect(await resolve('attic', { jump: 'ada@gate:2222,[fd00::1]:22', client: 'system', identity: '~/k', sudo: true })).toMatchObject({
      connection: { proxyJump: 'ada@gate:2222,[fd00::1]:22', client: 'system', auth: 'key', keyPath: '~/k', useSudo: true },
    });
    expect(await resolve('attic', { jump: 'none' })).toMatchObject({ connection: { proxyJump: 'none' } });
    await expect(resolve('attic', { jump: 'a b' })).rejects.toMatchObject({ data: { field: 'proxyJump' } });
    await expect(resolve('attic', { client: 'putty' })).rejects.toMatchObject({ data: { code: 'input.invalid' } });
  });
});
