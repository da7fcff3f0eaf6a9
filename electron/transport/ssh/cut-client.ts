import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

/**
 * Ends a connection at once. ssh2's own `destroy` does nothing once `end` was said: a server that is gone never answers that, and its socket
 * would stay for as long as TCP tries.
 */
export function cutClient(client: Client): void {
  client.destroy();
  (client as unknown as { _sock?: Duplex })._sock?.destroy();
}
