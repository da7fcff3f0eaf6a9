import { describe, expect, it } from 'vitest';
import type { Machine, PackageTarget } from './targets.mjs';
import { packageTargets, whyNotHere } from './targets.mjs';

const machine = (changes: Partial<Machine> = {}): Machine => ({
  platform: 'linux', arch: 'x64', reachesGithub: true, isTrialRuntime: false, has: () => true, hasModule: () => false, ...changes,
});
const target = (name: string): PackageTarget => packageTargets.find((candidate) => candidate.name === name)!;
const madeOn = (changes: Partial<Machine>): string[] =>
  packageTargets.filter((candidate) => whyNotHere(candidate, 'x64', machine(changes)) === undefined).map(({ name }) => name);

describe('what can be made here', () => {
  it('is each system\'s own packages', () => {
    expect(madeOn({})).toEqual(['dir', 'tar.gz', 'deb', 'rpm', 'AppImage']);
    expect(madeOn({ platform: 'win32' })).toEqual(['nsis', 'portable']);
    expect(madeOn({ platform: 'darwin' })).toEqual(['dmg', 'zip']);
  });

  it('needs no network for the Linux packages but AppImage', () => {
    expect(madeOn({ reachesGithub: false })).toEqual(['dir', 'tar.gz', 'deb', 'rpm']);
    expect(whyNotHere(target('AppImage'), 'x64', machine({ reachesGithub: false }))).toContain('github.com');
  });

  it('names the programs that are missing', () => {
    expect(whyNotHere(target('rpm'), 'x64', machine({ has: () => false }))).toBe('rpmbuild is not installed');
  });

  it('needs the terminal\'s native code and an Electron for another architecture', () => {
    expect(whyNotHere(target('deb'), 'arm64', machine())).toContain('@lydell/node-pty-linux-arm64');
    expect(whyNotHere(target('deb'), 'arm64', machine({ hasModule: (name) => name === '@lydell/node-pty-linux-arm64' }))).toBeUndefined();
    expect(whyNotHere(target('deb'), 'arm64', machine({ isTrialRuntime: true }))).toContain('no stand-in');
  });
});
