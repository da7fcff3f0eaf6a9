import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVirtualDisplay } from '../../build/display.mjs';
import type { VirtualDisplay } from '../../build/display.mjs';
import { startInstalledApp } from './installed-app';
import { rootFolder, runInside, runInsideOrThrow, stopInside, userHome } from './debian-root';
import { onlyFile } from '../../build/packaging/release-folder.mjs';

describe('the .tar.gz, unpacked by an ordinary user', () => {
  const archive = onlyFile('.tar.gz');
  const folder = `${userHome}/${path.basename(archive, '.tar.gz')}`;
  let display: VirtualDisplay;

  beforeAll(async () => {
    rmSync(path.join(rootFolder, userHome, '.config'), { recursive: true, force: true });
    display = await startVirtualDisplay({ width: 1440, height: 900 });
    execFileSync('tar', ['-xzf', archive, '-C', path.join(rootFolder, userHome), '--no-same-owner']);
    await runInsideOrThrow('root', ['chown', '-R', 'alice:', folder]);
  });
  afterAll(async () => {
    rmSync(path.join(rootFolder, folder), { recursive: true, force: true });
    await display?.stop();
  });

  it('shows the window', async ({ onTestFailed }) => {
    onTestFailed(stopInside);
    const app = await startInstalledApp(`${folder}/netwright`, display);
    await app.page.getByRole('button', { name: 'Try the practice host' }).waitFor();
    expect(app.pageErrors).toEqual([]);
    expect(await app.close()).toBe(0);
  });

  it('has the command line in bin/, also by a link to it', async () => {
    expect(await runInsideOrThrow('alice', [`${folder}/bin/netwright`, 'inspect', 'practice'])).toContain('Open vSwitch');
    const { code, stdout } = await runInside('alice', `ln -s ${folder}/bin/netwright nw && ./nw version && rm nw`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d/) });
  });
});
