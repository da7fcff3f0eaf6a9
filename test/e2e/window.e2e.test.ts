import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromRoot } from '../../build/paths.mjs';
import { contentSecurityPolicy } from '../../electron/window/content-security-policy';
import { launchApp } from './app';
import type { LaunchedApp } from './app';

let launched: LaunchedApp;
beforeAll(async () => { launched = await launchApp(); });
afterAll(async () => { await launched.close(); });

const appPage = 'app://netwright/index.html';

/** The process that runs the page, as the operating system knows it. */
function rendererPid(): Promise<number> {
  return launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId());
}

describe('the page', () => {
  it('is the app, with nothing wrong in its console', async () => {
    expect(launched.page.url()).toMatch(/^app:\/\/netwright\/index\.html/);
    await launched.page.waitForFunction(() => document.querySelector('#app')?.childElementCount);
    expect(launched.pageErrors).toEqual([]);
  });

  it('sees nothing of Node or Electron but the three verbs of the bridge', async () => {
    const seen = await launched.page.evaluate(() => ({
      names: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter((name) => name in window),
      bridge: Object.keys((window as unknown as { netwright: object }).netwright).sort(),
    }));
    expect(seen).toEqual({ names: [], bridge: ['invoke', 'on', 'prepare'] });
  });

  it('is answered nothing on channels outside the contract', async () => {
    const answer = await launched.page.evaluate(async () => {
      const { netwright } = window as unknown as { netwright: { invoke(name: string, input: unknown): Promise<unknown> } };
      return netwright.invoke('shell.exec', { command: 'id' }).then(() => 'answered', (error: Error) => error.message);
    });
    expect(answer).toContain('No handler registered');
  });

  it('runs in Chromium\'s sandbox, isolated from the preload script', async () => {
    const facts = await launched.app.evaluate(({ app, BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webviewTag, noSandbox: app.commandLine.hasSwitch('no-sandbox') };
    });
    expect(facts).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, noSandbox: false });
  });

  it.runIf(process.platform === 'linux')('is confined by the kernel: system call filter and namespaces of its own', async () => {
    const pid = await rendererPid();
    const main = await launched.app.evaluate(() => process.pid);
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s*2$/m);
    for (const namespace of ['user', 'pid', 'net']) {
      expect(readlinkSync(`/proc/${pid}/ns/${namespace}`)).not.toBe(readlinkSync(`/proc/${main}/ns/${namespace}`));
    }
  });
});

describe('the content security policy', () => {
  it('comes with every answer of the app protocol', async () => {
    const policies = await launched.page.evaluate(async (urls) => {
      const replies = await Promise.all(urls.map((url) => fetch(url)));
      return replies.map((reply) => [reply.status, reply.headers.get('content-security-policy')]);
    }, [appPage, 'app://netwright/no-such-file.js', 'app://netwright/..%2f..%2fpackage.json']);
    expect(policies).toEqual([[200, contentSecurityPolicy()], [404, contentSecurityPolicy()], [404, contentSecurityPolicy()]]);
    const posted = await launched.page.evaluate(async (url) => {
      const reply = await fetch(url, { method: 'POST' });
      return [reply.status, reply.headers.get('content-security-policy')];
    }, appPage);
    expect(posted).toEqual([405, contentSecurityPolicy()]);
  });

  it('blocks evaluated and injected scripts', async () => {
    const outcome = await launched.page.evaluate(async () => {
      // The debugger's own evaluation is exempt from the policy; a task of the page is not.
      await new Promise((resolve) => { setTimeout(resolve); });
      let evaluated = 'ran';
      try {
        (0, eval)('1');
      } catch (error) {
        evaluated = (error as Error).name;
      }
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      return { evaluated, injected: 'injected' in window };
    });
    expect(outcome).toEqual({ evaluated: 'EvalError', injected: false });
  });

  it('runs workers from the app\'s files and from nowhere else', async () => {
    const worker = readdirSync(fromRoot('dist', 'renderer', 'assets')).find((name) => name.startsWith('elk-worker'));
    const outcome = await launched.page.evaluate(async (script) => {
      const tryWorker = (url: string) => new Promise<string>((resolve) => {
        try {
          const started = new Worker(url);
          started.onmessage = () => resolve('ran');
          started.onerror = () => resolve('blocked');
          started.postMessage({ id: 1, cmd: 'layout', graph: { id: 'root', children: [{ id: 'a', width: 10, height: 10 }] }, layoutOptions: {}, options: {} });
        } catch {
          resolve('blocked');
        }
      });
      const blob = URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }));
      return { file: await tryWorker(script), blob: await tryWorker(blob) };
    }, `/assets/${worker}`);
    expect(outcome).toEqual({ file: 'ran', blob: 'blocked' });
  });

  it('lets nothing out to the network', async () => {
    const outcome = await launched.page.evaluate(async () => {
      const image = new Image();
      const imageFailed = new Promise((resolve) => { image.onerror = () => resolve('blocked'); image.onload = () => resolve('loaded'); });
      image.src = 'https://example.com/x.png';
      const socket = () => new Promise((resolve) => {
        try {
          const opened = new WebSocket('wss://example.com');
          opened.onopen = () => resolve('open');
          opened.onerror = () => resolve('blocked');
        } catch {
          resolve('blocked');
        }
      });
      return {
        fetch: await fetch('https://example.com').then(() => 'answered', () => 'blocked'),
        image: await imageFailed,
        socket: await socket(),
      };
    });
    expect(outcome).toEqual({ fetch: 'blocked', image: 'blocked', socket: 'blocked' });
  });
});

