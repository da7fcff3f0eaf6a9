/**
 * Starts the installed app as the ordinary user and drives its window. Not by Playwright's way into Electron, which needs
 * Node's inspector: packages have it switched off. Chromium's own DevTools protocol is left.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import type { VirtualDisplay } from '../../build/display.mjs';
import { rootFolder, startInside, stopInside, userHome } from './debian-root';

export interface InstalledApp {
  page: Page;
  /** Errors the page threw or logged, in order. */
  pageErrors: string[];
  /** Closes the window, as the user would. Resolves to the app's exit code when all its processes are gone. */
  close(): Promise<number>;
}

/** What another process of this machine is and may do (proc(5)). */
export interface ProcessFacts {
  commandLine: string;
  /** 2: its system calls are filtered. */
  seccomp: string;
  /** Its user namespace. */
  userNamespace: string;
}

/** @param executable path inside; the app's own processes are those started from it */
export function processesOf(executable: string): ProcessFacts[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (!commandLine.startsWith(`${executable} `)) return [];
      const seccomp = /^Seccomp:\s+(\d)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
      return [{ commandLine, seccomp, userNamespace: readlinkSync(`/proc/${pid}/ns/user`) }];
    } catch (error) {
      // It ended while we looked.
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  });
}

/** Runs `executable` (a path inside) on a screen and waits for its page. Rejects with what it said when there is none. */
export async function startInstalledApp(executable: string, display: VirtualDisplay, environment: Record<string, string> = {}): Promise<InstalledApp> {
  const authority = `${userHome}/authority`;
  copyFileSync(display.env.XAUTHORITY, path.join(rootFolder, authority));
  chmodSync(path.join(rootFolder, authority), 0o644);
  const child = startInside('alice', [
    'env', `DISPLAY=${display.env.DISPLAY}`, `XAUTHORITY=${authority}`,
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`), executable, '--remote-debugging-port=0', '--log-level=3',
  ]);
  let said = '';
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 128)));
  const endpoint = new Promise<string>((resolve) => {
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
  });
  const first = await Promise.race([endpoint, ended]);
  if (typeof first === 'number') throw new Error(`${executable} ended with ${first}:\n${said}`);

  try {
    // Electron knows none of what Playwright would set by default.
    const browser = await chromium.connectOverCDP(first, { noDefaults: true });
    const context = browser.contexts()[0]!;
    const page = context.pages()[0] ?? await context.waitForEvent('page');
    page.setDefaultTimeout(20_000);
    const pageErrors: string[] = [];
    page.on('pageerror', (error) => pageErrors.push(error.message));
    page.on('console', (message) => { if (message.type() === 'error') pageErrors.push(message.text()); });
    return {
      page, pageErrors,
      close: async () => {
        await page.evaluate(() => window.close());
        await browser.close();
        return ended;
      },
    };
  } catch (error) {
    await stopInside();
    await ended;
    throw new Error(`The window can't be driven:\n${said}`, { cause: error });
  }
}

/** Permissions of a file inside, as `stat -c %a` prints them. */
export function modeOf(file: string): string {
  return execFileSync('stat', ['--format', '%a', path.join(rootFolder, file)], { encoding: 'utf8' }).trim();
}
