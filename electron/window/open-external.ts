import { BrowserWindow, dialog, shell } from 'electron';
import { isAllowedExternalLink, readWebAddress } from './allowed-addresses';

/**
 * Opens a web address in the system's browser. Manuals that the app links to open at once; any other address (printed in
 * a terminal, by whatever runs there) only when the user says so in a box of the system's own, which the page can neither
 * draw nor answer. The site's name stands apart, in the spelling that goes over the wire: a look-alike shows.
 *
 * @returns whether it was opened
 */
export async function openAfterAsking(url: string): Promise<boolean> {
  const address = readWebAddress(url);
  if (address === null) return false;
  if (!isAllowedExternalLink(url)) {
    const box: Electron.MessageBoxOptions = {
      type: 'question', title: 'Open a link', message: `Open ${address.host} in your browser?`,
      detail: `${address.href}${address.isEncrypted ? '' : '\n\nThe address is plain http: what you send there can be read on the way.'}`,
      buttons: ['Open', 'Cancel'], defaultId: 0, cancelId: 1, noLink: true,
    };
    const window = BrowserWindow.getFocusedWindow();
    const { response } = await (window ? dialog.showMessageBox(window, box) : dialog.showMessageBox(box));
    if (response !== 0) return false;
  }
  await shell.openExternal(address.href);
  return true;
}
