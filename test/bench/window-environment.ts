import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { root } from '../../build/paths.mjs';
import type { Settings } from '../../shared/contract/app';
import { newHostProfile } from '../../shared/domain/host';
import { labKeyPath } from '../lab/lab';
import type { BenchContext } from './bench-context';
import { BenchWindow } from './bench-window';

export const benchHostId = 'bench';

/** Where a window keeps its things between starts. */
export interface WindowHome {
  kind: 'app' | 'empty' | 'bare-terminal';
  folder: string;
}

async function environment(context: BenchContext, folder: string): Promise<Record<string, string>> {
  const display = await context.display();
  return { PATH: process.env['PATH'] ?? '', HOME: folder, LANG: 'C.UTF-8', NETWRIGHT_DATA: path.join(folder, 'data'), ...display.env };
}

const appFolders: Record<WindowHome['kind'], string> = {
  'app': root, 'empty': fileURLToPath(new URL('empty-window', import.meta.url)), 'bare-terminal': fileURLToPath(new URL('bare-terminal', import.meta.url)),
};

/** A home for the app or for a window it is compared with. The app's window lies where the others do. */
export function makeHome(context: BenchContext, kind: WindowHome['kind']): WindowHome {
  const folder = context.newFolder(kind);
  mkdirSync(path.join(folder, 'data'));
  writeFileSync(path.join(folder, 'data/window.json'), JSON.stringify({ bounds: { x: 0, y: 0, width: 1280, height: 800 }, maximized: false }));
  return { kind, folder };
}

/** A home in which the app knows the lab host, connects to it at start, and shows its map. */
export async function makeConnectedHome(context: BenchContext): Promise<WindowHome> {
  const { lab } = await context.host();
  const home = makeHome(context, 'app');
  const profile = newHostProfile(benchHostId, 'bench', {
    kind: 'ssh', address: lab.address, port: 22, user: 'root', auth: 'key', keyPath: labKeyPath, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin',
  });
  const settings: Partial<Settings> = { connectAtStart: [benchHostId], lastHostId: benchHostId };
  writeFileSync(path.join(home.folder, 'data/hosts.json'), JSON.stringify({ version: 1, hosts: [profile] }));
  writeFileSync(path.join(home.folder, 'data/settings.json'), JSON.stringify(settings));
  mkdirSync(path.join(home.folder, '.ssh'), { mode: 0o700 });
  writeFileSync(path.join(home.folder, '.ssh/known_hosts'), await lab.knownHostsLine());
  return home;
}

/** Starts the window of a home. `env`: added to its environment. */
export async function openWindow(context: BenchContext, home: WindowHome, env: Record<string, string> = {}): Promise<BenchWindow> {
  return new BenchWindow({
    electron: await context.electron(),
    appFolder: appFolders[home.kind],
    env: { ...await environment(context, home.folder), ...env },
    userDataDir: path.join(home.folder, 'data'),
  });
}

/** Asks the main process through the window's bridge; the expression is the reply's value. */
export const invokeExpression = (name: string, input: unknown): string =>
  `window.netwright.invoke(${JSON.stringify(name)}, ${JSON.stringify(input) ?? 'undefined'}).then((reply) => { if (!reply.ok) throw new Error(reply.error.detail); return reply.value; })`;

/** Resolves when the session stands and the page shows its host. */
export async function waitUntilConnected(window: BenchWindow, hostId = benchHostId): Promise<void> {
  const list = invokeExpression('hosts.list', undefined);
  const deadline = performance.now() + 60_000;
  for (;;) {
    const views = await window.evaluate<{ profile: { id: string }; session: { phase: string } }[]>(list);
    const session = views.find((view) => view.profile.id === hostId)?.session;
    if (session?.phase === 'connected') return;
    if (session?.phase === 'failed' || performance.now() > deadline) throw new Error(`The session does not stand: ${JSON.stringify(session)}`);
    await delay(50);
  }
}
