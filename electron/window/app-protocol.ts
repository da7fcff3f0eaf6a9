import { net, protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { appOrigin, appScheme, assetPath, mimeType } from './app-assets';
import { contentSecurityPolicy } from './content-security-policy';

/** Must run before the app is ready: a standard, secure origin like https, with fetch and workers. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

function headersFor(file: string, policy: string): Record<string, string> {
  return {
    'Content-Type': mimeType(file),
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
  };
}

function refuse(status: number, policy: string): Response {
  return new Response(null, { status, headers: { 'Content-Security-Policy': policy } });
}

/**
 * Answers `app://netwright/…` from the folder of the built window. Only GET; whatever is not a file there is 404.
 *
 * @param folder absolute path of dist/renderer
 */
export function serveAppFrom(folder: string): void {
  const policy = contentSecurityPolicy();
  // Node loads what is behind `Response` when it is first used: while the page's process starts, not when it asks.
  setImmediate(() => void new Response(new Uint8Array(1)).body);
  protocol.handle(appScheme, async (request) => {
    if (request.method !== 'GET') return refuse(405, policy);
    const file = assetPath(folder, request.url);
    if (file === null) return refuse(404, policy);
    try {
      return new Response(await readFile(file), { headers: headersFor(file, policy) });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return refuse(404, policy);
      throw error;
    }
  });
}

/**
 * Answers `app://netwright/…` from the dev server, so that origin and policy are those of a release while the
 * sources are edited. Its change notices come over a WebSocket, the one address the policy opens for it.
 *
 * @param devServer like `http://127.0.0.1:5173`
 */
export function serveAppFromDevServer(devServer: string): void {
  const policy = contentSecurityPolicy(devServer.replace(/^http/, 'ws'));
  protocol.handle(appScheme, async (request) => {
    const reply = await net.fetch(devServer + request.url.slice(appOrigin.length), { bypassCustomProtocolHandlers: true });
    const headers = new Headers(reply.headers);
    headers.set('Content-Security-Policy', policy);
    return new Response(reply.body, { status: reply.status, headers });
  });
}
