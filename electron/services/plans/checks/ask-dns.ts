import type { Duplex } from 'node:stream';

/**
 * `version.bind CH TXT` over TCP (RFC 1035, 4.2.2: two bytes of length first). dnsmasq answers it by itself, without
 * asking upstream, so it works on a host without internet.
 */
const query = Buffer.from([
  0x4e, 0x57, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, // id “NW”, recursion desired, one question
  7, ...Buffer.from('version'), 4, ...Buffer.from('bind'), 0, 0, 16, 0, 3, // TXT, class CHAOS
]);

/** Length of the whole answer, or null when none came in time. Closes the connection. */
export function askDnsVersion(connection: Duplex, timeoutMs: number): Promise<number | null> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const finish = (answer: number | null): void => {
      clearTimeout(timer);
      connection.removeAllListeners('data');
      connection.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(null), timeoutMs);
    connection.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (isAnswer(received)) finish(received.length - 2);
    });
    // The connection may fail or end at any time, even after the answer: then there is nothing more to learn from it.
    connection.on('error', () => finish(null));
    connection.on('close', () => finish(null));
    connection.write(Buffer.concat([Buffer.from([query.length >> 8, query.length & 0xff]), query]));
  });
}

/** Complete, with our id, and marked as a response; whatever it says, somebody answers. */
function isAnswer(received: Buffer): boolean {
  if (received.length < 14 || received.length < received.readUInt16BE(0) + 2) return false;
  return received[2] === query[0] && received[3] === query[1] && ((received[4] ?? 0) & 0x80) !== 0;
}
