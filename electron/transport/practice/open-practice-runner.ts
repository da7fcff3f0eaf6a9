import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error';
import type { Command } from '../../../shared/domain/plan';
import { describeCommand, quoteArgv } from '../../../shared/domain/shell-quote';
import type { EventSource, GatherSection } from '../../commands/command';
import type { CommandResult, CommandRunner, EventLine, FollowHandle, RunOptions } from '../command-runner';
import type { TerminalChannel, TerminalRequest } from '../terminal-channel';
import { explainNoConnection, libvirtMissing } from '../process/virsh-shell';
import { refuseUnreachable } from './conversion/reach';
import { answerDns } from './dns-server';
import { followTool } from './event-lines';
import { gatherSection } from './gather-section';
import { listenersOf } from './linux/sockets';
import type { PracticeHost } from './practice-host';
import { isInstalled, runTool } from './run-tool';
import { openPracticeTerminal, type PracticeTerminal } from './terminal/open-practice-terminal';
import { wakesLibvirt } from './system/switch-units';
import { noSocket, virsh } from './virsh/virsh';
import type { ToolResult } from './world';

const defaultTimeoutMs = 30_000;

/** A connection to a practice host, as root. Several may be open at once. Throws `ssh.unreachable` where a rehearsal has it so. */
export function openPracticeRunner(host: PracticeHost): CommandRunner {
  refuseUnreachable(host.state);
  return new PracticeRunner(host);
}

class PracticeRunner implements CommandRunner {
  readonly privilege = 'root' as const;
  private ended = false;
  private readonly endListeners: ((error: Error | null) => void)[] = [];
  /** Called when the connection ends, to reject what still waits. */
  private readonly waiting = new Set<(error: AppError) => void>();
  private readonly endFollowing = new Set<() => void>();
  private readonly terminals = new Set<PracticeTerminal>();
  private readonly stopListening: () => void;

  constructor(private readonly host: PracticeHost) {
    this.stopListening = host.onCut(() => this.end(closedError()));
  }

  async run(command: Command, options: RunOptions = {}): Promise<CommandResult> {
    const result = await this.perform(describeCommand(command), options, () => runTool(this.host, command.argv, command.stdin?.text ?? ''));
    options.onOutput?.(`${result.stdout}${result.stderr}`);
    return result;
  }

  async gather(sections: readonly GatherSection[], options: RunOptions = {}): Promise<ReadonlyMap<string, CommandResult>> {
    const replies = new Map<string, CommandResult>();
    const text = sections.map(({ name }) => `gather ${name}`).join('\n');
    await this.perform(text, options, () => {
      for (const section of sections) replies.set(section.name, { ...gatherSection(this.host, section), durationMs: 0 });
      return { exitCode: 0, stdout: '', stderr: '' };
    });
    return replies;
  }

  async virsh(argvs: readonly (readonly string[])[], options: RunOptions = {}): Promise<CommandResult[]> {
    for (const word of argvs.flat()) {
      // virsh's prompt would take these as keys: completion, line editing.
      if (/\p{Cc}/u.test(word)) throw new AppError('input.invalid', 'Control characters can\'t be sent', `“${JSON.stringify(word)}” holds a control character.`);
    }
    if (!isInstalled(this.host, 'virsh')) throw libvirtMissing();
    if (!wakesLibvirt(this.host)) throw explainNoConnection(noSocket);
    const results: CommandResult[] = [];
    await this.perform(argvs.map((argv) => `virsh ${quoteArgv(argv)}`).join('\n'), options, () => {
      for (const argv of argvs) results.push({ ...virsh(this.host, ['-q', ...argv], ''), durationMs: 0 });
      return { exitCode: 0, stdout: '', stderr: '' };
    });
    return results;
  }

  async follow(sources: readonly EventSource[], onLine: (line: EventLine) => void): Promise<FollowHandle> {
    await this.perform('follow', {}, () => ({ exitCode: 0, stdout: '', stderr: '' }));
    const { host } = this;
    const followed = sources.flatMap((source) => {
      const tool = followTool(host, source.argv);
      return tool ? [{ name: source.name, tool }] : [];
    });
    let open = true;
    const deliver = (source: string, lines: readonly string[]) => {
      // As over a wire: after the command that caused it has gone on its way.
      if (lines.length > 0) setImmediate(() => { for (const text of lines) if (open) onLine({ source, text }); });
    };
    for (const { name, tool } of followed) deliver(name, tool.initial);
    const stop = host.onEvent((event) => {
      for (const { name, tool } of followed) deliver(name, tool.lines(event, host.now()));
    });
    const end = () => {
      open = false;
      stop();
      this.endFollowing.delete(end);
    };
    this.endFollowing.add(end);
    return { close: () => Promise.resolve(end()) };
  }

