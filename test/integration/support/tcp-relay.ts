import net from 'node:net';

/** A TCP relay from a loopback port that can delay, cut, or silently drop what passes through it. */
export class TcpRelay {
  port = 0;
  /**
   * How many times the client has waited for the host: every chunk is counted as an answer to the latest one its sender
   * had got. What both send within one trip counts once, so this doesn't depend on how busy the computer is.
   */
  roundTrips = 0;
  #hostDepth = 0;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #dropping = false;

  private constructor(target: { host: string; port: number }, private readonly delayMs: number) {
    this.#server = net.createServer((client) => {
      const host = net.connect(target);
      client.setNoDelay(true);
      host.setNoDelay(true);
      this.#pass(client, host, true);
      this.#pass(host, client, false);
    });
  }

  /** @param delayMs each way. */
  static async open(port: number, { delayMs = 0, host = '127.0.0.1' }: { delayMs?: number; host?: string } = {}): Promise<TcpRelay> {
    const relay = new TcpRelay({ host, port }, delayMs);
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    const address = relay.#server.address();
    if (!address || typeof address !== 'object') throw new Error('The relay has no port');
    relay.port = address.port;
    return relay;
  }

  /** Both sides see the connection end. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Nothing passes any more, and nobody is told: what a lost network does. */
  drop(): void {
    this.#dropping = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(from: net.Socket, to: net.Socket, fromClient: boolean): void {
    this.#sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      const depth = fromClient ? this.roundTrips : this.#hostDepth + 1;
      const send = (): void => {
        if (this.#dropping || to.destroyed) return;
        if (fromClient) this.#hostDepth = Math.max(this.#hostDepth, depth);
        else this.roundTrips = Math.max(this.roundTrips, depth);
        to.write(chunk);
      };
      if (this.delayMs > 0) setTimeout(send, this.delayMs);
      else send();
    });
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!this.#dropping) to.destroy();
    });
    // Its close follows.
    from.on('error', () => from.destroy());
  }
}
