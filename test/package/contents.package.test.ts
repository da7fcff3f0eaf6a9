/** What can be said of the packages without installing them. Debian can't run an .rpm's scripts: its files are read, and put into an empty root. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseV1Options } from '@electron/fuses';
import { describe, expect, it } from 'vitest';
import { librariesFromOutside } from '../../build/packaging/elf-needed.mjs';
import { readFuses, wantedFuses } from '../../build/packaging/fuses.mjs';
import { rpmRequires, unknownLibraries } from '../../build/packaging/linux-libraries.mjs';
import { findUpdateFeed } from '../../electron/window/update-feed';
import { onlyFile, unpackedFolder } from '../../build/packaging/release-folder.mjs';

const rpm = (...args: string[]): string[] =>
  execFileSync('rpm', ['--query', '--package', ...args, onlyFile('.rpm')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n');
/** Files and links, as `dpkg-deb --contents` lists them: `-rwxr-xr-x root/root 1234 2026-01-31 12:00 ./path -> target`. */
const debFiles = (): string[] =>
  execFileSync('dpkg-deb', ['--contents', onlyFile('.deb')], { encoding: 'utf8' }).trim().split('\n')
    .filter((line) => !line.startsWith('d'))
    .map((line) => /^(?:\S+\s+){5}\.(.*?)(?: -> .*)?$/.exec(line)![1]!)
    .sort();

describe('the app in the packages', () => {
  it('has the fuses set that this Electron knows', async () => {
    const fuses = await readFuses(path.join(unpackedFolder, 'netwright'));
    for (const [fuse, wanted] of Object.entries(wantedFuses('linux'))) {
      const name = FuseV1Options[Number(fuse)]!;
      expect([wanted, 'unknown'], name).toContain(fuses[name]);
    }
    expect(fuses).toMatchObject({
      RunAsNode: true, EnableNodeOptionsEnvironmentVariable: false, EnableNodeCliInspectArguments: false, OnlyLoadAppFromAsar: true,
    });
  });

  it('ships one package from npm, and its native code as a file', () => {
    const archive = path.join(unpackedFolder, 'resources', 'app.asar');
    const packages = new Set(listPackage(archive, { isPack: false }).map((file) => /^\/node_modules\/((?:@lydell\/)?[^/@]+)/.exec(file)?.[1]).filter(Boolean));
    expect([...packages].sort()).toEqual([`@lydell/node-pty-${process.platform}-${process.arch}`, 'node-pty']);
    expect(readdirSync(path.join(unpackedFolder, 'resources', 'app.asar.unpacked', 'node_modules')).sort()).toEqual(['@lydell', 'node-pty']);
    expect(existsSync(path.join(unpackedFolder, 'resources', 'default_app.asar'))).toBe(false);
  });

  it('knows the packages of all libraries it is linked to', () => {
    expect(unknownLibraries(librariesFromOutside(unpackedFolder))).toEqual([]);
  });

  it('names no feed for updates', () => {
    expect(findUpdateFeed({}, path.join(unpackedFolder, 'resources'))).toBeNull();
  });
});

describe('the .rpm', () => {
  it('says what it is', () => {
    expect(rpm('--queryformat', '%{NAME} %{ARCH} %{LICENSE} %{RELEASE}')).toEqual(['netwright x86_64 MIT 1']);
    expect(rpm('--queryformat', '%{SUMMARY}')[0]).toMatch(/^Virtual networks of KVM hosts/);
  });

  it('holds the very files of the .deb', () => {
    const files = rpm('--queryformat', '[%{FILEMODES:perms} %{FILENAMES}\n]').filter((line) => !line.startsWith('d')).map((line) => line.split(' ').slice(1).join(' '));
    expect(files.sort()).toEqual(debFiles());
  });

  it('belongs to root and owns its folder, so that removing it removes that', () => {
    const entries = rpm('--queryformat', '[%{FILEUSERNAME}:%{FILEGROUPNAME} %{FILENAMES}\n]');
    expect(entries.filter((entry) => !entry.startsWith('root:root '))).toEqual([]);
    expect(entries).toContain('root:root /opt/Netwright');
    expect(entries).not.toContain('root:root /usr/bin');
  });

  it('asks for libraries by soname, as every distribution has them', () => {
    const asked = rpm('--requires');
    for (const requirement of rpmRequires) expect(asked).toContain(requirement);
  });

  it('goes in and out of an empty root, whole and without a trace', () => {
    // Dependencies and scripts are left out: this is Debian. The rest is rpm's own doing.
    const empty = mkdtempSync(path.join(tmpdir(), 'netwright-rpm-'));
    const change = (...args: string[]): string =>
      execFileSync('rpm', ['--root', empty, '--dbpath', '/rpmdb', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      change('--install', '--nodeps', '--noscripts', onlyFile('.rpm'));
      expect(change('--verify', '--nodeps', '--noscripts', 'netwright')).toBe('');
      change('--erase', '--noscripts', 'netwright');
      const left = readdirSync(empty, { recursive: true, encoding: 'utf8' }).filter((file) => /netwright/i.test(file));
      expect(left).toEqual([]);
    } finally {
      rmSync(empty, { recursive: true });
    }
  });

  it('runs scripts that keep everything on an upgrade', () => {
    const scripts = rpm('--scripts').join('\n');
    expect(scripts).toContain('chrome-sandbox');
    expect(scripts).toMatch(/remove\|purge\|0\)/);
  });
});
