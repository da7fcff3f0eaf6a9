import { describe, expect, it } from 'vitest';
import { groupFingerprint, publicKeyFile } from './fingerprint';
import { describeAddress, secondsUntil, sessionText } from './session-text';

const error = { code: 'ssh.timeout' as const, title: 'No answer', detail: '' };

describe('session words', () => {
  it('gives each phase its own shape', () => {
    expect(sessionText({ phase: 'connected', since: '', privilege: 'root' }, 0)).toEqual({ shape: 'connected', word: 'connected' });
    expect(sessionText({ phase: 'connecting', step: 'host-key' }, 0)).toEqual({ shape: 'busy', word: 'checking its host key' });
    expect(sessionText({ phase: 'failed', error }, 0).shape).toBe('failed');
    expect(sessionText({ phase: 'disconnected' }, 0).shape).toBe('off');
  });

  it('counts down to the next try and never below zero', () => {
    const retryAt = new Date(10_000).toISOString();
    expect(sessionText({ phase: 'reconnecting', attempt: 1, retryAt, error }, 2_500).word).toBe('reconnecting, 8 s');
    expect(sessionText({ phase: 'reconnecting', attempt: 1, retryAt, error }, 60_000).word).toBe('reconnecting');
    expect(secondsUntil(retryAt, 60_000)).toBe(0);
  });

  it('writes addresses as people type them', () => {
    const ssh = { kind: 'ssh' as const, user: 'root', auth: 'auto' as const, keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin' as const };
    expect(describeAddress({ ...ssh, address: 'fd00::9', port: 2222 })).toBe('[fd00::9]:2222');
    expect(describeAddress({ ...ssh, address: 'fd00::9', port: 22 })).toBe('fd00::9');
    expect(describeAddress({ ...ssh, address: 'attic', port: 2222 })).toBe('attic:2222');
    expect(describeAddress({ kind: 'practice' })).toBe('in this app');
  });

  it('groups a fingerprint without changing it', () => {
    const { hash, groups } = groupFingerprint('SHA256:7vXqkV0mC6');
    expect(hash).toBe('SHA256');
    expect(groups).toEqual(['7vXq', 'kV0m', 'C6']);
    expect([publicKeyFile('ssh-ed25519'), publicKeyFile('ecdsa-sha2-nistp256'), publicKeyFile('rsa-sha2-512')]).toEqual(['/etc/ssh/ssh_host_ed25519_key.pub', '/etc/ssh/ssh_host_ecdsa_key.pub', '/etc/ssh/ssh_host_rsa_key.pub']);
  });
});
