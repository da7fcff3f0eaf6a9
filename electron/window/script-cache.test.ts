import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ScriptCache } from './script-cache';

let folder: string;
let scripts: string;
let compiled: string;
let starts = 0;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netwright-script-cache-'));
  scripts = path.join(folder, 'main');
  compiled = path.join(folder, 'compiled');
  mkdirSync(scripts);
  writeFileSync(path.join(scripts, 'core.cjs'), 'const { say } = require("./part.cjs"); exports.said = say(); exports.place = [__filename, __dirname, module.id, this === exports];');
  writePart('one');
});
afterEach(() => rmSync(folder, { recursive: true }));

const writePart = (word: string): void => writeFileSync(path.join(scripts, 'part.cjs'), `exports.say = () => "${word}";`);
const kept = (): string[] => readdirSync(compiled).sort();

/**
 * Loads the scripts as a start of the app does, and keeps what was compiled. From another place each time: neither Node nor
 * V8, which remembers what this process has compiled from where, know them then.
 */
function startOnce(): Record<string, unknown> {
  starts += 1;
  const place = path.join(folder, `main-${starts}`);
  renameSync(scripts, place);
  scripts = place;
  const require = createRequire(path.join(scripts, 'index.cjs'));
  const cache = new ScriptCache(scripts, compiled);
  const stop = cache.install();
  try {
    return require('./core.cjs') as Record<string, unknown>;
  } finally {
    stop();
    cache.save();
  }
}

it('gives modules what Node gives them, compiled anew and compiled before', () => {
  for (let start = 0; start < 2; start += 1) {
    const loaded = startOnce();
    expect(loaded).toMatchObject({ said: 'one', place: [path.join(scripts, 'core.cjs'), scripts, path.join(scripts, 'core.cjs'), true] });
  }
});

it('keeps each script once, and runs what it has kept', () => {
  startOnce();
  expect(kept().map((name) => name.replace(/-.*/, ''))).toEqual(['core.cjs', 'part.cjs']);
  // The code of another source of the same length: V8 can't tell, and runs it in its place.
  const one = kept()[1]!;
  writePart('two');
  expect(startOnce()['said']).toBe('two');
  const two = kept()[1]!;
  expect(kept()).not.toContain(one);
  writePart('one');
  writeFileSync(path.join(compiled, one), readFileSync(path.join(compiled, two)));
  expect(startOnce()['said']).toBe('two');
});

it('compiles what was kept by another V8, or broken, and keeps that anew', () => {
  startOnce();
  const file = path.join(compiled, kept()[1]!);
  const whole = readFileSync(file);
  for (const broken of [Buffer.alloc(0), whole.subarray(0, 40), Buffer.concat([Buffer.from('????'), whole.subarray(4)])]) {
    writeFileSync(file, broken);
    expect(startOnce()['said']).toBe('one');
    expect(readFileSync(file).length).toBeGreaterThan(40);
  }
});
