import { app, shell } from 'electron';
import type { Session, WebContents } from 'electron';
import { isAllowedExternalLink, isAllowedRequest } from './allowed-addresses';
import { isAppUrl } from './app-assets';

function openExternally(url: string): void {
  if (isAllowedExternalLink(url)) void shell.openExternal(url);
}

function lockContents(contents: WebContents): void {
  const stayInside = (event: { preventDefault(): void }, url: string): void => {
    if (isAppUrl(url)) return;
    event.preventDefault();
    openExternally(url);
  };
  contents.on('will-navigate', (event) => stayInside(event, event.url));
  contents.on('will-redirect', (event) => stayInside(event, event.url));
  contents.on('will-frame-navigate', (event) => {
    // The main frame's turn comes in will-navigate, which a refusal here would suppress.
    if (!event.isMainFrame && !isAppUrl(event.url)) event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    openExternally(url);
    return { action: 'deny' };
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/**
 * Keeps every page of the app where it is: no foreign navigation, no new windows or webviews. Listed manuals open in
 * the system's browser instead. Call before the first window is made.
 */
export function lockEveryPage(): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
}

/**
 * Takes from a session what the app never needs: permissions (camera, notifications, clipboard reading, …), devices,
 * downloads, and any request that would leave the machine.
 *
 * @param devServer see isAllowedRequest
 */
export function lockSession(session: Session, devServer?: string): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isAllowedRequest(details.url, devServer) }));
}
