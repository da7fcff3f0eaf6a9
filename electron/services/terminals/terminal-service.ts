import type { HostView, SessionState } from '../../../shared/domain/host';
import type { Terminal, TerminalSize, TerminalTarget } from '../../../shared/domain/terminal';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import type { AppErrorData } from '../../../shared/errors/app-error-data';
import type { ActivityLog } from '../activity/activity-log';
import type { SessionService } from '../sessions/session-service';
import { LiveTerminal } from './live-terminal';
import { resolveTarget, type LocalShell, type ResolvedTarget, type TargetSources } from './open-target';

export interface TerminalDependencies extends TargetSources {
  sessions: Pick<SessionService, 'onChanged' | 'stateOf' | 'connect'>;
  activity: Pick<ActivityLog, 'record'>;
  newId(): string;
  /** Default: this computer's clock. */
  now?(): Date;
}

export interface TerminalOutput {
  terminalId: string;
  position: number;
  data: Uint8Array;
}

/**
 * Every terminal of the window. They outlive their processes and their connections: what was printed stays, and
 * `reopen` goes on below it. Nothing of what passes through is logged.
 */
export class TerminalService {
  /** In the order they were opened. */
  private readonly terminals = new Map<string, LiveTerminal>();
  private readonly changeListeners = new Set<(terminals: Terminal[]) => void>();
  private sendOutput: ((output: TerminalOutput) => boolean) | null = null;
  private announcing = false;

  constructor(private readonly dependencies: TerminalDependencies) {
    dependencies.sessions.onChanged((views) => this.followSessions(views));
  }

  list(): Terminal[] {
    return [...this.terminals.values()].map((terminal) => terminal.describe());
  }

  localShells(): Promise<LocalShell[]> {
    return this.dependencies.local.listShells();
  }

  /**
   * Resolves when the process runs; the terminal is in the list before, `opening`. Rejects, leaving no terminal, with
   * what `resolveTarget` throws and what the host or this computer says.
   */
  async open(target: TerminalTarget, size: TerminalSize, typed: string | null): Promise<Terminal> {
    const resolved = await resolveTarget(this.dependencies, target);
    const id = this.dependencies.newId();
    const terminal = new LiveTerminal(id, target, this.freeTitle(resolved.title), size, {
      output: ({ position, data }) => this.sendOutput?.({ terminalId: id, position, data }) ?? false,
      changed: () => this.announce(),
      now: this.dependencies.now ?? (() => new Date()),
    });
    this.terminals.set(id, terminal);
    try {
      await terminal.start(resolved.opener, size, typed);
    } catch (error) {
      this.close(id);
      throw error;
    }
    this.note(resolved);
    return terminal.describe();
  }

  /**
   * A new process for a terminal that ended or was lost; its host is connected to before, where it isn't. Rejects as `open` does and
   * with why the host can't be connected to, the terminal staying lost.
   */
  async reopen(id: string, size: TerminalSize): Promise<void> {
    const terminal = this.find(id);
    if (terminal.isLive || terminal.isWaiting) return;
    if (terminal.target.kind !== 'local' && !(await this.hostIsBack(terminal, terminal.target.hostId))) return;
    const resolved = await resolveTarget(this.dependencies, terminal.target);
    // Two clicks: the first one is on its way.
    if (terminal.isLive) return;
    await terminal.start(resolved.opener, size, null);
    this.note(resolved);
  }

  attach(id: string): { replay: Uint8Array; position: number } {
    const { data, position } = this.find(id).attach();
    return { replay: data, position };
  }

  /** Like the next two it does nothing for a terminal that has just been closed: keys may still be on their way. */
  write(id: string, data: string): void {
    this.terminals.get(id)?.write(data);
  }

  resize(id: string, size: TerminalSize): void {
    this.terminals.get(id)?.resize(size);
  }

  acknowledge(id: string, bytes: number): void {
    this.terminals.get(id)?.acknowledge(bytes);
  }

