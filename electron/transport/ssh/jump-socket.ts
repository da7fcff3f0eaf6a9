import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { AppError } from '../../../shared/errors/app-error';
import { isOpenFailure } from './connect-tcp';
import { connectionClosed, connectTimeout, hostLabel, JumpLost, serverName } from './connection-errors';
import type { SshServer } from './ssh-runner-options';

/**
 * A connection from one server to the next one on the way. When the server's own connection ends, this one ends with
 * that as its error.
 * @throws AppError `ssh.refused`, `ssh.unreachable`, `ssh.timeout`, `ssh.channel-refused` (it forwards nothing), `ssh.closed`
 */
export function openJumpSocket(client: Client, from: SshServer, to: SshServer): Promise<Duplex> {
  const jump = hostLabel(from.address, from.port);
  let cause: Error | null = null;
  client.on('error', (error) => {
    cause ??= error;
  });
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(connectTimeout(to.address, to.port, jump));
    }, to.readyTimeoutMs ?? 20_000);
    const onClose = (): void => reject(lost(from, cause));
    client.once('close', onClose);
    try {
      client.forwardOut('127.0.0.1', 0, to.address, to.port, (error, channel) => {
        clearTimeout(timer);
        client.removeListener('close', onClose);
        if (error) {
          reject(isOpenFailure(error) ? explain(error, from, to) : connectionClosed(jump));
          return;
        }
        if (late) {
          channel.destroy();
          return;
        }
        // ssh2 takes the error of its socket for the connection's: so every connection above knows why it ended.
        const pass = (): void => {
          channel.emit('error', cause instanceof JumpLost ? cause : new JumpLost(serverName(from), cause));
        };
        client.once('close', pass);
        channel.once('close', () => client.removeListener('close', pass));
        resolve(channel);
      });
    } catch (error) {
      // ssh2 throws at once when its socket is gone.
      clearTimeout(timer);
      client.removeListener('close', onClose);
      reject(error instanceof AppError ? error : lost(from, cause));
    }
  });
}

function lost(from: SshServer, cause: Error | null): AppError {
  return new AppError('ssh.closed', 'The connection ended early', `${new JumpLost(serverName(from), cause).message}.`, {
    hint: 'Try again; if it stays so, that server\'s log (journalctl -u ssh) says why.',
  });
}

/** Reason 1 (RFC 4254 §5.1): the server may not forward. Reason 2: it tried; the message says what came of it. */
function explain(error: Error & { reason: number }, from: SshServer, to: SshServer): AppError {
  const jump = hostLabel(from.address, from.port);
  const target = hostLabel(to.address, to.port);
  const said = error.message.replace(/^\(SSH\) Channel open failure: /, '');
  if (error.reason !== 2) {
    return new AppError('ssh.channel-refused', 'The jump host makes no connections', `sshd on ${jump} is set up not to connect to ${target} (${said}).`, {
      hint: 'AllowTcpForwarding and PermitOpen in its sshd_config decide it.', field: 'proxyJump',
    });
  }
  if (/refused/i.test(said)) {
    return new AppError('ssh.refused', 'Nothing answers there', `${jump} reached ${to.address}, which refused the connection on port ${to.port}.`, {
      hint: 'Is an SSH server running on the host, and is the port right?', field: 'port',
    });
  }
  return new AppError('ssh.unreachable', 'The host can\'t be reached', `${jump} found no way to ${target}: ${said}.`, {
    hint: 'The address is looked up and reached from the jump host, not from here.', field: 'address',
  });
}
