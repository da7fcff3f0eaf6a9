import { describe, expect, it } from 'vitest';
import { missingPackages, nodeVersionProblem } from './dependencies.mjs';

describe('nodeVersionProblem', () => {
  it.each(['20.19.0', '20.20.2', '22.12.0', '24.0.0', '25.1.0'])('accepts Node %s', (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(['18.20.0', '20.18.3', '21.7.0', '22.11.0'])('refuses Node %s with a sentence', (version) => {
    expect(nodeVersionProblem(version)).toContain(`this is Node ${version}`);
  });
});

describe('missingPackages', () => {
  const vue = { version: '3.5.45', integrity: 'sha512-a' };

  it('finds nothing missing when node_modules is what the lock file asks for', () => {
    expect(missingPackages({ '': {}, 'node_modules/vue': vue }, { 'node_modules/vue': vue, 'node_modules/more': vue })).toEqual([]);
  });

  it('names what is absent, of another version or of other content', () => {
    const wanted = { 'node_modules/vue': vue, 'node_modules/zod': vue, 'node_modules/yaml': vue };
    const installed = { 'node_modules/vue': { ...vue, version: '3.5.44' }, 'node_modules/yaml': { ...vue, integrity: 'sha512-b' } };
    expect(missingPackages(wanted, installed)).toEqual(['node_modules/vue', 'node_modules/zod', 'node_modules/yaml']);
  });

  it('does not ask for optional packages, most of which are for other platforms', () => {
    expect(missingPackages({ 'node_modules/fsevents': { ...vue, optional: true } }, {})).toEqual([]);
  });
});
