import type { MenuCommand } from './app-menu';

/** What the native menu offers of the window's own commands; their names are those of the command palette. */
export const menuCommands: MenuCommand[] = [
  { menu: 'file', label: 'Add a Host…', command: 'host.add', accelerator: 'CmdOrCtrl+Shift+H' },
  { menu: 'file', label: 'New Network…', command: 'network.new', accelerator: 'CmdOrCtrl+N' },
  { menu: 'file', label: 'New Terminal', command: 'terminal.new', accelerator: 'CmdOrCtrl+Shift+T' },
  { menu: 'file', label: 'Settings…', command: 'settings.open', accelerator: 'CmdOrCtrl+,' },
  { menu: 'view', label: 'Go To, or Do Anything…', command: 'palette.open', accelerator: 'CmdOrCtrl+K' },
  { menu: 'view', label: 'Activity and Terminals', command: 'dock.toggle', accelerator: 'CmdOrCtrl+J' },
];
