import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ChannelRefused } from '../carrier';
import { ChannelBudget } from './channel-budget';

class FakeChannel extends EventEmitter {
  onClose(listener: () => void): void {
    this.once('close', listener);
  }
}

/** A server that allows so many channels at a time. */
class Server {
  open = 0;
  most = 0;
  readonly channels: FakeChannel[] = [];

  constructor(readonly limit: number) {}

  readonly start = async (): Promise<FakeChannel> => {
    await Promise.resolve();
    if (this.open >= this.limit) throw new ChannelRefused('open failed');
    this.open++;
    this.most = Math.max(this.most, this.open);
    const channel = new FakeChannel();
    this.channels.push(channel);
    channel.once('close', () => this.open--);
    return channel;
  };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ChannelBudget', () => {
  it('opens all it is asked for on a server with few channels, one after the other', async () => {
    const server = new Server(2);
    const budget = new ChannelBudget(10);
    let done = 0;
    const work = Array.from({ length: 8 }, async () => {
      const channel = await budget.open(server.start);
      await tick();
      done++;
      channel.emit('close');
    });
    await Promise.all(work);
    expect(done).toBe(8);
    expect(budget.limit).toBe(2);
  });

  it('rejects when the server allows none at all', async () => {
    await expect(new ChannelBudget(10).open(new Server(0).start)).rejects.toThrow('open failed');
  });

  it('does not wait with an optional channel', async () => {
    const server = new Server(1);
    const budget = new ChannelBudget(10);
    await budget.open(server.start);
    await expect(budget.open(server.start, { optional: true })).rejects.toThrow('open failed');
    await expect(budget.open(server.start, { optional: true })).rejects.toThrow('No channel is free');
    expect(budget.canHold).toBe(false);
  });

  it('asks long-lived channels to go, the youngest first, when they would fill the server', async () => {
    const server = new Server(2);
    const budget = new ChannelBudget(10);
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

  it('asks those to go, too, that were registered only after the server had refused others', async () => {
    const server = new Server(2);
    const budget = new ChannelBudget(10);
    const opens = ['follow', 'virsh', 'run'].map(() => budget.open(server.start));
    await Promise.all(opens.slice(0, 2));
    // The refusal of the third is here by now: nobody was there yet to make room.
    await tick();
    expect(budget.limit).toBe(2);
    for (const channel of [...server.channels]) {
      const release = budget.hold(() => {
        release();
        channel.emit('close');
      });
    }
    await opens[2];
    expect(server.most).toBe(2);
    expect(server.open).toBe(2);
  });
});
