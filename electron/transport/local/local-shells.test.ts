import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLocalAvailability } from './local-availability';
import { localEnvironment } from './local-environment';
import { listLocalShells } from './local-shells';

let folder: string;
beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'netwright-shells-')); });
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

describe('listLocalShells', () => {
  it('has the user\'s own first, each once, and none that keeps people out', async () => {
    const [zsh, fish, nologin] = [program('zsh'), program('fish'), program('nologin')];
    mkdirSync(path.join(folder, 'other'));
    symlinkSync(zsh, path.join(folder, 'other', 'zsh'));
    const shellsFile = path.join(folder, 'shells');
    writeFileSync(shellsFile, `# shells(5)\n${zsh}\n${path.join(folder, 'other', 'zsh')}\n${nologin}\n${path.join(folder, 'gone')}\n${fish}\n`);
    const shells = await listLocalShells('linux', { SHELL: fish }, shellsFile);
    expect(shells[0]).toEqual({ name: 'fish', path: fish });
    expect(shells.filter(({ name }) => name === 'zsh')).toEqual([{ name: 'zsh', path: zsh }]);
    expect(shells.map(({ name }) => name)).not.toContain('nologin');
    expect(shells.map(({ name }) => name)).not.toContain('gone');
    expect(shells.at(-1)?.name).toBe('sh');
  });

  it('does without /etc/shells', async () => {
    expect((await listLocalShells('linux', {}, path.join(folder, 'none'))).length).toBeGreaterThan(0);
  });

  it('names those of Windows', async () => {
    expect(await listLocalShells('win32', { ComSpec: program('cmd.exe'), SystemRoot: folder, ProgramFiles: folder, PATH: '' })).toEqual([{ name: 'Command Prompt', path: path.join(folder, 'cmd.exe') }]);
  });
});

describe('readLocalAvailability', () => {
  it('needs Linux, and libvirt\'s socket or virsh', async () => {
    expect(await readLocalAvailability('darwin')).toMatchObject({ available: false, reason: expect.stringContaining('Linux') as string });
    expect(await readLocalAvailability('win32')).toMatchObject({ available: false });
    program('virsh');
    expect(await readLocalAvailability('linux', folder, [])).toEqual({ available: true, reason: null });
    expect(await readLocalAvailability('linux', '', [program('libvirt-sock')])).toEqual({ available: true, reason: null });
  });
});

describe('localEnvironment', () => {
  it('is the user\'s, without the app\'s own', () => {
    expect(localEnvironment({ HOME: '/home/mara', ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '-x', LD_LIBRARY_PATH: '/lib' })).toEqual({ HOME: '/home/mara', LD_LIBRARY_PATH: '/lib' });
    expect(localEnvironment({ APPIMAGE: '/x', APPDIR: '/y', LD_LIBRARY_PATH: '/y/lib', LANG: 'C.UTF-8' })).toEqual({ LANG: 'C.UTF-8' });
  });
});
