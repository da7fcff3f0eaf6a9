// @ts-check
/** Builds a .deb with dpkg-deb(1). Control files: deb-control(5), deb-md5sums(5), Debian Policy chapter 5. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { runOrThrow } from '../run-command.mjs';
import { required, stageContents, stagedFiles } from './fpm-arguments.mjs';
import { noHomepage } from './product.mjs';

/** @typedef {import('./fpm-arguments.mjs').PackageRequest} PackageRequest */

/**
 * @param {PackageRequest} request
 * @param {number} installedKiB
 * @returns {string} the text of DEBIAN/control
 */
export function debControl(request, installedKiB) {
  const { options, depends, recommends } = request;
  const [synopsis = '', ...lines] = required(request, 'description').trim().split('\n').map((line) => line.trim());
  const fields = [
    ['Package', required(request, 'name')],
    ['Version', required(request, 'version')],
    ['Architecture', required(request, 'architecture')],
    ['Maintainer', required(request, 'maintainer')],
    ['Installed-Size', String(installedKiB)],
    ['Depends', depends.join(', ')],
    ['Recommends', recommends.join(', ')],
    ['Section', options.category ?? 'net'],
    ['Priority', options.priority ?? 'optional'],
    ['Homepage', options.url === noHomepage ? '' : (options.url ?? '')],
    // An empty line would end the description.
    ['Description', [synopsis, ...lines.map((line) => ` ${line === '' ? '.' : line}`)].join('\n')],
  ];
  return `${fields.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`).join('\n')}\n`;
}

/**
 * @param {PackageRequest} request
 * @param {string} folder for temporary files; exists and is empty
 */
export async function buildDeb(request, folder) {
  const stage = path.join(folder, 'root');
  fs.mkdirSync(stage);
  stageContents(request.contents, stage);
  const files = stagedFiles(stage);
  const regular = files.filter((file) => fs.lstatSync(path.join(stage, file)).isFile());
  const bytes = regular.reduce((sum, file) => sum + fs.statSync(path.join(stage, file)).size, 0);
  const digests = regular.map((file) => {
    const digest = createHash('md5').update(fs.readFileSync(path.join(stage, file))).digest('hex');
    return `${digest}  ${file.slice(1)}\n`;
  });

  const control = path.join(stage, 'DEBIAN');
  fs.mkdirSync(control, { mode: 0o755 });
  fs.writeFileSync(path.join(control, 'control'), debControl(request, Math.ceil(bytes / 1024)), { mode: 0o644 });
  fs.writeFileSync(path.join(control, 'md5sums'), digests.join(''), { mode: 0o644 });
  for (const [name, source] of [['postinst', request.options.afterInstall], ['postrm', request.options.afterRemove]]) {
    if (name !== undefined && source !== undefined) {
      fs.writeFileSync(path.join(control, name), fs.readFileSync(source), { mode: 0o755 });
    }
  }
  // Packages for tests are made quickly, those for users small.
  const compression = request.options.compression === 'gz' ? ['-Zgzip', '-z1'] : ['-Zxz', '-z6'];
  await runOrThrow('dpkg-deb', ['--root-owner-group', ...compression, '--build', stage, required(request, 'output')]);
}
