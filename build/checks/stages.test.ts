import { describe, expect, it } from 'vitest';
import { unreadFiles } from './layer-check.mjs';
import { shellScripts } from './shell-check.mjs';
import { countTests } from './vitest-stage.mjs';

const file = (status: string, tests: string[]) => ({ name: 'a.test.ts', status, assertionResults: tests.map((each) => ({ status: each })) });

describe('countTests', () => {
  it('counts tests by outcome', () => {
    const report = { success: false, testResults: [file('failed', ['passed', 'failed', 'skipped']), file('passed', ['passed', 'todo'])] };
    expect(countTests(report)).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  it('counts a file that could not be loaded', () => {
    expect(countTests({ success: false, testResults: [file('failed', []), file('passed', ['passed'])] })).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('counts an error outside of all tests', () => {
    expect(countTests({ success: false, testResults: [file('passed', ['passed'])] })).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });
});

describe('unreadFiles', () => {
  it('names what the tool passed over', () => {
    expect(unreadFiles(['shared/a.ts', 'renderer/b.vue'], [{ source: 'shared/a.ts', dependencies: [] }])).toEqual(['renderer/b.vue']);
  });
});

describe('shellScripts', () => {
  it('finds scripts by their first line as well as by name', () => {
    expect(shellScripts()).toEqual(expect.arrayContaining(['.ci/run', 'test/lab/in-client']));
    expect(shellScripts()).not.toContain('test/lab/packages.txt');
  });
});
