import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface DelayProxy {
  port: number;
  close(): void;
}

/**
 * A TCP proxy on 127.0.0.1 that holds every byte back for `oneWayMs` in each direction, in order, as a long line
 * would. Elapsed time divided by twice the delay is then the number of
 * round trips, less what the host itself takes.
 */
export async function startDelayProxy(target: { address: string; port: number }, oneWayMs: number): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const host = connect({ host: target.address, port: target.port, noDelay: true });
    for (const socket of [client, host]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // The other end sees the close; a benchmark has nothing to add to it.
      socket.on('error', () => socket.destroy());
    }
    hold(client, host, oneWayMs);
    hold(host, client, oneWayMs);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function hold(from: Socket, to: Socket, delayMs: number): void {
  from.on('data', (chunk) => { setTimeout(() => { if (to.writable) to.write(chunk); }, delayMs); });
  from.on('end', () => { setTimeout(() => to.end(), delayMs); });
}
