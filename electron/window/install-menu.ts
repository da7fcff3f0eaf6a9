import { BrowserWindow, dialog, Menu } from 'electron';
import { appMenuTemplate } from './app-menu';
import type { MenuCommand } from './app-menu';
import { aboutText } from './runtime-facts';
import type { RuntimeFacts } from './runtime-facts';

function showAbout(facts: RuntimeFacts, updateFeed: string | null): void {
  const box = {
    type: facts.trialRuntime ? ('warning' as const) : ('info' as const),
    title: 'About Netwright',
    message: 'Netwright',
    detail: aboutText(facts, updateFeed),
    buttons: ['Close'],
  };
  const window = BrowserWindow.getFocusedWindow();
  void (window ? dialog.showMessageBox(window, box) : dialog.showMessageBox(box));
}

/** Sets the application menu. `onCommand` gets the commands that the window carries out. */
export function installAppMenu(options: {
  facts: RuntimeFacts;
  updateFeed: string | null;
  dev: boolean;
  commands: MenuCommand[];
  onCommand(command: string): void;
}): void {
  const { facts, updateFeed, ...rest } = options;
  const template = appMenuTemplate({ ...rest, platform: process.platform, onAbout: () => showAbout(facts, updateFeed) });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
