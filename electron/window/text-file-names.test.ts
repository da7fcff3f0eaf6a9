import { open, stat, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileNameOf, freeFileName, readTextFile } from './text-file-names';

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'netwright-text-files-')); });
afterAll(() => rm(folder, { recursive: true }));

const read = async (content: string | Buffer) => {
  const file = join(folder, 'file.xml');
  await writeFile(file, content);
  return readTextFile(file, 'network', 100, { open, stat });
};

it.each([['default', 'default.xml'], ['lab.xml', 'lab.xml'], ['../../etc/passwd', '_.._etc_passwd.xml'], ['.hidden', 'hidden.xml'], ['a b/ü\u0000', 'a b_ü_.xml'], ['', 'network.xml'], ['..', 'network.xml']])(
  'makes a file name of %j', (suggested, name) => { expect(fileNameOf(suggested, 'network')).toBe(name); },
);

it.each([['ceph', 'ceph.yaml'], ['ceph.yml', 'ceph.yaml'], ['../x.YAML', '_x.yaml'], ['', 'lab.yaml']])('makes a lab file’s name of %j', (suggested, name) => { expect(fileNameOf(suggested, 'lab')).toBe(name); });

it('counts on where a file is there already', () => {
  expect([1, 2, 3].map((attempt) => freeFileName('a.xml', attempt))).toEqual(['a.xml', 'a-2.xml', 'a-3.xml']);
});

it('reads text, and says why it doesn’t', async () => {
  expect(await read('<network/>')).toEqual({ text: '<network/>', problem: null });
  expect(await read('x'.repeat(100))).toMatchObject({ problem: null });
  expect((await read('x'.repeat(101))).problem).toMatch(/long/);
  expect((await read(Buffer.from([0xff, 0xfe, 0x00]))).problem).toBe('It is no text in UTF-8.');
  expect((await readTextFile(join(folder, 'none'), 'network', 100, { open, stat })).problem).toMatch(/can't be read/);
  expect((await readTextFile(folder, 'network', 1_000_000, { open, stat })).problem).toMatch(/can't be read/);
  expect((await readTextFile('/dev/zero', 'network', 100, { open, stat })).problem).toMatch(/longer/);
});
