import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveRoute, type RouteOptions } from '../../electron/transport/ssh/resolve-route';
import type { SshProfile } from '../../shared/domain/host';

let home = '';
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'netwright-route-'));
  mkdirSync(path.join(home, '.ssh'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (text: string, name = 'config'): void => writeFileSync(path.join(home, '.ssh', name), text);
const me = os.userInfo().username;
const profile = (more: Partial<SshProfile> = {}): SshProfile => ({
  kind: 'ssh', address: 'kvm1', port: 22, user: 'root', auth: 'auto', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin', ...more,
});
const alias = (name: string, more: Partial<SshProfile> = {}): SshProfile => profile({ address: 'old-address', sshConfigAlias: name, ...more });
/** `user@address:port` of each server. */
async function way(of: SshProfile, options: RouteOptions): Promise<string[]> {
  const { host, jumps } = await resolveRoute(of, { homeDirectory: home, ...options });
  return [...jumps, host].map(({ user, address, port }) => `${user}@${address}:${port}`);
}

/** Both readers must agree: ssh's own, and ours for computers without ssh. */
describe.each<[string, RouteOptions]>([['asked of ssh', {}], ['read from the files', { sshProgram: null }]])('%s', (_name, options) => {
  it('is the profile itself without a configuration', async () => {
    expect(await way(profile(), options)).toEqual(['root@kvm1:22']);
    expect(await way(alias('gone'), options)).toEqual(['root@old-address:22']);
  });

  it('follows the configuration of an alias, host by host', async () => {
    write(`
Host kvm1
  HostName 10.0.0.12
  ProxyJump inner
Host inner
  HostName inner.lab
  User ada
  Port 2222
  ProxyJump bo@outer:23
Host outer
  HostName outer.example
  User ignored
Host *
  User everyone
`);
    expect(await way(alias('kvm1'), options)).toEqual(['bo@outer.example:23', 'ada@inner.lab:2222', 'everyone@10.0.0.12:22']);
    // What was typed wins; the way is found by the name that was typed.
    expect(await way(profile({ port: 2022 }), options)).toEqual(['bo@outer.example:23', 'ada@inner.lab:2222', 'root@10.0.0.12:2022']);
    expect(await way(alias('kvm1', { proxyJump: 'none' }), options)).toEqual(['everyone@10.0.0.12:22']);
    // Between the hosts of one list nothing else is looked for.
    expect(await way(alias('kvm1', { proxyJump: 'x,me@inner:1,outer' }), options)).toEqual(['everyone@x:22', 'me@inner.lab:1', 'ignored@outer.example:22', 'everyone@10.0.0.12:22']);
  });

  it('ends a way at ProxyJump none', async () => {
    write('Host gate\n ProxyJump none\nHost *\n ProxyJump gate\n User u\n');
    expect(await way(profile(), options)).toEqual(['u@gate:22', 'root@kvm1:22']);
  });

  it('takes the local user where nobody names one', async () => {
    write('Host kvm1\n HostName 10.0.0.12\n ProxyJump gate\n');
    expect(await way(alias('kvm1', { user: 'mara' }), options)).toEqual([`${me}@gate:22`, 'mara@10.0.0.12:22']);
  });

  it('names hosts that lead to each other', async () => {
    write('Host a\n ProxyJump b\nHost b\n ProxyJump c\nHost c\n ProxyJump a\n');
    await expect(way(alias('a'), options)).rejects.toMatchObject({ data: { code: 'ssh.config-broken', detail: expect.stringContaining('a → b → c → a') as string } });
    await expect(way(profile({ proxyJump: 'kvm1' }), options)).rejects.toMatchObject({ data: { code: 'ssh.config-broken' } });
    await expect(way(profile({ proxyJump: 'x,y,x' }), options)).rejects.toMatchObject({ data: { code: 'ssh.config-broken' } });
  });

  it('reads what decides the login', async () => {
    write(`
Host kvm1
  HostName 10.0.0.12
  User ada
  IdentityFile %d/.ssh/for_%h_%r
  IdentityFile "~/.ssh/with space"
  IdentitiesOnly yes
  IdentityAgent none
  HostKeyAlias cellar
  UserKnownHostsFile ~/.ssh/kh1 "~/.ssh/kh 2"
  GlobalKnownHostsFile none
  ConnectTimeout 7
  ServerAliveInterval 5
  ServerAliveCountMax 2
  AddressFamily inet6
  BindAddress ::1
  PreferredAuthentications password,publickey,hostbased
  StrictHostKeyChecking yes
  CertificateFile ~/.ssh/cert
  ControlPath ~/.ssh/%C
`);
    const { host } = await resolveRoute(alias('kvm1'), { homeDirectory: home, ...options });
    // ~ in known_hosts files is expanded by ssh itself, from the user database.
    const under = (file: string): unknown => expect.stringMatching(new RegExp(`^(${home}|${os.userInfo().homedir})/.ssh/${file}$`));
    expect(host).toEqual({
      address: '10.0.0.12', port: 22, user: 'ada', auth: 'auto',
      identityFiles: [path.join(home, '.ssh', 'for_10.0.0.12_ada'), path.join(home, '.ssh', 'with space')], identitiesOnly: true, agentSocket: null,
      methods: ['password', 'publickey'], hostKeyAlias: 'cellar', userKnownHostsFiles: [under('kh1'), under('kh 2')], systemKnownHostsFiles: [],
      refusesUnknownKeys: true, addressFamily: 6, bindAddress: '::1', readyTimeoutMs: 7000, keepaliveIntervalMs: 5000, keepaliveCountMax: 2,
      unsupported: ['CertificateFile', 'ControlPath'],
    });
    expect((await resolveRoute(alias('kvm1', { auth: 'key' }), { homeDirectory: home, ...options })).host.auth).toEqual([
      { kind: 'key', path: path.join(home, '.ssh', 'for_10.0.0.12_ada') }, { kind: 'key', path: path.join(home, '.ssh', 'with space') }, { kind: 'keyboard-interactive' },
    ]);
  });

  it('leaves what nobody sets to the usual', async () => {
    write('Host kvm1\n HostName 10.0.0.12\n');
    const { host } = await resolveRoute(alias('kvm1'), { homeDirectory: home, ...options });
    expect(host).toMatchObject({ identityFiles: undefined, identitiesOnly: false, agentSocket: undefined, methods: undefined, hostKeyAlias: undefined, userKnownHostsFiles: undefined, refusesUnknownKeys: false, keepaliveIntervalMs: undefined, unsupported: [] });
  });

  it('takes the old way of jumping, and refuses other proxy commands', async () => {
    write('Host old\n ProxyCommand ssh -W %h:%p ada@gate\nHost other\n ProxyCommand nc -X connect -x proxy:8080 %h %p\n');
    expect(await way(alias('old'), options)).toEqual(['ada@gate:22', 'root@old:22']);
    await expect(way(alias('other'), options)).rejects.toMatchObject({ data: { code: 'ssh.config-unsupported', field: 'client' } });
    expect(await way(alias('other', { proxyJump: 'gate' }), options)).toEqual([`${me}@gate:22`, 'root@other:22']);
  });

  it('names file and line of a mistake, and reaches typed hosts all the same', async () => {
    write('Host a\n HostName 10.0.0.1\n Prot 22\n');
    await expect(way(alias('a'), options)).rejects.toMatchObject({ data: { code: 'ssh.config-broken', detail: expect.stringMatching(/config, line 3: .*prot/i) as string } });
    expect(await way(profile(), options)).toEqual(['root@kvm1:22']);
    write(`Include ${home}/.ssh/config\nHost a\n`);
    await expect(way(alias('a'), options)).rejects.toMatchObject({ data: { code: 'ssh.config-broken' } });
  });
});

it('lets ssh judge what only it can', async () => {
  write('Match exec "test %h = kvm1"\n ProxyJump by-exec\nMatch final host 10.0.0.9\n User canonical\nHost kvm2\n HostName 10.0.0.9\n');
  expect(await way(profile({ address: 'kvm1' }), {})).toEqual([`${me}@by-exec:22`, 'root@kvm1:22']);
  expect(await way(alias('kvm2'), {})).toEqual(['canonical@10.0.0.9:22']);
  const { host } = await resolveRoute(alias('kvm2'), { homeDirectory: home, sshProgram: path.join(home, 'no-ssh') });
  expect(host.unsupported).toEqual(['Match exec', 'Match final']);
});

it('reaches link-local addresses by their zone', async () => {
  expect(await way(profile({ address: 'fe80::1%eth0', proxyJump: 'ada@[fe80::2%eth1]:2222' }), {})).toEqual(['ada@fe80::2%eth1:2222', 'root@fe80::1%eth0:22']);
});

it('takes the line that ssh complains of from its words', async () => {
  const program = path.join(home, 'slow-ssh');
  writeFileSync(program, '#!/bin/sh\necho "config line 4: something odd" >&2\nexit 255\n');
  chmodSync(program, 0o755);
  write('Host a\n');
  await expect(way(alias('a'), { sshProgram: program })).rejects.toMatchObject({ data: { detail: 'config, line 4: something odd.' } });
});
