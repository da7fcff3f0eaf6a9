import path from 'node:path';

/** Scheme and origin the window is loaded from. Storage and the sender check hang on this origin. */
export const appScheme = 'app';
export const appOrigin = `${appScheme}://netwright`;
export const appStartUrl = `${appOrigin}/index.html`;

const mimeTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Media type by file name; unknown ones are opaque bytes, so that nothing is run or rendered by a guess. */
export function mimeType(file: string): string {
  return mimeTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
}

/** @returns whether a URL belongs to the app's own origin (credentials and ports make it foreign) */
export function isAppUrl(url: string): boolean {
  return url === appOrigin || url.startsWith(`${appOrigin}/`);
}

/**
 * The file that a URL of the app protocol names.
 *
 * @param folder absolute folder that holds the built window
 * @returns an absolute path inside `folder`; null for another origin, a malformed URL or a path that leads outside
 */
export function assetPath(folder: string, url: string): string | null {
  if (!isAppUrl(url)) return null;
  let pathname: string;
  try {
    pathname = decodeURIComponent(new URL(url).pathname);
  } catch {
    // A malformed URL or percent-encoding names no file.
    return null;
  }
  // Decoding may bring back separators and dots that URL parsing had kept away from.
  if (pathname.includes('\0') || pathname.includes('\\')) return null;
  const file = path.resolve(folder, `.${pathname === '' || pathname === '/' ? '/index.html' : pathname}`);
  return file.startsWith(path.resolve(folder) + path.sep) ? file : null;
}
