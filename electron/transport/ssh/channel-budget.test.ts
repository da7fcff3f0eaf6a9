import { EventEmitter } from 'node:events';
import type { ClientChannel } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { ChannelBudget } from './channel-budget';

/** A server that allows so many channels at a time. */
class Server {
  open = 0;
  most = 0;
  readonly channels: EventEmitter[] = [];

  constructor(readonly limit: number) {}

  readonly start = async (): Promise<ClientChannel> => {
    await Promise.resolve();
    if (this.open >= this.limit) throw Object.assign(new Error('(SSH) Channel open failure: open failed'), { reason: 2 });
    this.open++;
    this.most = Math.max(this.most, this.open);
    const channel = new EventEmitter();
    this.channels.push(channel);
    channel.once('close', () => this.open--);
    return channel as unknown as ClientChannel;
  };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ChannelBudget', () => {
  it('opens all it is asked for on a server with few channels, one after the other', async () => {
    const server = new Server(2);
    const budget = new ChannelBudget();
    let done = 0;
    const work = Array.from({ length: 8 }, async () => {
      const channel = await budget.open(server.start);
      await tick();
      done++;
      (channel as unknown as EventEmitter).emit('close');
    });
    await Promise.all(work);
    expect(done).toBe(8);
    expect(budget.limit).toBe(2);
  });

  it('rejects when the server allows none at all', async () => {
    await expect(new ChannelBudget().open(new Server(0).start)).rejects.toMatchObject({ reason: 2 });
  });

  it('does not wait with an optional channel', async () => {
    const server = new Server(1);
    const budget = new ChannelBudget();
    await budget.open(server.start);
    await expect(budget.open(server.start, { optional: true })).rejects.toMatchObject({ reason: 2 });
    await expect(budget.open(server.start, { optional: true })).rejects.toMatchObject({ reason: 0 });
    expect(budget.canHold).toBe(false);
  });

  it('asks long-lived channels to go, the youngest first, when they would fill the server', async () => {
    const server = new Server(2);
    const budget = new ChannelBudget();
    const evicted: string[] = [];
    for (const name of ['follow', 'virsh']) {
      await budget.open(server.start);
      const release = budget.hold(() => {
        evicted.push(name);
        release();
        server.channels.at(-1)?.emit('close');
      });
    }
    const third = await budget.open(server.start);
    expect(evicted).toEqual(['virsh']);
    expect(third).toBeDefined();
    expect(server.most).toBe(2);
  });
});
