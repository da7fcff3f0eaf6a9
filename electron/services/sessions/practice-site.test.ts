import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeSite } from './practice-site';

let folder: string;
let site: PracticeSite;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netwright-practice-'));
  site = new PracticeSite(join(folder, 'practice.json'));
});
afterEach(async () => {
  await site.save();
  rmSync(folder, { recursive: true, force: true });
});

describe('what goes wrong on the practice host', () => {
  it('is nothing at first, and can be made to happen and put right though the host is out of reach', async () => {
    expect(await site.faults()).toEqual([]);
    expect(await site.fault('cable', true)).toEqual(['cable']);
    await expect(site.open()).rejects.toMatchObject({ code: 'ssh.unreachable' });
    expect(await site.fault('cable', false)).toEqual([]);
    await (await site.open()).close();
  });

  it('goes on at the next start of the app', async () => {
    await site.fault('gateway', true);
    await site.save();
    await (await site.open()).close();
    expect(await site.faults()).toEqual(['gateway']);
  });

  it('says why something can\'t happen', async () => {
    await expect(site.fault('app', true)).rejects.toMatchObject({ code: 'input.invalid', data: { detail: expect.stringContaining('No conversion is under way') } });
  });
});
