import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const keep = fileURLToPath(new URL('keep.sh', import.meta.url));
let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netwright-keep-'));
  for (const folder of ['etc', 'tx/kept/files', 'live']) mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, 'etc/before'), 'before\n');
  writeFileSync(path.join(root, 'etc/edited'), 'before\n');
  // A folder that is protected, and a file in it that the change will make.
  writeFileSync(path.join(root, 'tx/files'), `own\t0644\t-\t${root}/etc/own\n`);
  writeFileSync(path.join(root, 'tx/kept/paths'), `${root}/etc\n${root}/etc/own\n`);
  sh(`mkdir -p "$dir/kept/files${root}"; cp -a ${root}/etc "$dir/kept/files${root}/"`);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs lines of sh with the functions of keep.sh, in a transaction of its own. Resolves to what they say. */
function sh(lines: string): string {
  return execFileSync('/bin/sh', ['-eu'], { encoding: 'utf8', input: `dir=${root}/tx live=${root}/live id=1 stack=networkd nic=eno1 kind=linux\nsay() { echo "$@"; }\n. ${keep}\nset +eu\n${lines}` });
}
const etc = (): Record<string, string> => Object.fromEntries(sh(`cd ${root}/etc && find . -type f | sort`).trim().split('\n').map((name) => [name.slice(2), readFileSync(path.join(root, 'etc', name), 'utf8')]));

describe('files that are put back', () => {
  it('are all of a protected folder while the change is being made', () => {
    expect(sh(`echo by the change > ${root}/etc/edited; mkdir ${root}/etc/sub; echo new > ${root}/etc/sub/new; rm ${root}/etc/before; put_files_back; echo $?`)).toBe('0\n');
    expect(etc()).toEqual({ before: 'before\n', edited: 'before\n' });
  });

  it('are not those that somebody else has changed since the trial began', () => {
    expect(sh(`echo by the change > ${root}/etc/edited; mkdir ${root}/etc/made; echo new > ${root}/etc/made/new; note_ours
      echo theirs > ${root}/etc/before; echo theirs > ${root}/etc/made/theirs; echo theirs > ${root}/etc/more; echo whoever > ${root}/etc/own
      put_files_back; echo $?`)).toMatch(/^leaves alone what others have changed: [^]*\/etc\/more\n0\n$/);
    expect(etc()).toEqual({ 'before': 'theirs\n', 'edited': 'before\n', 'made/theirs': 'theirs\n', 'more': 'theirs\n' });
  });

  it('are known after a restart too, when the change was being made lasting', () => {
    sh(`note_ours; echo theirs > ${root}/etc/more; note_theirs; cp "$live/theirs" "$dir/kept/theirs"; echo ours > ${root}/etc/edited; rm "$live/theirs"; put_files_back etc`);
    expect(etc()).toEqual({ before: 'before\n', edited: 'before\n', more: 'theirs\n' });
  });
});

it('removes the folders it made, once they are empty', () => {
  sh(`make_folder ${root}/etc/a/b; make_folder ${root}/etc/c; echo theirs > ${root}/etc/c/theirs; remove_folders`);
  expect(sh(`cd ${root}/etc && find . -type d | sort`)).toBe('.\n./c\n');
});
