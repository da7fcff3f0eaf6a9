/**
 * Before the first end-to-end test: a screen in memory where there is none, and, as root, a copy of the app that the
 * ordinary user of the tests may read. Both are removed after the last one. Test files find them by the environment.
 */
import { hasDisplay, startVirtualDisplay } from '../../build/display.mjs';
import { ensureElectron } from '../../build/electron-runtime.mjs';
import { root } from '../../build/paths.mjs';
import { makeReadableCopy } from './ordinary-user';

/** Where the app's files are read from: the checkout, or its copy. */
export const appRootVariable = 'NETWRIGHT_E2E_APP_ROOT';

export default async function setUp(): Promise<() => Promise<void>> {
  const display = hasDisplay() ? undefined : await startVirtualDisplay({ width: 1440, height: 900 });
  Object.assign(process.env, display?.env);
  const { executable } = await ensureElectron(() => undefined);
  const copy = process.getuid?.() === 0 ? makeReadableCopy(root, executable) : undefined;
  process.env[appRootVariable] = copy?.folder ?? root;
  return async () => {
    copy?.remove();
    await display?.stop();
  };
}
