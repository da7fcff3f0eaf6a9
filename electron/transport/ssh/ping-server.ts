import type { Client } from 'ssh2';

/**
 * Whether the server still answers: one global request that every server answers, if only by refusing it (RFC 4254,
 * section 4: to end a port forwarding that there isn't). It needs neither a channel nor a process, so that a server
 * with no channel to spare answers, too. False after `timeoutMs`, or when the connection ends meanwhile.
 */
export function pingServer(client: Client, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), timeoutMs);
    const onClose = (): void => settle(false);
    const settle = (answered: boolean): void => {
      clearTimeout(timer);
      client.off('close', onClose);
      resolve(answered);
    };
    client.once('close', onClose);
    try {
      // ssh2 says the same of a request that was refused and of one that a closing connection left open; but then it has ended.
      client.unforwardIn('localhost', 0, (error) => settle(!/no response/i.test(error?.message ?? '')));
    } catch {
      settle(false); // the socket is gone
    }
  });
}
