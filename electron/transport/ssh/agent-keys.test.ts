import { afterEach, expect, it, vi } from 'vitest';
import { usualAgent } from './agent-keys';

const platform = process.platform;
afterEach(() => {
  vi.unstubAllEnvs();
  Object.defineProperty(process, 'platform', { value: platform });
});

it('takes the agent that the environment names, else the one that comes with Windows', () => {
  vi.stubEnv('SSH_AUTH_SOCK', '/run/agent');
  expect(usualAgent()).toBe('/run/agent');
  vi.stubEnv('SSH_AUTH_SOCK', '');
  expect(usualAgent()).toBeNull();
  Object.defineProperty(process, 'platform', { value: 'win32' });
  expect(usualAgent()).toBe('\\\\.\\pipe\\openssh-ssh-agent');
});
