import type { Client } from 'ssh2';
import { AppError } from '../../../shared/errors/app-error';
import { connectClient, type ClientContext, type ConnectedClient } from './connect-client';
import { cutClient } from './cut-client';
import { cancelled, serverName } from './connection-errors';
import { openJumpSocket } from './jump-socket';
import type { SshRunnerOptions, SshServer } from './ssh-runner-options';

/** A logged-in connection to a host, through however many others. */
export interface RouteConnection extends ConnectedClient {
  /** A further connection to the same host, by the servers on the way that are logged in already. */
  connectAgain(options: SshRunnerOptions): Promise<ConnectedClient>;
}

/** How long a server on the way may take to close what we have ended. */
const farewellMs = 2000;
const usualKeepaliveMs = 15_000;

/**
 * Logs in at each server on the way, each over a connection that the one before makes (direct-tcpip, RFC 4254 §7.2), and
 * then at the host. The servers on the way are left when the host's connection ends.
 * @throws AppError `ssh.*`, `hostkey.*`, `auth.*`, `cancelled`; its detail says at which server
 */
export async function connectRoute(options: SshRunnerOptions): Promise<RouteConnection> {
  const { jumps = [], ...rest } = options;
  const destination = serverName(options);
  const chain: { server: SshServer; client: Client }[] = [];
  const leave = (): void => {
    for (const { client } of [...chain].reverse()) endSoon(client);
  };
  const connectNext = async (server: SshServer, context: ClientContext): Promise<ConnectedClient> => {
    const before = chain.at(-1);
    const socket = before ? await openJumpSocket(before.client, before.server, server) : undefined;
    return connectClient(server, { ...context, socket });
  };
  // Also while a server on the way is still trying to reach the next one.
  rest.signal?.addEventListener('abort', leave);
  try {
    for (const [depth, jump] of jumps.entries()) {
      const server = withKeepalive(jump, depth);
      const { client } = await connectNext(server, { ...rest, onWayTo: destination }).catch((error: unknown) => {
        throw onTheWay(error, destination);
      });
      chain.push({ server, client });
    }
    const { client, password } = await connectNext(withKeepalive(rest, jumps.length), { ...rest, onWayTo: null });
    client.once('close', leave);
    return {
      client, password,
      connectAgain: (more) => connectNext(withKeepalive(more, jumps.length), { ...more, onWayTo: null }),
    };
  } catch (error) {
    leave();
    throw rest.signal?.aborted ? cancelled(`Connecting to ${destination} was cancelled.`) : error;
  } finally {
    rest.signal?.removeEventListener('abort', leave);
  }
}

/** A silent server is noticed first where it stands, not by what lies behind it: so the message names the right one. */
function withKeepalive(server: SshServer, depth: number): SshServer {
  return depth === 0 ? server : { ...server, keepaliveIntervalMs: (server.keepaliveIntervalMs ?? usualKeepaliveMs) + depth * 1000 };
}

/** The form of the host has no field for what a server on the way needs, except the way itself. */
function onTheWay(error: unknown, destination: string): unknown {
  if (!(error instanceof AppError) || error.code === 'cancelled') return error;
  const { code, title, detail, field, ...more } = error.data;
  return new AppError(code, title, `On the way to ${destination}: ${detail}`, { ...more, ...(field === undefined ? {} : { field: 'proxyJump' }) });
}

function endSoon(client: Client): void {
  const cut = setTimeout(() => cutClient(client), farewellMs);
  client.once('close', () => clearTimeout(cut));
  // Nobody listens any more to how it ends.
  client.on('error', () => cutClient(client));
  client.end();
}
