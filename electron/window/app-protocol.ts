import { net, protocol } from 'electron';
import type { ProtocolResponse } from 'electron';
import { readFileSync } from 'node:fs';
import { appOrigin, appScheme, assetPath, mimeType } from './app-assets';
import { contentSecurityPolicy } from './content-security-policy';

/** Must run before the app is ready: a standard, secure origin like https, with fetch and workers. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * Without Cross-Origin-Opener-Policy: nothing opened the page and it can open nothing (lockdown.ts), while Chromium would
 * give up the process that it has ready for the page and start another.
 */
function headersFor(file: string, policy: string): Record<string, string> {
  return {
    'Content-Type': mimeType(file),
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
  };
}

/** What Electron's buffer protocol takes. */
type Answer = Pick<ProtocolResponse, 'statusCode' | 'headers' | 'data'>;

/**
 * Only GET; what is not a file there is 404. Read at once: a file takes a tenth of a millisecond, but each step of an
 * asynchronous read a turn of the main process' loop, and at start the page waits for its files.
 */
function answer(request: { method: string; url: string }, folder: string, policy: string): Answer {
  const refuse = (statusCode: number): Answer => ({ statusCode, headers: { 'Content-Security-Policy': policy }, data: Buffer.alloc(0) });
  if (request.method !== 'GET') return refuse(405);
  const file = assetPath(folder, request.url);
  if (file === null) return refuse(404);
  try {
    return { statusCode: 200, headers: headersFor(file, policy), data: readFileSync(file) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return refuse(['ENOENT', 'EISDIR', 'ENOTDIR'].includes(code) ? 404 : 500);
  }
}

/**
 * Answers `app://netwright/…` from the folder of the built window.
 *
 * @param folder absolute path of dist/renderer
 */
export function serveAppFrom(folder: string): void {
  const policy = contentSecurityPolicy();
  // Of the older kind, which takes a buffer: `protocol.handle` makes a web stream of each file, and the code behind
  // those (30 ms to load) would stand between every start and its page.
  protocol.registerBufferProtocol(appScheme, (request, reply) => reply(answer(request, folder, policy)));
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
