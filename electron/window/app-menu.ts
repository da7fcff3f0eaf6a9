import type { MenuItemConstructorOptions } from 'electron';

/** A menu item that the window carries out; `command` is what the `menu.command` event brings it. */
export interface MenuCommand {
  menu: 'file' | 'view';
  label: string;
  command: string;
  /** Electron's accelerator syntax, e.g. `CmdOrCtrl+K`. */
  accelerator?: string;
}

export interface AppMenuOptions {
  platform: NodeJS.Platform;
  /** Adds reload and the developer tools. */
  dev: boolean;
  commands: MenuCommand[];
  onCommand(command: string): void;
  onAbout(): void;
}

/**
 * The application menu, by each platform's conventions: on macOS the app's own menu holds About and Quit, elsewhere
 * File and Help do.
 */
export function appMenuTemplate(options: AppMenuOptions): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const about: MenuItemConstructorOptions = { label: 'About Netwright', click: options.onAbout };

  const commandItems = (menu: MenuCommand['menu']): MenuItemConstructorOptions[] => {
    const items = options.commands
      .filter((command) => command.menu === menu)
      .map(({ label, accelerator, command }): MenuItemConstructorOptions => ({
        label,
        accelerator,
        // The window listens to the same keys itself. macOS knows no such choice; there the page claims the press first.
        registerAccelerator: false,
        click: () => options.onCommand(command),
      }));
    return items.length > 0 ? [...items, separator] : [];
  };

  const appMenu: MenuItemConstructorOptions = {
    label: 'Netwright',
    submenu: [
      about, separator, { role: 'services' }, separator,
      { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, separator, { role: 'quit' },
    ],
  };
  const developerItems: MenuItemConstructorOptions[] = [{ role: 'reload' }, { role: 'toggleDevTools' }, separator];

  return [
    ...(isMac ? [appMenu] : []),
    { label: '&File', submenu: [...commandItems('file'), isMac ? { role: 'close' } : { role: 'quit' }] },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' }, { role: 'redo' }, separator,
        { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        ...commandItems('view'),
        ...(options.dev ? developerItems : []),
        { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, separator,
        { role: 'togglefullscreen' },
      ],
    },
    isMac
      ? { role: 'windowMenu' }
      : { label: '&Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
    // On macOS the system fills the help role's menu with its search field.
    { role: 'help', submenu: isMac ? [] : [about] },
  ];
}
