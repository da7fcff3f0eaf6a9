import { describe, expect, it } from 'vitest';
import { explainSshFailure, lastOpenFailure, readableLines } from './explain-ssh';

const log = (...lines: string[]): string => ['OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.19', 'debug1: Connecting to rack [10.0.0.12] port 22.', ...lines].join('\r\n');

describe('explainSshFailure', () => {
  it.each([
    ['ssh: connect to host rack port 22: Connection refused', 'ssh.refused'],
    ['ssh: connect to host rack port 22: Connection timed out', 'ssh.timeout'],
    ['ssh: connect to host rack port 22: No route to host', 'ssh.unreachable'],
    ['ssh: Could not resolve hostname rack: Name or service not known', 'ssh.unreachable'],
    ['@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nHost key verification failed.', 'hostkey.changed'],
    ['@       WARNING: REVOKED HOST KEY DETECTED!               @\r\nHost key verification failed.', 'hostkey.revoked'],
    ['No ED25519 host key is known for rack and you have requested strict checking.\r\nHost key verification failed.', 'hostkey.unknown'],
    ['Host key verification failed.', 'hostkey.rejected'],
    ['mara@rack: Permission denied (publickey,keyboard-interactive).', 'auth.failed'],
    ['Received disconnect from 10.0.0.12 port 22:2: Too many authentication failures', 'auth.failed'],
    ['Unable to negotiate with 10.0.0.12 port 22: no matching host key type found. Their offer: ssh-rsa', 'ssh.no-common-algorithm'],
    ['/home/mara/.ssh/config: line 3: Bad configuration option: hostnam', 'ssh.config-broken'],
    ['kex_exchange_identification: Connection closed by remote host', 'ssh.closed'],
  ])('%s is %s', (line, code) => {
    expect(explainSshFailure(log(line), 'rack')).toMatchObject({ data: { code, stderr: expect.not.stringContaining('debug1') as string } });
  });
});

describe('what ssh said', () => {
  it('is what a person may read', () => {
    expect(readableLines(log('debug2: x', 'Welcome', ''))).toBe('Welcome');
  });

  it('names the last connection that was refused', () => {
    expect(lastOpenFailure('channel 2: open failed: connect failed: No route to host\r\nchannel 3: open failed: connect failed: Connection refused\r\n')).toBe('connect failed: Connection refused');
    expect(lastOpenFailure('')).toBe('refused');
  });
});
