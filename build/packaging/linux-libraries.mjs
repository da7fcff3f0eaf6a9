// @ts-check
/**
 * The libraries Electron is linked to on Linux and the packages that bring them. The .rpm asks for the libraries by
 * soname, which every distribution's packages provide; the .deb must name packages.
 */

/**
 * Debian packages by soname. Debian 13 and Ubuntu 24.04 renamed libraries for 64-bit time (t64); the new name comes
 * first, because on Ubuntu 24.04 another package claims the old name of libasound2.
 * @type {Record<string, string>}
 */
const linkedLibraries = {
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libasound.so.2': 'libasound2t64 | libasound2',
  'libatk-1.0.so.0': 'libatk1.0-0t64 | libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0t64 | libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0t64 | libatspi2.0-0',
  'libc.so.6': 'libc6 (>= 2.31)',
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': 'libcups2t64 | libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libexpat.so.1': 'libexpat1',
  'libgbm.so.1': 'libgbm1',
  'libgcc_s.so.1': 'libgcc-s1',
  'libgio-2.0.so.0': 'libglib2.0-0t64 | libglib2.0-0',
  'libglib-2.0.so.0': 'libglib2.0-0t64 | libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0t64 | libglib2.0-0',
  'libgtk-3.so.0': 'libgtk-3-0t64 | libgtk-3-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libsmime3.so': 'libnss3',
  // node-pty is C++.
  'libstdc++.so.6': 'libstdc++6',
  'libudev.so.1': 'libudev1',
  'libxcb.so.1': 'libxcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
};

/** Parts of the C library, and its loader: whoever has libc.so.6 has them. */
const partsOfLibc = /^(lib(dl|m|pthread|rt|util)\.so\.\d+|ld-linux.*\.so\.\d+)$/;

/**
 * Loaded at run time, so that no ELF file names them. Without libX11-xcb Chromium ends itself without a word; without
 * libsecret there is no keyring.
 */
const loadedLibraries = { 'libX11-xcb.so.1': 'libx11-xcb1', 'libsecret-1.so.0': 'libsecret-1-0' };

/**
 * @param {Iterable<string>} sonames what the packaged files are linked to and do not bring themselves
 * @returns {string[]} those for which no package is known here
 */
export function unknownLibraries(sonames) {
  return [...sonames].filter((soname) => !(soname in linkedLibraries) && !partsOfLibc.test(soname));
}

/** `Depends` of the .deb (deb-control(5)). xdg-utils opens links; libnotify4 and the like are never needed. */
export const debDepends = [...new Set([...Object.values(linkedLibraries), ...Object.values(loadedLibraries), 'xdg-utils'])].sort();

/**
 * `Recommends` of the .deb: `ssh -G` reads configurations with Match, and ssh stands in where ssh2 can't log in; without
 * libGL the window is drawn by the processor.
 */
export const debRecommends = ['openssh-client', 'libgl1'];

/** `Requires` of the .rpm: what 64-bit libraries provide (rpm's automatic dependencies, `soname()(64bit)`). */
export const rpmRequires = [...Object.keys(linkedLibraries), ...Object.keys(loadedLibraries)]
  .map((soname) => `${soname}()(64bit)`).concat('xdg-utils');
