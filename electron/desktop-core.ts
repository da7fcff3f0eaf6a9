import { createHash, randomUUID } from 'node:crypto';
import { app, dialog, ipcMain, nativeTheme } from 'electron';
import { hasRoot } from '../shared/domain/privilege';
import { listTransactionsCommand, parseTransactions } from './commands/conversion/list-transactions';
import { createCore, type Core } from './core';
import { forwardEvents, type SendEvent } from './ipc/forward-events';
import { handleProcedures, type IpcEventLike } from './ipc/handle-procedures';
import { createHandlers } from './ipc/handlers';
import { ConversionDesk } from './services/conversions/conversion-desk';
import { planChangeOn } from './services/conversions/plan-change';
import { readConversionFacts } from './services/conversions/read-conversion-facts';
import { TerminalService } from './services/terminals/terminal-service';
import { BegunConversions } from './storage/begun-conversions';
import { listLocalShells, openLocalTerminal } from './transport/local/local-shells';
import { isAppUrl } from './window/app-assets';
import { createDesktop, systemKeychain } from './window/desktop';
import { onWake } from './window/power';
import { loadElectronUpdater, offerUpdate } from './window/updates';

/** The window's own top frame, still on the app's own page. */
const isTrusted = (event: IpcEventLike): boolean =>
  event.senderFrame !== null && event.senderFrame.parent === null && isAppUrl(event.senderFrame.url);

/** The log is loaded with its first line: most runs write none. */
async function writeProblem(what: string, error: unknown): Promise<void> {
  const { default: log } = await import('electron-log/main');
  log.initialize({ spyRendererConsole: false, preload: false });
  log.error(what, error);
}

function logProblem(what: string, error: unknown): void {
  writeProblem(what, error).catch((failure: unknown) => console.error(what, error, failure));
}

/**
 * Builds the services and answers the window by them. Apart from main.ts, so that the window's own process starts while
 * this part, the larger one, is still being loaded.
 */
export async function startCore(
  send: SendEvent, updateFeed: string | null,
): Promise<void> {
  const core = await createCore({ folder: app.getPath('userData'), keychain: systemKeychain, onProblem: logProblem });
  nativeTheme.themeSource = core.settings.get().theme;
  const terminals = new TerminalService({
    hosts: core.hosts, sessions: core.sessions, inventory: core.inventory, activity: core.activity, newId: randomUUID,
    local: { listShells: () => listLocalShells(), open: openLocalTerminal },
  });
  const conversions = await createConversionDesk(core);
  handleProcedures(ipcMain, createHandlers(core, createDesktop(__NETWRIGHT_VERSION__, updateFeed), terminals, conversions), isTrusted, logProblem);
  forwardEvents(core, terminals, conversions, send);
  core.onSettingsChanged((settings) => { nativeTheme.themeSource = settings.theme; });
  onWake(() => core.inBackground(core.sessions.checkAll()));
  // The window's alone: the command line ends with its command.
  core.plans.onProgress((run) => core.labTestDesk.followPlan(run));
  closeCoreBeforeQuit(core, terminals);
  offerUpdate({
    feed: updateFeed, version: __NETWRIGHT_VERSION__, loadUpdater: loadElectronUpdater,
    ask: async (box) => (await dialog.showMessageBox(box)).response,
  }).catch((error: unknown) => logProblem('looking for an update', error));
}

/** The window's alone: the command line has no use for what was begun elsewhere. */
async function createConversionDesk(core: Core): Promise<ConversionDesk> {
  const begun = new BegunConversions(app.getPath('userData'));
  const setAside = await begun.load();
  if (setAside) logProblem('at start', new Error(`The list of conversions could not be understood. It was kept as ${setAside}.`));
  const desk = new ConversionDesk({
    conversions: core.conversions, begun,
    plan: (hostId, request) => planChangeOn(core.inventory.runner(hostId), request, core.inventory.get(hostId)?.snapshot ?? null),
    readFacts: (hostId) => {
      const runner = core.inventory.runner(hostId);
      return readConversionFacts(runner, hasRoot(runner));
    },
    readTransactions: async (hostId) => parseTransactions((await core.inventory.runner(hostId).run(listTransactionsCommand, { elevate: false })).stdout),
    sha256: (text) => createHash('sha256').update(text).digest('hex'), onProblem: (error) => logProblem('while a NIC was converted', error),
  });
  core.sessions.onChanged((views) => desk.followSessions(views));
  desk.takeUpMoves();
  return desk;
}

/** Terminals and sessions end and state is written before the process does. */
function closeCoreBeforeQuit(core: Core, terminals: TerminalService): void {
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    terminals.closeAll();
    core.close()
      .catch((error: unknown) => logProblem('at the end', error))
      .finally(() => { closed = true; app.quit(); });
  });
}
