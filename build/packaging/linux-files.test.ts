/** Files for Linux that name what is decided elsewhere. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromRoot } from '../paths.mjs';
import { neededLibraries } from './elf-needed.mjs';
import { wantedFuses } from './fuses.mjs';
import { debDepends, rpmRequires, unknownLibraries } from './linux-libraries.mjs';
import { installFolder, product } from './product.mjs';

const read = (name: string): string => readFileSync(fromRoot('build', 'packaging', 'linux', name), 'utf8');

describe('the install scripts', () => {
  it('mean the folder and the profile of the package', () => {
    expect(read('after-install.sh')).toContain(`\napp=${installFolder}\nprofile=/etc/apparmor.d/${product.name}\n`);
    expect(read('after-remove.sh')).toContain(`\nprofile=/etc/apparmor.d/${product.name}\n`);
  });

  it('leave everything to the new version on an upgrade', () => {
    // The .deb's postrm is called with a word, the .rpm's %postun with the number of versions that stay.
    expect(read('after-remove.sh')).toMatch(/remove\|purge\|0\) ;;\n\s+\*\) exit 0 ;;/);
  });
});

it('AppStream\'s data has the ids that the packages use', () => {
  const metainfo = read(`${product.appId}.metainfo.xml`);
  expect(metainfo).toContain(`<id>${product.appId}</id>`);
  expect(metainfo).toContain(`<launchable type="desktop-id">${product.name}.desktop</launchable>`);
  expect(metainfo).toContain(`<summary>${product.synopsis}</summary>`);
});

describe('dependencies', () => {
  it('are read from ELF files, and from nothing else', () => {
    expect(neededLibraries(fromRoot('package.json'))).toBeUndefined();
    if (process.platform === 'linux') expect(neededLibraries(process.execPath)).toContain('libc.so.6');
  });

  it('are named for Debian by package, for others by library', () => {
    expect(debDepends).toContain('libgtk-3-0t64 | libgtk-3-0');
    expect(new Set(debDepends).size).toBe(debDepends.length);
    expect(rpmRequires).toContain('libgtk-3.so.0()(64bit)');
    expect(unknownLibraries(['libc.so.6', 'libm.so.6', 'ld-linux-x86-64.so.2', 'libnss3.so', 'libnew.so.9'])).toEqual(['libnew.so.9']);
  });
});

it('only Linux, whose command line it is, can run as plain Node', () => {
  const runAsNode = (['linux', 'darwin', 'win32'] as const).map((platform) => wantedFuses(platform)[0]);
  expect(runAsNode).toEqual([true, false, false]);
});
