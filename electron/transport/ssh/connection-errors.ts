import { AppError } from '../../../shared/errors/app-error';

/** What ssh2 and Node hang on their errors: `level` says which part of ssh2 speaks, `code` is errno or a disconnect code. */
interface ConnectionFailure extends Error {
  level?: string;
  code?: string | number;
}

/** How a host is named in sentences: the port only where it isn't 22. */
export function hostLabel(address: string, port: number): string {
  if (port === 22) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A server as a person knows it, and as secrets are kept for it: `ada@bastion`, the port only where it isn't 22. */
export function serverName({ user, address, port }: { user: string; address: string; port: number }): string {
  return `${user}@${hostLabel(address, port)}`;
}

/** A server on the way is gone, and with it every connection that went through it. */
export class JumpLost extends Error {
  constructor(server: string, cause: ConnectionFailure | null) {
    super(`the connection to the jump host ${server} ended: ${reasonOf(cause)}`);
    this.name = 'JumpLost';
  }
}

/**
 * An error of ssh2's client before the login was complete.
 * @param known `trustsOnlyAuthority`: known_hosts has nothing but a @cert-authority line for the host
 */
export function explainConnectError(error: ConnectionFailure, address: string, port: number, known: { trustsOnlyAuthority: boolean } = { trustsOnlyAuthority: false }): AppError {
  const host = hostLabel(address, port);
  if (error instanceof JumpLost) {
    return new AppError('ssh.closed', 'The connection ended early', `${host} is out of reach: ${error.message}.`, {
      hint: 'Try again; if it stays so, the jump host\'s log (journalctl -u ssh) says why.',
    });
  }
  switch (error.code) {
    case 'ECONNREFUSED':
      return new AppError('ssh.refused', 'Nothing answers there', `${address} refused the connection on port ${port}.`, {
        hint: 'Is an SSH server running on the host (sudo systemctl start ssh), and is the port right?', field: 'port',
      });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new AppError('ssh.unreachable', 'The name is not known', `No address was found for “${address}”.`, {
        hint: 'Check the spelling, or use the IP address.', field: 'address',
      });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return new AppError('ssh.unreachable', 'The host can\'t be reached', `There is no way to ${host} from here (${error.code}).`, {
        hint: 'Is the host switched on, and are you in the same network or VPN?', field: 'address',
      });
    case 'ETIMEDOUT':
      return connectTimeout(address, port);
    default:
  }
  if (/no matching/i.test(error.message)) return noCommonAlgorithm(error.message, host, known.trustsOnlyAuthority);
  if (/bad packet length|payload length/i.test(error.message)) {
    return new AppError('ssh.closed', 'The server sent too much at once', `${host} sent a message that is larger than SSH allows (${error.message}).`, {
      hint: 'A very long banner does that (Banner in the server\'s sshd_config): keep it below 32 kB, or connect with the system\'s ssh.',
    });
  }
  if (/before handshake|Invalid identification|ident|greeting|line length/i.test(error.message)) {
    return new AppError('ssh.unreachable', 'That is no SSH server', `${host} took the connection, but did not speak SSH (${error.message}).`, {
      hint: 'Check the port. Some servers also turn away hosts that log in wrongly too often (fail2ban).', field: 'port',
    });
  }
  return new AppError('ssh.closed', 'The connection ended early', `${host} closed the connection: ${error.message}.`, {
    hint: 'Try again; if it stays so, the server\'s log (journalctl -u ssh) says why.',
  });
}

/** @param jump the server that tried; default: this computer */
export function connectTimeout(address: string, port: number, jump?: string): AppError {
  return new AppError('ssh.timeout', 'The host does not answer', `${hostLabel(address, port)} gave ${jump === undefined ? '' : `${jump} `}no answer in time.`, {
    hint: 'Is the host switched on, are address and port right, and does a firewall let SSH through?', field: 'address',
  });
}

function noCommonAlgorithm(message: string, host: string, trustsOnlyAuthority: boolean): AppError {
  if (trustsOnlyAuthority && /host key/i.test(message)) {
    return new AppError('ssh.no-common-algorithm', 'The server shows a certificate only', `${host} proves itself by a host certificate (@cert-authority in known_hosts), which the built-in client can't check. Nothing was sent.`, {
      hint: 'In the host\'s settings, choose to connect with the system\'s ssh.',
    });
  }
  const kinds: [RegExp, string][] = [
    [/key exchange/i, 'key exchange method'], [/host key/i, 'host key type'], [/cipher/i, 'cipher'], [/mac/i, 'MAC'],
    [/compression/i, 'compression method'],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(message))?.[1] ?? 'algorithm';
  return new AppError('ssh.no-common-algorithm', 'The server and Netwright have no algorithm in common', `${host} offers no ${kind} that Netwright can use.`, {
    hint: 'Allow current algorithms in the server\'s sshd_config: curve25519-sha256, aes256-gcm@openssh.com, an ed25519 host key. chacha20-poly1305 alone is not enough.',
  });
}

/** The connection ended after it was open: by the network, the server, or sshd's restart. */
export function connectionLost(host: string, cause: ConnectionFailure | null): AppError {
  return new AppError('ssh.closed', 'The connection is gone', `The connection to ${host} ended: ${reasonOf(cause)}.`, {
    hint: 'Commands that were running may still have been finished by the host.',
  });
}

function reasonOf(cause: ConnectionFailure | null): string {
  if (cause === null) return 'the server closed it';
  return cause.level === 'client-timeout' ? 'the host stopped answering' : cause.message;
}

export function connectionClosed(host: string): AppError {
  return new AppError('ssh.closed', 'The connection is closed', `There is no connection to ${host} any more.`);
}

export function cancelled(what: string): AppError {
  return new AppError('cancelled', 'Cancelled', what);
}
