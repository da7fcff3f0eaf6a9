import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFpmArguments, required, stageContents, stagedFiles } from './fpm-arguments.mjs';

describe('fpm\'s command line', () => {
  it('is understood as electron-builder writes it', () => {
    const request = parseFpmArguments([
      '-s', 'dir', '--force', '-t', 'deb', '-d', 'libc6 (>= 2.31)', '-d', 'libnss3', '--deb-recommends', 'openssh-client',
      '--description', 'short\n long', '--version', '1.0.0', '--description', 'the later one', '/build/app/=/opt/App', 'a=b.svg=/usr/share/b.svg',
    ]);
    expect(request).toEqual({
      options: { source: 'dir', target: 'deb', description: 'the later one', version: '1.0.0' },
      depends: ['libc6 (>= 2.31)', 'libnss3'],
      recommends: ['openssh-client'],
      contents: [{ from: '/build/app/', to: '/opt/App' }, { from: 'a=b.svg', to: '/usr/share/b.svg' }],
    });
    expect(required(request, 'version')).toBe('1.0.0');
    expect(() => required(request, 'maintainer')).toThrow('maintainer');
  });

  it('is refused where something in it is not known', () => {
    expect(() => parseFpmArguments(['--deb-systemd', 'x.service'])).toThrow('--deb-systemd');
    expect(() => parseFpmArguments(['/no/destination'])).toThrow('SOURCE=/DESTINATION');
    expect(() => parseFpmArguments(['-t'])).toThrow('needs a value');
  });
});

describe('the contents of a package', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'netwright-stage-')); });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (file: string, mode: number) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '', { mode });
  };

  it('has modes that do not depend on who builds, and keeps links', () => {
    write('app/program', 0o700);
    write('app/libx.so.1', 0o755);
    write('app/deep/data', 0o600);
    symlinkSync('/opt/App/program', path.join(folder, 'link'));
    const stage = path.join(folder, 'stage');
    mkdirSync(stage);
    stageContents([{ from: `${folder}/app/`, to: '/opt/App' }, { from: `${folder}/link`, to: '/usr/bin/app' }], stage);
    expect(stagedFiles(stage)).toEqual(['/opt/App/deep/data', '/opt/App/libx.so.1', '/opt/App/program', '/usr/bin/app']);
    const mode = (file: string) => (statSync(path.join(stage, file)).mode & 0o7777).toString(8);
    expect(['opt/App/program', 'opt/App/libx.so.1', 'opt/App/deep/data', 'opt/App/deep', 'usr/bin'].map(mode)).toEqual(['755', '644', '644', '755', '755']);
    expect(lstatSync(path.join(stage, 'usr/bin/app')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(path.join(stage, 'usr/bin/app'))).toBe('/opt/App/program');
  });
});