describe('the window', () => {
  it('asks the network for nothing while it loads', async () => {
    const asked: string[] = [];
    const note = (request: { url(): string }): void => { asked.push(request.url()); };
    launched.page.on('request', note);
    await launched.page.reload({ waitUntil: 'load' });
    await launched.page.waitForFunction(() => document.querySelector('#app')?.childElementCount && document.fonts.status === 'loaded');
    launched.page.off('request', note);
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.filter((url) => !url.startsWith('app://netwright/') && !url.startsWith('data:'))).toEqual([]);
  });

  it('paints in the bundled typeface', async () => {
    const families = await launched.page.evaluate(() => [...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family));
    expect(families.some((family) => family.includes('IBM Plex Sans'))).toBe(true);
  });

  it('has no style that the oldest runtime\'s Chromium drops', async () => {
    const invalid = await launched.page.evaluate(() => {
      const texts = (rules: CSSRuleList): string[] => [...rules].flatMap((rule) => (rule instanceof CSSPropertyRule ? [] : [rule.cssText]));
      const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
      const open = new Set(rules.filter((rule): rule is CSSPropertyRule => rule instanceof CSSPropertyRule && rule.syntax === '*' && rule.initialValue === null).map((rule) => rule.name));
      // Such a property makes every declaration invalid that reads it with an empty fallback.
      const read = [...document.styleSheets].flatMap((sheet) => texts(sheet.cssRules)).flatMap((text) => [...text.matchAll(/var\(\s*(--[\w-]+)\s*,\s*\)/g)].map(([, name]) => name!));
      return { known: open.size, broken: read.filter((name) => open.has(name)) };
    });
    expect(invalid.known).toBeGreaterThan(0);
    expect(invalid.broken).toEqual([]);
    // What Tailwind composes of properties that nobody has set must take effect.
    const ring = await launched.page.evaluate(() => {
      const probe = document.body.appendChild(Object.assign(document.createElement('div'), { className: 'ring' }));
      const shadow = getComputedStyle(probe).boxShadow;
      probe.remove();
      return shadow;
    });
    expect(ring).not.toBe('none');
  });

  it('cannot be navigated away', async () => {
    await launched.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents;
      const noted = globalThis as unknown as { navigation?: Promise<boolean> };
      noted.navigation = new Promise((resolve) => contents.once('will-navigate', (event) => resolve(event.defaultPrevented)));
    });
    await launched.page.evaluate(() => { location.href = 'https://example.com/'; });
    const prevented = await launched.app.evaluate(() => (globalThis as unknown as { navigation?: Promise<boolean> }).navigation);
    expect(prevented).toBe(true);
    expect(launched.page.url()).toContain(appPage);
  });

  it('opens no other window; of the outside, listed manuals only, and in the system\'s browser', async () => {
    await launched.app.evaluate(({ shell }) => {
      const noted = globalThis as unknown as { opened?: string[] };
      noted.opened = [];
      shell.openExternal = (url) => { noted.opened?.push(url); return Promise.resolve(); };
    });
    const results = await launched.page.evaluate(() =>
      ['https://example.com/', 'app://netwright/index.html', 'file:///etc/passwd', 'https://libvirt.org/formatnetwork.html'].map((url) => window.open(url)));
    expect(results).toEqual([null, null, null, null]);
    const after = await launched.app.evaluate(({ BrowserWindow }) => ({
      opened: (globalThis as unknown as { opened?: string[] }).opened,
      windows: BrowserWindow.getAllWindows().length,
    }));
    expect(after).toEqual({ opened: ['https://libvirt.org/formatnetwork.html'], windows: 1 });
  });

  it('is granted no permission', async () => {
    const outcome = await launched.page.evaluate(async () => {
      const query = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state;
      return {
        notifications: await Notification.requestPermission(),
        geolocation: await query('geolocation'),
        camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'granted', () => 'refused'),
        clipboard: await navigator.clipboard.readText().then(() => 'granted', () => 'refused'),
      };
    });
    expect(outcome).toEqual({ notifications: 'denied', geolocation: 'denied', camera: 'refused', clipboard: 'refused' });
  });

  it('downloads nothing', async () => {
    await launched.app.evaluate(({ session }) => {
      const noted = globalThis as unknown as { download?: Promise<boolean> };
      noted.download = new Promise((resolve) => session.defaultSession.once('will-download', (event) => resolve(event.defaultPrevented)));
    });
    await launched.page.evaluate(() => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['text']));
      link.download = 'text.txt';
      link.click();
    });
    const prevented = await launched.app.evaluate(() => (globalThis as unknown as { download?: Promise<boolean> }).download);
    expect(prevented).toBe(true);
  });

  it('is the only one: a second start hands over to it and ends', async () => {
    const { executable, args, env } = launched.command;
    const code = await new Promise((resolve) => spawn(executable, args, { env, stdio: 'ignore' }).once('close', resolve));
    expect(code).toBe(0);
    expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });
});

describe('place and size', () => {
  it('are those of the last time', async () => {
    const first = await launchApp();
    const bounds = { x: 40, y: 30, width: 1100, height: 700 };
    await first.app.evaluate(({ BrowserWindow }, wanted) => { BrowserWindow.getAllWindows()[0]!.setBounds(wanted); }, bounds);
    await first.app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]!.close(); }).catch(() => undefined);
    const saved = readFileSync(`${first.userDataDir}/window.json`, 'utf8');
    await first.close();
    expect(JSON.parse(saved)).toMatchObject({ maximized: false, bounds: { width: 1100, height: 700 } });
  });
});
