import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { appMenuTemplate } from './app-menu';
import type { AppMenuOptions } from './app-menu';

const options = (platform: NodeJS.Platform, more: Partial<AppMenuOptions> = {}): AppMenuOptions => ({
  platform, dev: false, commands: [], onCommand: () => undefined, onAbout: () => undefined, ...more,
});

const items = (menu: MenuItemConstructorOptions | undefined): MenuItemConstructorOptions[] =>
  Array.isArray(menu?.submenu) ? menu.submenu : [];

/** Roles and labels of all items, menus included. */
const names = (template: MenuItemConstructorOptions[]): string[] =>
  template.flatMap((menu) => [menu, ...items(menu)]).flatMap((item) => item.role ?? item.label ?? []);

describe('appMenuTemplate', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('has editing, zoom, About and a way out on %s', (platform) => {
    expect(names(appMenuTemplate(options(platform)))).toEqual(expect.arrayContaining([
      'cut', 'copy', 'paste', 'selectAll', 'resetZoom', 'zoomIn', 'zoomOut', 'About Netwright', 'quit', 'help',
    ]));
  });

  it('puts About and Quit into the app\'s own menu on macOS', () => {
    const [first] = appMenuTemplate(options('darwin'));
    expect(first?.label).toBe('Netwright');
    expect(items(first).map((item) => item.role ?? item.label)).toEqual(expect.arrayContaining(['About Netwright', 'quit']));
  });

  it('offers reload and the developer tools in development only', () => {
    expect(names(appMenuTemplate(options('linux')))).not.toContain('toggleDevTools');
    expect(names(appMenuTemplate(options('linux', { dev: true })))).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
  });

  it('passes the window\'s commands on', () => {
    const onCommand = vi.fn();
    const commands = [{ menu: 'file' as const, label: 'New network…', command: 'networks.new', accelerator: 'CmdOrCtrl+N' }];
    const file = appMenuTemplate(options('linux', { commands, onCommand })).find((menu) => menu.label === '&File');
    const item = items(file).find(({ label }) => label === 'New network…');
    expect(item?.accelerator).toBe('CmdOrCtrl+N');
    (item?.click as (() => void) | undefined)?.();
    expect(onCommand).toHaveBeenCalledExactlyOnceWith('networks.new');
  });
});