  async connectTcp(address: string, port: number, options: { timeoutMs?: number } = {}): Promise<Duplex> {
    await this.perform(`connect ${address} ${port}`, { timeoutMs: options.timeoutMs }, () => ({ exitCode: 0, stdout: '', stderr: '' }));
    const listener = listenersOf(this.host.state).find((each) => each.protocol === 'tcp' && each.port === port
      && (each.address.replace(/^\[|\]$/g, '') === address || (each.address === '0.0.0.0' && !address.includes(':'))));
    if (listener?.process !== 'dnsmasq') {
      throw new AppError('ssh.channel-refused', 'The host can\'t connect', `Nothing answers at ${address} port ${port}: connection refused.`);
    }
    const network = this.host.state.networks.find(({ running }) => running?.ips.some((ip) => ip.address === address));
    if (!network) throw new AppError('ssh.channel-refused', 'The host can\'t connect', `Nothing answers at ${address} port ${port}: connection refused.`);
    return answerDns(this.host, network);
  }

  async openTerminal(request: TerminalRequest): Promise<TerminalChannel> {
    await this.perform('terminal', {}, () => ({ exitCode: 0, stdout: '', stderr: '' }));
    const terminal = openPracticeTerminal(this.host, request, (argv, signal) => this.run({ argv: [...argv] }, { signal }));
    this.terminals.add(terminal);
    return terminal;
  }

  ping(): Promise<boolean> {
    return Promise.resolve(!this.ended);
  }

  onClose(listener: (error: Error | null) => void): void {
    this.endListeners.push(listener);
  }

  close(): Promise<void> {
    this.end(null);
    return Promise.resolve();
  }

  /** Does `action` on the host after the latency, unless a fault, the timeout, the signal or the end of the connection is first. */
  private perform(text: string, { timeoutMs = defaultTimeoutMs, signal }: RunOptions, action: () => ToolResult): Promise<CommandResult> {
    if (this.ended) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(cancelledError(text));
    const started = Date.now();
    const fault = this.host.faults.take(text);
    return new Promise((resolve, reject) => {
      const timers: NodeJS.Timeout[] = [];
      const settle = (finish: () => void) => {
        timers.forEach(clearTimeout);
        this.waiting.delete(onEnd);
        signal?.removeEventListener('abort', onAbort);
        finish();
      };
      const onEnd = (error: AppError) => settle(() => reject(error));
      const onAbort = () => settle(() => reject(cancelledError(text)));
      this.waiting.add(onEnd);
      signal?.addEventListener('abort', onAbort, { once: true });
      timers.push(setTimeout(() => settle(() => reject(new AppError('command.timeout', 'The host did not answer in time',
        `The command took longer than ${timeoutMs / 1000} s.`, { command: text }))), timeoutMs));
      if (fault?.kind === 'hang') return;
      const answer = () => {
        if (fault?.kind === 'cut' && fault.when === 'before') return this.host.cutConnections();
        const result = fault?.kind === 'fail' ? { exitCode: fault.exitCode, stdout: '', stderr: fault.stderr } : action();
        this.host.changed();
        if (fault?.kind === 'cut') return this.host.cutConnections();
        settle(() => resolve({ ...result, durationMs: Date.now() - started }));
      };
      if (this.host.latencyMs === 0) setImmediate(() => { if (this.waiting.has(onEnd)) answer(); });
      else timers.push(setTimeout(answer, this.host.latencyMs));
    });
  }

  private end(error: AppError | null): void {
    if (this.ended) return;
    this.ended = true;
    this.stopListening();
    for (const stop of [...this.endFollowing]) stop();
    for (const terminal of this.terminals) terminal.lose(error ?? closedError());
    for (const reject of [...this.waiting]) reject(error ?? closedError());
    for (const listener of this.endListeners) listener(error);
  }
}

function closedError(): AppError {
  return new AppError('ssh.closed', 'The connection is gone', 'The connection to the practice host is closed.');
}

function cancelledError(text: string): AppError {
  return new AppError('cancelled', 'Cancelled', 'The command was cancelled.', { command: text });
}
