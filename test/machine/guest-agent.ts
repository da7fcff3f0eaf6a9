import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessOptions, ProcessResult } from '../lab/run-process';

/** What a program that the agent starts is given, as lab-exec gives it in a container. */
const environment = ['HOME=/root', 'LANG=C.UTF-8', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];

interface ExecStatus {
  'exited': boolean;
  'exitcode'?: number;
  'out-data'?: string;
  'err-data'?: string;
}

/**
 * QEMU's guest agent, over its virtio port's socket: the way into a full machine that needs no network. Reference: "QEMU Guest Agent
 * Protocol Reference" (guest-sync-delimited, guest-exec, guest-exec-status).
 */
export class GuestAgent {
  private socket: Socket | undefined;
  private asked: { id: number; resolve(reply: unknown): void; reject(error: Error): void } | undefined;
  private lastId = 0;
  /** The agent is asked one thing at a time. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly path: string) {}

  /** Resolves when the agent answers; it listens some time before the network is up. Rejects after `timeoutMs`. */
  static async connect(path: string, timeoutMs: number): Promise<GuestAgent> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const agent = new GuestAgent(path);
      try {
        await agent.open();
        await agent.ask('guest-ping', {}, 3000);
        return agent;
      } catch (error) {
        agent.close();
        if (performance.now() > deadline) throw new Error(`The guest agent at ${path} does not answer`, { cause: error });
        await delay(200);
      }
    }
  }

  close(): void {
    this.socket?.destroy();
  }

  /** Runs a program to its end, as runProcess does. One that does not end in time is left alone. */
  async exec(argv: readonly string[], { input, timeoutMs = 120_000 }: ProcessOptions = {}): Promise<ProcessResult> {
    const [path, ...arg] = argv;
    const { pid } = await this.ask('guest-exec', {
      path, arg, 'env': environment, 'capture-output': true, 'input-data': Buffer.from(input ?? '').toString('base64'),
    }, timeoutMs) as { pid: number };
    const deadline = performance.now() + timeoutMs;
    for (let pauseMs = 20; ; pauseMs = Math.min(2 * pauseMs, 200)) {
      const status = await this.ask('guest-exec-status', { pid }, timeoutMs) as ExecStatus;
      if (status.exited) return { code: status.exitcode ?? -1, stdout: decode(status['out-data']), stderr: decode(status['err-data']) };
      if (performance.now() > deadline) throw new Error(`${argv.join(' ')} did not end in ${timeoutMs} ms`);
      await delay(pauseMs);
    }
  }

  private async open(): Promise<void> {
    const socket = createConnection(this.path);
    this.socket = socket;
    socket.on('close', () => this.asked?.reject(new Error('The machine is off')));
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.on('error', () => undefined);
    // What an earlier connection had asked for may still be answered: replies without an id of ours are of no interest.
    createInterface({ input: socket }).on('line', (line) => this.take(line));
  }

  private take(line: string): void {
    let reply: { id?: number; return?: unknown; error?: { desc: string } };
    try {
      reply = JSON.parse(line) as typeof reply;
    } catch {
      return;
    }
    if (this.asked?.id !== reply.id) return;
    if (reply.error) this.asked?.reject(new Error(reply.error.desc));
    else this.asked?.resolve(reply.return);
  }

  private ask(execute: string, args: object, timeoutMs = 120_000): Promise<unknown> {
    const reply = this.last.then(() => this.askNow(execute, args, timeoutMs));
    this.last = reply.catch(() => undefined);
    return reply;
  }

  /** Rejects when no reply comes in time: whoever reboots the machine gets none. */
  private async askNow(execute: string, args: object, timeoutMs: number): Promise<unknown> {
    const { socket } = this;
    if (!socket || socket.destroyed) throw new Error('The machine is off');
    const id = ++this.lastId;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`The guest agent does not answer ${execute}`)), timeoutMs);
        this.asked = { id, resolve, reject };
        socket.write(`${JSON.stringify({ execute, arguments: args, id })}\n`);
      });
    } finally {
      clearTimeout(timer);
      this.asked = undefined;
    }
  }
}

const decode = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString();
