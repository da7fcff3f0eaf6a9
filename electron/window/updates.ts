import type { MessageBoxOptions } from 'electron';

/** The part of electron-updater's `autoUpdater` that is used. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  logger: unknown;
  requestHeaders: Record<string, unknown> | null;
  setFeedURL(feed: { provider: 'generic'; url: string }): void;
  /** Null where this kind of installation can't be updated: in a checkout, or from the .tar.gz. */
  checkForUpdates(): Promise<{ isUpdateAvailable: boolean; updateInfo: { version: string } } | null>;
  downloadUpdate(): Promise<unknown>;
  quitAndInstall(): void;
}

export interface UpdateOptions {
  /** Where updates are; null means that nobody is asked and nothing is even loaded. */
  feed: string | null;
  /** Of the running app. */
  version: string;
  loadUpdater(): Promise<Updater>;
  /** Shows a message box and resolves to the number of the button pressed. */
  ask(box: MessageBoxOptions): Promise<number>;
}

/**
 * Looks for a newer version once, asks the user, and installs it. Rejects when the feed can't be reached or what it has
 * can't be verified.
 */
export async function offerUpdate({ feed, version, loadUpdater, ask }: UpdateOptions): Promise<void> {
  if (feed === null) return;
  const updater = await loadUpdater();
  // Nothing is fetched or changed before the user has said so.
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.logger = null;
  // It would send a number of its own by which a feed could tell users apart.
  updater.requestHeaders = { 'x-user-staging-id': '00000000-0000-0000-0000-000000000000' };
  updater.setFeedURL({ provider: 'generic', url: feed });
  const found = await updater.checkForUpdates();
  if (!found?.isUpdateAvailable) return;
  const next = found.updateInfo.version;
  const installNow = 0;
  const answer = await ask({
    type: 'question',
    title: 'Netwright',
    message: `Netwright ${next} is available`,
    detail: `This is ${version}. The update is downloaded from ${new URL(feed).host}, and Netwright starts again; sessions are closed first.`,
    buttons: ['Install and restart', 'Not now'],
    defaultId: installNow,
    cancelId: 1,
  });
  if (answer !== installNow) return;
  await updater.downloadUpdate();
  updater.quitAndInstall();
}

/** electron-updater, which nothing else loads. */
export async function loadElectronUpdater(): Promise<Updater> {
  const { autoUpdater } = await import('./electron-updater');
  return autoUpdater;
}
