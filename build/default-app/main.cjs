// The app inside the stand-in runtime: loads the app named on the command line, as Electron's own default app does.
// Usage: electron [-r MODULE]... [--switch]... PATH
const { app } = require('electron');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

/** @param {string[]} args */
function parseArguments(args) {
  const preload = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (arg === '-r' || arg === '--require') preload.push(args[index += 1]);
    else if (arg.startsWith('--require=')) preload.push(arg.slice('--require='.length));
    else if (!arg.startsWith('-')) return { preload, appPath: arg };
  }
  return { preload, appPath: undefined };
}

/** @param {string} folder */
function adoptIdentity(folder) {
  const manifestFile = path.join(folder, 'package.json');
  if (!fs.existsSync(manifestFile)) return;
  const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));
  if (manifest.version) app.setVersion(manifest.version);
  app.name = manifest.productName ?? manifest.name;
  if (manifest.desktopName) app.setDesktopName(manifest.desktopName);
}

const { preload, appPath } = parseArguments(process.argv.slice(1));
Module._preloadModules(preload);
if (appPath === undefined) {
  console.error('usage: electron PATH');
  process.exit(2);
}
process.defaultApp = true;
const target = path.resolve(appPath);
adoptIdentity(target);
const entry = Module._resolveFilename(target, null, true);
app.setAppPath(fs.statSync(target).isFile() ? path.dirname(entry) : target);
Module._load(entry, Module, true);
