// @ts-check
/**
 * `npm run pictures [-- [--size WIDTHxHEIGHT] [--to FOLDER] [NAME …]]`: builds the app, starts it on the practice host
 * and takes the pictures of the README and the guide, into docs/images unless told otherwise.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { bundle } from '../../build/bundle.mjs';
import { startVirtualDisplay } from '../../build/display.mjs';
import { ensureElectron } from '../../build/electron-runtime.mjs';
import { fromRoot } from '../../build/paths.mjs';

/** What the README and the guide show. */
const shown = ['map-light', 'map-dark', 'networks-light', 'wizard-light', 'review-light', 'applied-light', 'terminal-light'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { size: { type: 'string', default: '1280x800' }, to: { type: 'string', default: fromRoot('docs', 'images') } },
});
const [width = 0, height = 0] = values.size.split('x').map(Number);
if (!(width >= 640 && height >= 480)) throw new Error('--size wants WIDTHxHEIGHT, for example 1280x800');
const folder = path.resolve(values.to);
mkdirSync(folder, { recursive: true });

await bundle({ say: (line) => console.log(line) });
await ensureElectron((line) => console.log(line));
// A screen of its own, whatever the user has: nobody's window manager, fonts' hinting or scale get into the pictures.
const display = process.platform === 'linux' ? await startVirtualDisplay({ width: width + 80, height: height + 80 }) : undefined;
Object.assign(process.env, display?.env);
/** @type {(() => Promise<void>) | undefined} */
let tearDown;
try {
  const setUp = /** @type {{ module: typeof import('./global-setup') }} */ (await runnerImport(fromRoot('test', 'e2e', 'global-setup.ts')));
  tearDown = await setUp.module.default();
  const { module } = /** @type {{ module: typeof import('./take-pictures') }} */ (await runnerImport(fromRoot('test', 'e2e', 'take-pictures.ts')));
  const written = await module.takePictures({ folder, size: { width, height }, wanted: positionals.length > 0 ? positionals : values.to === fromRoot('docs', 'images') ? shown : [] });
  for (const file of written) console.log(path.relative(process.cwd(), file));
} finally {
  await tearDown?.();
  await display?.stop();
}
