import { describe, expect, it } from 'vitest';
import { installedPackages, packagesFor, parsePackageList } from './debian-packages.mjs';

describe('parsePackageList', () => {
  it('sorts names into their sections and leaves out comments', () => {
    const lists = parsePackageList('# head\nfirst\n\n[window] libraries\nlibnss3 # why\na|b\n[display]\nxvfb\n');
    expect([...lists]).toEqual([['', ['first']], ['window', ['libnss3', 'a|b']], ['display', ['xvfb']]]);
  });
});

describe('installedPackages', () => {
  it('counts what is installed and what that provides; not what was removed', () => {
    const status = [
      'Package: libgtk-3-0t64\nStatus: install ok installed\nProvides: libgtk-3-0 (= 3.24.49-3), gtk3\nVersion: 3.24.49-3',
      'Package: xvfb\nStatus: deinstall ok config-files\nVersion: 2:21.1.7',
    ].join('\n\n');
    expect([...installedPackages(status)]).toEqual(['libgtk-3-0t64', 'libgtk-3-0', 'gtk3']);
  });
});

describe('packagesFor', () => {
  it('reads the list that is in the repository', () => {
    expect(packagesFor(['display'])).toEqual(['xvfb']);
    expect(packagesFor(['window', 'checks'])).toEqual(expect.arrayContaining(['libnss3', 'shellcheck']));
  });
});
