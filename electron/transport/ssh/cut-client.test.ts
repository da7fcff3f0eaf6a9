import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { Client } from 'ssh2';
import { cutClient } from './cut-client';

it('ends a connection whose other end never answers the farewell', async () => {
  const server = net.createServer({ allowHalfOpen: true });
  const sockets: net.Socket[] = [];
  server.on('connection', (socket) => { sockets.push(socket.on('error', () => undefined).resume()); });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new Client();
  let closed = false;
  const ended = new Promise<void>((resolve) => { client.on('close', () => { closed = true; resolve(); }); });
  client.on('error', () => undefined);
  client.connect({ host: '127.0.0.1', port: (server.address() as net.AddressInfo).port, username: 'ada', readyTimeout: 0 });
  await once(client, 'connect');
  client.end();
  client.destroy();
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(closed).toBe(false);
  cutClient(client);
  await ended;
  for (const socket of sockets) socket.destroy();
  server.close();
});
