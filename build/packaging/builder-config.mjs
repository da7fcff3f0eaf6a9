// @ts-check
/** How electron-builder packs the app, on every system. */
import fs from 'node:fs';
import path from 'node:path';
import { fromRoot } from '../paths.mjs';
import { librariesFromOutside } from './elf-needed.mjs';
import { setFuses } from './fuses.mjs';
import { debDepends, debRecommends, rpmRequires, unknownLibraries } from './linux-libraries.mjs';
import { noHomepage, product } from './product.mjs';

/** @typedef {import('electron-builder').Configuration} Configuration */
/** @typedef {import('electron-builder').AfterPackContext} AfterPackContext */

/**
 * @typedef {object} BuilderOptions
 * @property {string} electronVersion
 * @property {string} [electronDist] folder of an unpacked Electron; without it electron-builder downloads one
 * @property {boolean} isTrial whether the Electron is the end-of-life stand-in
 * @property {string} version of the package
 * @property {string} iconFolder as render-icons.mjs leaves it
 * @property {string} licencesFile licences of the bundled packages
 * @property {import('./linux-contents.mjs').LinuxContents} linuxContents what the .deb and .rpm hold besides the app
 * @property {string} [updateFeed] where updates are looked for: an https: address; without it nowhere
 */

/** What Electron's own folders hold that has no place in a package. */
function removeLeftovers(/** @type {string} */ resources, /** @type {string} */ appFolder) {
  // The app that Electron shows when there is none.
  fs.rmSync(path.join(resources, 'default_app.asar'), { force: true });
  fs.rmSync(path.join(appFolder, 'version'), { force: true });
}

/**
 * What electron-updater wants to know besides the feed, which NETWRIGHT_UPDATE_FEED may name later. With a feed
 * electron-builder writes this file itself.
 */
function writeUpdateDefaults(/** @type {string} */ resources) {
  fs.writeFileSync(path.join(resources, 'app-update.yml'), `updaterCacheDirName: ${product.name}-updater\n`);
}

/** @param {AfterPackContext} context */
async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  removeLeftovers(resources, appOutDir);
  if (!packager.config.publish) writeUpdateDefaults(resources);
  const platform = /** @type {import('./fuses.mjs').PackagePlatform} */ (electronPlatformName);
  const name = { linux: product.name, win32: `${packager.appInfo.productFilename}.exe`, darwin: `${packager.appInfo.productFilename}.app` }[platform];
  await setFuses(path.join(appOutDir, name), platform);
  if (platform !== 'linux') return;
  const unknown = unknownLibraries(librariesFromOutside(appOutDir));
  if (unknown.length > 0) {
    throw new Error(`This Electron needs ${unknown.join(', ')}: name the packages that bring them in build/packaging/linux-libraries.mjs.`);
  }
}

/** Run as root when a .deb or .rpm was installed or removed. */
const packageScripts = {
  afterInstall: 'build/packaging/linux/after-install.sh',
  afterRemove: 'build/packaging/linux/after-remove.sh',
};

/** Windows and macOS. Signing comes from electron-builder's own variables (CSC_LINK, WIN_CSC_LINK, APPLE_ID, …). */
const otherSystems = /** @satisfies {Configuration} */ ({
  win: { target: ['nsis', 'portable'] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true, deleteAppDataOnUninstall: false },
  portable: { artifactName: '${productName}-${version}-${arch}-portable.${ext}' },
  mac: { target: ['dmg', 'zip'], category: 'public.app-category.utilities', hardenedRuntime: true, darkModeSupport: true },
});

/**
 * @param {BuilderOptions} options
 * @returns {Configuration}
 */
export function builderConfig(options) {
  const { isTrial, linuxContents, iconFolder } = options;
  const synopsis = isTrial ? `${product.synopsis} (trial build, for tests only)` : product.synopsis;
  const trialNote = `This is a TRIAL BUILD on Electron ${options.electronVersion}, which gets no security updates: for tests only.\n`;
  const description = `${isTrial ? trialNote : ''}${product.description}`;
  return {
    appId: product.appId,
    productName: product.title,
    copyright: 'Copyright © 2026 The Netwright authors',
    extraMetadata: {
      version: options.version,
      homepage: noHomepage,
      description: product.synopsis,
      // Electron's app_id under Wayland and window class under X11, by which desktops find the entry and its icon.
      desktopName: `${product.name}.desktop`,
    },
    directories: { output: 'release', buildResources: 'build/packaging/linux' },
    artifactName: '${name}-${version}-${arch}.${ext}',

    electronVersion: options.electronVersion,
    electronDist: options.electronDist,
    // node-pty is prebuilt, by N-API the same for every Electron; it is the only native code.
    npmRebuild: false,
    // The window speaks English only; these are Chromium's own texts.
    electronLanguages: ['en-US'],

    // The bundles hold everything but node-pty.
    files: [
      'dist/**', 'package.json', '!dist/**/{*.map,licences.md}', '!**/node_modules/**',
      'node_modules/node-pty/**', 'node_modules/@lydell/node-pty-*/**', '!**/node_modules/**/*.{md,d.ts}',
    ],
    asar: true,
    // Native code and the programs beside it must be files.
    asarUnpack: ['**/node_modules/node-pty/**', '**/node_modules/@lydell/**'],
    extraFiles: [
      { from: fromRoot('LICENSE'), to: 'LICENSE.netwright.txt' },
      { from: options.licencesFile, to: 'LICENSES.packages.md' },
    ],
    afterPack,
    compression: isTrial ? 'store' : 'normal',
    // Without a feed no update information is made, and the app asks nobody (electron/window/updates.ts).
    publish: options.updateFeed ? { provider: 'generic', url: options.updateFeed } : null,

    linux: {
      target: ['dir', 'tar.gz', 'deb', 'rpm', 'AppImage'],
      executableName: product.name,
      syncDesktopName: true,
      icon: iconFolder,
      category: 'System;Network;RemoteAccess',
      synopsis,
      // The desktop entry's comment; the packages' longer description replaces it below.
      description: synopsis,
      maintainer: product.maintainer,
      vendor: 'The Netwright authors',
      extraFiles: [{ from: fromRoot('build', 'packaging', 'linux', 'netwright'), to: 'bin/netwright' }],
      desktop: {
        entry: {
          Name: product.title,
          GenericName: 'Virtual network manager',
          Keywords: `${product.keywords.join(';')};`,
          StartupNotify: 'true',
        },
      },
    },
    deb: {
      ...packageScripts, compression: isTrial ? 'gz' : 'xz',
      packageCategory: 'net', priority: 'optional', depends: debDepends, recommends: debRecommends,
      fpm: ['--description', `${synopsis}\n${description}`, ...linuxContents.deb],
    },
    rpm: { ...packageScripts, compression: isTrial ? 'gzip' : 'xz', depends: rpmRequires, fpm: ['--description', description, ...linuxContents.rpm] },
    ...otherSystems,
    win: { ...otherSystems.win, icon: path.join(iconFolder, 'icon.ico') },
    mac: { ...otherSystems.mac, icon: path.join(iconFolder, 'icon.icns') },
  };
}
