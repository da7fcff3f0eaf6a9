import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { AppError } from '../../../shared/errors/app-error';
import { connectionClosed } from './connection-errors';

/** ssh2's error for a channel the server would not open carries the reason code of RFC 4254 §5.1. */
export function isOpenFailure(error: unknown): error is Error & { reason: number } {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'number';
}

/**
 * A TCP connection made by the host (direct-tcpip, RFC 4254 §7.2).
 * @throws AppError `ssh.channel-refused` (the host could not connect, or does not forward), `command.timeout`, `ssh.closed`
 */
export function connectTcp(client: Client, hostLabel: string, address: string, port: number, timeoutMs: number): Promise<Duplex> {
  const target = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new AppError('command.timeout', 'No answer', `${target} did not answer ${hostLabel} within ${Math.round(timeoutMs / 1000)} s.`));
    }, timeoutMs);
    try {
      client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
        clearTimeout(timer);
        if (late) channel?.destroy();
        else if (!error) resolve(channel);
        else reject(isOpenFailure(error) ? explainRefusal(error, target, hostLabel) : connectionClosed(hostLabel));
      });
    } catch (error) {
      // ssh2 throws at once when its socket is gone.
      clearTimeout(timer);
      reject(error instanceof AppError ? error : connectionClosed(hostLabel));
    }
  });
}

/** Reason 1: sshd may not forward. Reason 2: it tried; the message says what came of it. */
function explainRefusal(error: Error & { reason: number }, target: string, hostLabel: string): AppError {
  const said = error.message.replace(/^\(SSH\) Channel open failure: /, '');
  if (error.reason === 1) {
    return new AppError('ssh.channel-refused', 'The host forwards no connections', `sshd on ${hostLabel} is set up not to connect to ${target} (${said}).`, {
      hint: 'AllowTcpForwarding and PermitOpen in sshd_config decide it.',
    });
  }
  return new AppError('ssh.channel-refused', 'The connection was refused', `${hostLabel} could not connect to ${target}: ${said}.`);
}
