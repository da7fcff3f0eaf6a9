import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSshConfig } from './ssh-config';
import { parseConfigLines } from './ssh-config-lines';

let home = '';
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'ssh-config-'));
  mkdirSync(path.join(home, '.ssh', 'config.d'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(path.join(home, '.ssh', name), text);
const read = (): ReturnType<typeof readSshConfig> => readSshConfig({ homeDirectory: home, hasSsh: false });

describe('readSshConfig', () => {
  it('is empty without a file', async () => {
    expect(await read()).toEqual({ path: path.join(home, '.ssh', 'config'), entries: [], problem: null });
  });

  it('lists the names without wildcards, the first value of each option winning', async () => {
    write('config', `
Host kvm1 kvm2
  HostName %h.lab
  User root
Host kvm2
  User other
  Port=2222
Host "quoted" *.example !no
  IdentityFile "~/.ssh/my key"
Host *
  User admin
  Port 2022
  IdentityFile ~/.ssh/id_lab
`);
    const { entries, problem } = await read();
    expect(problem).toBeNull();
    expect(entries).toEqual([
      { alias: 'kvm1', address: 'kvm1.lab', port: 2022, user: 'root', keyPath: '~/.ssh/id_lab', proxyJump: null, unsupported: [] },
      { alias: 'kvm2', address: 'kvm2.lab', port: 2222, user: 'root', keyPath: '~/.ssh/id_lab', proxyJump: null, unsupported: [] },
      { alias: 'quoted', address: 'quoted', port: 2022, user: 'admin', keyPath: '~/.ssh/my key', proxyJump: null, unsupported: [] },
    ]);
  });

  it('names what is not followed', async () => {
    write('config', 'Host far\n ProxyCommand nc -x proxy %h %p\n IdentityAgent none\n CertificateFile c\nHost near\n ProxyCommand none\n ProxyJump bastion\nHost old\n ProxyCommand ssh -W %h:%p ada@bastion\nMatch exec "true"\n User x\n');
    const { entries } = await read();
    expect(entries.map(({ alias, proxyJump, unsupported }) => [alias, proxyJump, unsupported])).toEqual([
      ['far', null, ['Match exec', 'ProxyCommand', 'CertificateFile']], ['near', 'bastion', ['Match exec']], ['old', 'ada@bastion', ['Match exec']],
    ]);
    const withSsh = await readSshConfig({ homeDirectory: home, hasSsh: true });
    expect(withSsh.entries.map(({ unsupported }) => unsupported)).toEqual([['ProxyCommand', 'CertificateFile'], [], []]);
  });

  it('follows Match by name', async () => {
    write('config', 'Host a b\n HostName %h.lab\nMatch originalhost a\n User for-a\nMatch host b.lab !user nobody\n User for-b\nMatch all\n Port 99\n');
    const { entries } = await read();
    expect(entries.map(({ alias, user, port }) => [alias, user, port])).toEqual([['a', 'for-a', 99], ['b', 'for-b', 99]]);
  });

  it('follows Include with patterns, also inside a section', async () => {
    write('config', 'Include config.d/*.conf\nHost b\n  Include only-b\n  Port 7\n');
    write('config.d/one.conf', 'Host one\n HostName 10.0.0.1\n');
    write('config.d/two.txt', 'Host two\n');
    write('only-b', 'User inside\n');
    const { entries } = await read();
    expect(entries.map(({ alias, address, user, port }) => [alias, address, user, port])).toEqual([
      ['one', '10.0.0.1', null, 22], ['b', 'b', 'inside', 7],
    ]);
  });

  it('survives files that include each other', async () => {
    write('config', 'Include config\nHost a\n');
    const { entries, problem } = await read();
    expect(entries.map(({ alias }) => alias)).toEqual(['a']);
    expect(problem?.code).toBe('ssh.config-broken');
  });

  it.each([
    ['Host a\n  Prot 22\n', 2, 'prot'],
    ['Host a\n  Port none\n', 2, 'no port'],
    ['Host a\n  Port 70000\n', 2, 'no port'],
    ['Host a\n\n  User "x\n', 3, 'quotation mark'],
    ['Host a\nUser\n', 2, 'needs a value'],
  ])('reads what it can of %j', async (text, lineNumber, reason) => {
    write('config', `${text}Host fine\n  Port 23\n`);
    const { entries, problem } = await read();
    expect(entries.map(({ alias, port }) => [alias, port])).toEqual([['a', 22], ['fine', 23]]);
    expect(problem?.code).toBe('ssh.config-broken');
    expect(problem?.data.detail).toContain(`line ${lineNumber}`);
    expect(problem?.data.detail).toContain(reason);
  });

  it('respects IgnoreUnknown', async () => {
    write('config', 'IgnoreUnknown UseFoo,Apple*\nHost a\n UseFoo yes\n AppleThing no\n');
    expect((await read()).problem).toBeNull();
  });

  it('explains a file that can\'t be read', async () => {
    mkdirSync(path.join(home, '.ssh', 'config'));
    const { entries, problem } = await read();
    expect(entries).toEqual([]);
    expect(problem?.data.detail).toContain('it is a folder');
  });
});

it('never throws on any text', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => {
    const { directives, mistakes } = parseConfigLines(text, 'f');
    expect(directives.length + mistakes.length).toBeLessThanOrEqual(2 * text.split(/\r?\n/).length);
  }));
  fc.assert(fc.property(fc.array(fc.constantFrom('Host ', 'a', '"', '\n', ' ', '=', '\\', '#', 'Match ', 'Port', 'exec', '!', '*'), { maxLength: 40 }), (parts) => {
    parseConfigLines(parts.join(''), 'f');
  }));
});