  rename(id: string, title: string): void {
    this.find(id).title = title;
    this.announce();
  }

  /** Hangs up and forgets the terminal. */
  close(id: string): void {
    const terminal = this.terminals.get(id);
    if (!terminal) return;
    this.terminals.delete(id);
    terminal.close();
    this.announce();
  }

  /** For the app's own end. */
  closeAll(): void {
    for (const id of [...this.terminals.keys()]) this.close(id);
  }

  /** At most once a turn of the event loop. */
  onChanged(listener: (terminals: Terminal[]) => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  /** One listener; it says whether there is a window that will draw this and acknowledge it. */
  onOutput(listener: (output: TerminalOutput) => boolean): void {
    this.sendOutput = listener;
  }

  private find(id: string): LiveTerminal {
    const terminal = this.terminals.get(id);
    if (!terminal) throw new AppError('not-found', 'No such terminal', 'It was closed.');
    return terminal;
  }

  /** False: the terminal was closed meanwhile. Throws why there is no session. */
  private async hostIsBack(terminal: LiveTerminal, hostId: string): Promise<boolean> {
    const { sessions, hosts } = this.dependencies;
    if (sessions.stateOf(hostId).phase === 'connected') return true;
    const settled = this.untilSettled(hostId);
    const connecting = sessions.connect(hostId);
    terminal.waitForHost();
    try {
      await Promise.all([connecting, settled]);
    } catch (error) {
      terminal.lose(toErrorData(error));
      throw error;
    }
    if (!this.terminals.has(terminal.id)) return false;
    const state = sessions.stateOf(hostId);
    if (state.phase === 'connected') return true;
    const error = whyLost(state, hosts.get(hostId).name);
    terminal.lose(error);
    throw AppError.fromData(error);
  }

  /** Resolves when the host's session stands, or nobody tries to have one any more. */
  private untilSettled(hostId: string): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.dependencies.sessions.onChanged(() => {
        const { phase } = this.dependencies.sessions.stateOf(hostId);
        if (phase === 'connecting' || phase === 'reconnecting') return;
        stop();
        resolve();
      });
    });
  }

  private followSessions(views: HostView[]): void {
    const byHost = new Map(views.map((view) => [view.profile.id, view]));
    for (const terminal of [...this.terminals.values()]) {
      if (terminal.target.kind === 'local') continue;
      const view = byHost.get(terminal.target.hostId);
      // The host was removed: there is nothing left to go on with.
      if (!view) this.close(terminal.id);
      else if (terminal.isLive && isGone(view.session)) terminal.lose(whyLost(view.session, view.profile.name));
    }
  }

  /** "attic", then "attic 2". */
  private freeTitle(wanted: string): string {
    const taken = new Set([...this.terminals.values()].map(({ title }) => title));
    let title = wanted;
    for (let number = 2; taken.has(title); number++) title = `${wanted} ${number}`;
    return title;
  }

  private note({ activity }: ResolvedTarget): void {
    if (activity) this.dependencies.activity.record({ hostId: activity.hostId, kind: 'session', argv: [activity.text], state: 'info' });
  }

  private announce(): void {
    if (this.announcing) return;
    this.announcing = true;
    queueMicrotask(() => {
      this.announcing = false;
      const terminals = this.list();
      for (const listener of [...this.changeListeners]) listener(terminals);
    });
  }
}

/** While it is connecting the session may already carry a terminal. */
const isGone = ({ phase }: SessionState): boolean => phase !== 'connected' && phase !== 'connecting';

function whyLost(state: SessionState, hostName: string): AppErrorData {
  if (state.phase === 'reconnecting' || state.phase === 'failed') return state.error;
  return {
    code: 'host.not-connected', title: `${hostName} was disconnected`, detail: 'The terminal ended with the connection. What it showed stays here.',
    hint: 'Connect to the host again, then go on in this terminal.',
  };
}
