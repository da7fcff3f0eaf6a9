import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors/app-error';
import type { Command } from '../../shared/domain/plan';
import type { Privilege } from '../../shared/domain/snapshot';
import type { EventSource, GatherSection } from '../../electron/commands/command';
import type { CommandResult, CommandRunner, EventLine, FollowHandle } from '../../electron/transport/command-runner';
import type { TerminalChannel } from '../../electron/transport/terminal-channel';

export type Answer = string | Partial<CommandResult> | (() => string | Partial<CommandResult>);

const asResult = (answer: Answer): CommandResult => {
  const value = typeof answer === 'function' ? answer() : answer;
  return { exitCode: 0, stdout: '', stderr: '', durationMs: 1, ...(typeof value === 'string' ? { stdout: value } : value) };
};

/**
 * A host that says what a test wrote down for it. Everything asked is kept in `log`, one entry a round trip; calls can be
 * held back with `hold` to see what happens meanwhile.
 */
export class ScriptedRunner implements CommandRunner {
  privilege: Privilege = 'root';
  /** By the argument vector joined with blanks, without `virsh`. */
  readonly virshAnswers = new Map<string, Answer>();
  /** By section name. */
  readonly sectionAnswers = new Map<string, Answer>();
  readonly runAnswers = new Map<string, Answer>();
  /** What the next calls of a kind reject with. */
  virshError: AppError | null = null;
  gatherError: AppError | null = null;
  followError: AppError | null = null;
  readonly log: { kind: 'virsh' | 'gather' | 'run'; items: string[] }[] = [];
  followed: EventSource[] = [];
  openFollows = 0;

  private readonly closeListeners: ((error: Error | null) => void)[] = [];
  private readonly lineListeners = new Set<(line: EventLine) => void>();
  private gate: Promise<void> | null = null;
  private openGate: () => void = () => undefined;
  private closedBy: AppError | null = null;
  private inFlight = 0;

  /** From now on no call is answered until the returned function is called. */
  hold(): () => void {
    this.gate = new Promise((resolve) => { this.openGate = resolve; });
    const open = this.openGate;
    return () => { this.gate = null; open(); };
  }

  get waiting(): number {
    return this.inFlight;
  }

  emit(source: string, text: string | null): void {
    for (const listener of [...this.lineListeners]) listener({ source, text });
  }

  /** The connection is lost: calls under way and later ones reject. */
  lose(): void {
    this.closedBy = new AppError('ssh.closed', 'The connection was lost', 'The host closed it.');
    this.gate = null;
    this.openGate();
    for (const listener of this.closeListeners.splice(0)) listener(this.closedBy);
  }

  asked(kind: 'virsh' | 'gather' | 'run'): string[][] {
    return this.log.filter((entry) => entry.kind === kind).map((entry) => entry.items);
  }

  async run(command: Command): Promise<CommandResult> {
    const key = command.argv.join(' ');
    return this.answer('run', [key], () => asResult(this.runAnswers.get(key) ?? { exitCode: 127, stderr: `${command.argv[0]}: not found\n` }));
  }

  async gather(sections: readonly GatherSection[]): Promise<ReadonlyMap<string, CommandResult>> {
    const names = sections.map((section) => section.name);
    return this.answer('gather', names, () => {
      if (this.gatherError) throw this.gatherError;
      return new Map(names.map((name) => [name, asResult(this.sectionAnswers.get(name) ?? { exitCode: 127, stderr: 'not found' })]));
    });
  }

  async virsh(argvs: readonly (readonly string[])[]): Promise<CommandResult[]> {
    const lines = argvs.map((argv) => argv.join(' '));
    return this.answer('virsh', lines, () => {
      if (this.virshError) throw this.virshError;
      return lines.map((line) => asResult(this.virshAnswers.get(line) ?? { exitCode: 1, stderr: `error: unknown command: '${line}'\n` }));
    });
  }

  async follow(sources: readonly EventSource[], onLine: (line: EventLine) => void): Promise<FollowHandle> {
    this.refuseWhenClosed();
    if (this.followError) throw this.followError;
    this.followed = [...sources];
    this.lineListeners.add(onLine);
    this.openFollows += 1;
    return { close: async () => { if (this.lineListeners.delete(onLine)) this.openFollows -= 1; } };
  }

  async connectTcp(): Promise<Duplex> {
    throw new AppError('ssh.channel-refused', 'Nothing listens there', 'The scripted host has no ports.');
  }

  async openTerminal(): Promise<TerminalChannel> {
    throw new AppError('ssh.channel-refused', 'No terminal there', 'The scripted host has no shell.');
  }

  async ping(): Promise<boolean> {
    return this.closedBy === null;
  }

  onClose(listener: (error: Error | null) => void): void {
    this.closeListeners.push(listener);
  }

  async close(): Promise<void> {
    for (const listener of this.closeListeners.splice(0)) listener(null);
  }

  private refuseWhenClosed(): void {
    if (this.closedBy) throw this.closedBy;
  }

  /** Answers are made when a call ends, as a slow host would: of what is true then. */
  private async answer<T>(kind: 'virsh' | 'gather' | 'run', items: string[], make: () => T): Promise<T> {
    this.refuseWhenClosed();
    this.log.push({ kind, items });
    this.inFlight += 1;
    try {
      if (this.gate) await this.gate;
      await Promise.resolve();
      this.refuseWhenClosed();
      return make();
    } finally {
      this.inFlight -= 1;
    }
  }
}
