import { describe, expect, it } from 'vitest';
import { debControl } from './deb-package.mjs';
import { manPage } from './man-page.mjs';
import { noHomepage } from './product.mjs';
import { ownedFolders, rpmArchitecture, rpmSpec } from './rpm-package.mjs';
import type { PackageRequest } from './fpm-arguments.mjs';

const request = (options: PackageRequest['options'] = {}): PackageRequest => ({
  options: {
    name: 'app', version: '1.0.0~trial', architecture: 'amd64', maintainer: 'A <a@b.invalid>', license: 'MIT', vendor: 'A',
    url: noHomepage, description: 'In short\nIn long\n\nand longer', summary: 'In short', ...options,
  },
  depends: ['libc6 (>= 2.31)', 'libgtk-3-0t64 | libgtk-3-0'], recommends: [], contents: [],
});

describe('a .deb\'s control file', () => {
  it('has what deb-control(5) asks for, and no field without a value', () => {
    expect(debControl(request(), 1234)).toBe([
      'Package: app', 'Version: 1.0.0~trial', 'Architecture: amd64', 'Maintainer: A <a@b.invalid>', 'Installed-Size: 1234',
      'Depends: libc6 (>= 2.31), libgtk-3-0t64 | libgtk-3-0', 'Section: net', 'Priority: optional',
      'Description: In short', ' In long', ' .', ' and longer', '',
    ].join('\n'));
  });

  it('names a home page once there is one', () => {
    expect(debControl(request({ url: 'https://app.invalid' }), 1)).toContain('\nHomepage: https://app.invalid\n');
  });
});

describe('an .rpm\'s spec file', () => {
  it('lists files, its own folders and what it needs, and takes percent signs as they are', () => {
    const spec = rpmSpec(request({ description: '100% done' }), ['/opt/App/100%.txt', '/usr/bin/app']);
    expect(spec).toContain('\nVersion: 1.0.0~trial\n');
    expect(spec).toContain('\nRequires: libc6 (>= 2.31)\n');
    expect(spec).toContain('\n100%% done\n');
    expect(spec).toContain('\n%dir "/opt/App"\n"/opt/App/100%%.txt"\n"/usr/bin/app"\n');
    expect(spec).not.toContain('URL:');
  });

  it('owns no folder that belongs to the system', () => {
    const files = ['/opt/App/a/b', '/usr/bin/app', '/usr/share/icons/hicolor/16x16/apps/app.png', '/usr/share/man/man1/app.1.gz', '/usr/share/doc/app/copyright'];
    expect(ownedFolders(files)).toEqual(['/opt/App', '/opt/App/a', '/usr/share/doc/app']);
  });

  it('calls architectures as rpm does', () => {
    expect(['amd64', 'x64', 'arm64', 'aarch64'].map(rpmArchitecture)).toEqual(['x86_64', 'x86_64', 'aarch64', 'aarch64']);
  });
});

describe('the man page', () => {
  it('is the help, safe for roff', () => {
    const page = manPage('netwright: what it is\n\n  netwright hosts   the hosts\n.hidden \\back', { version: '1.2.3', date: '2026-01-31' });
    expect(page).toMatch(/^\.TH NETWRIGHT 1 "2026-01-31" "Netwright 1\.2\.3"/);
    expect(page).toContain('netwright \\- what it is');
    expect(page).toContain('\n  netwright hosts   the hosts\n\\&.hidden \\eback\n');
  });
});
