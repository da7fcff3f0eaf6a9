import { readFileSync } from 'node:fs';
import path from 'node:path';

/** electron-builder writes it into packages that are made with a feed (npm run dist -- --update-feed URL). */
const packedFeedFile = 'app-update.yml';

/**
 * Where updates are looked for: what NETWRIGHT_UPDATE_FEED names, else the feed the package was made with.
 *
 * @param resourcesPath `process.resourcesPath`
 * @returns an https: address; null when there is none, and then nobody is asked
 */
export function findUpdateFeed(env: NodeJS.ProcessEnv, resourcesPath: string): string | null {
  return httpsAddress(env.NETWRIGHT_UPDATE_FEED) ?? httpsAddress(packedFeed(path.join(resourcesPath, packedFeedFile)));
}

/** The `url` of electron-builder's generic provider. */
function packedFeed(file: string): string | undefined {
  try {
    return /^url: *['"]?([^\s'"]+)/m.exec(readFileSync(file, 'utf8'))?.[1];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Without TLS anybody on the way could hand out an update. */
function httpsAddress(text: string | undefined): string | null {
  return text && /^https:\/\/[^/\s]+/i.test(text) ? text : null;
}
