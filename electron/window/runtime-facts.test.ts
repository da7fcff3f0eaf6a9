import { expect, it } from 'vitest';
import { aboutText, runtimeFacts } from './runtime-facts';

const running = (electron: string | undefined) => ({
  versions: { node: '18.15.0', chrome: electron && '114.0.5735.106', electron } as unknown as NodeJS.ProcessVersions,
  platform: 'linux' as const, arch: 'x64' as const,
});

it('names what the app runs on', () => {
  const facts = runtimeFacts('1.2.3', running('45.4.1'));
  expect(facts).toEqual({ version: '1.2.3', electron: '45.4.1', chromium: '114.0.5735.106', node: '18.15.0', platform: 'linux x64', trialRuntime: false });
  const lines = 'Version 1.2.3\nElectron 45.4.1, Chromium 114.0.5735.106, Node 18.15.0\nlinux x64\n';
  expect(aboutText(facts, null)).toBe(`${lines}Updates: off (no feed set)`);
  expect(aboutText(facts, 'https://updates.invalid/netwright')).toBe(`${lines}Updates: from https://updates.invalid/netwright`);
});

it('says so when it is the trial runtime', () => {
  const facts = runtimeFacts('1.2.3', running('25.1.1'));
  expect(facts.trialRuntime).toBe(true);
  expect(aboutText(facts, null)).toMatch(/trial runtime.*no security updates/s);
});

it('does without Electron in plain Node', () => {
  expect(runtimeFacts('1.2.3', running(undefined))).toMatchObject({ electron: 'none', chromium: 'none', trialRuntime: false });
});
