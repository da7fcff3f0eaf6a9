import type { HostProfile, HostView, SessionState } from '../../../shared/domain/host';
import { AppError, toErrorData, type ErrorCode } from '../../../shared/errors/app-error';
import type { CommandRunner } from '../../transport/command-runner';
import type { ActivityLog } from '../activity/activity-log';
import { recordCommands } from '../activity/record-commands';
import type { InventoryService } from '../inventory/inventory-service';

/** Makes the connection of one profile; asks for host keys and secrets on the way. */
export interface HostOpener {
  open(profile: HostProfile, attempt: OpenAttempt): Promise<CommandRunner>;
}
export interface OpenAttempt {
  signal: AbortSignal;
  /** False while reconnecting: nobody may be there to answer, so only what is already known is used. */
  interactive: boolean;
  onStep(step: 'reaching' | 'host-key' | 'authenticating' | 'reading'): void;
}

export interface SessionDependencies {
  hosts: { get(id: string): HostProfile; list(): HostProfile[] };
  opener: HostOpener;
  inventory: Pick<InventoryService, 'attach' | 'detach'>;
  activity: ActivityLog;
  now?: () => number;
  /** Returns the function that cancels. */
  schedule?: (work: () => void, delayMs: number) => () => void;
}

/** Waits between attempts to reconnect; the last one repeats. */
const backOffMs = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000];

/** Trouble that may pass by itself. All else (keys, passwords, rights) needs the user. */
const passing = new Set<ErrorCode>(['ssh.unreachable', 'ssh.refused', 'ssh.timeout', 'ssh.closed']);

interface Session {
  state: SessionState;
  runner: CommandRunner | null;
  attempt: AbortController | null;
  cancelRetry: (() => void) | null;
  failures: number;
}

/**
 * One session per host, as the rail shows it: disconnected → connecting → connected, with reconnecting by itself after
 * a session that once stood was lost. A first attempt that fails waits for the user instead.
 */
export class SessionService {
  private readonly sessions = new Map<string, Session>();
  private readonly listeners = new Set<(views: HostView[]) => void>();
  private readonly now: () => number;
  private readonly schedule: NonNullable<SessionDependencies['schedule']>;

  constructor(private readonly dependencies: SessionDependencies) {
    this.now = dependencies.now ?? Date.now;
    this.schedule = dependencies.schedule ?? ((work, delayMs) => {
      const timer = setTimeout(work, delayMs);
      return () => clearTimeout(timer);
    });
  }

  views(): HostView[] {
    return this.dependencies.hosts.list().map((profile) => ({ profile, session: this.stateOf(profile.id) }));
  }

  stateOf(hostId: string): SessionState {
    return this.sessions.get(hostId)?.state ?? { phase: 'disconnected' };
  }

  /** Resolves when the session stands, with its first snapshot read. Joins nothing: a second call while connecting returns at once. */
  async connect(hostId: string): Promise<void> {
    const profile = this.dependencies.hosts.get(hostId);
    const session = this.sessionOf(hostId);
    if (session.attempt || session.runner) return;
    session.cancelRetry?.();
    session.failures = 0;
    await this.attempt(profile, session, true);
  }

  /** Tries at once, with the user there to answer questions. */
  retryNow(hostId: string): Promise<void> {
    return this.connect(hostId);
  }

  async disconnect(hostId: string): Promise<void> {
    const session = this.sessions.get(hostId);
    if (!session) return;
    session.cancelRetry?.();
    session.cancelRetry = null;
    session.attempt?.abort();
    session.attempt = null;
    const runner = session.runner;
    session.runner = null;
    this.dependencies.inventory.detach(hostId);
    this.setState(hostId, session, { phase: 'disconnected' });
    await runner?.close();
  }

  /** Ends every session; for the app's own end. */
  async disconnectAll(): Promise<void> {
    await Promise.all([...this.sessions.keys()].map((hostId) => this.disconnect(hostId)));
  }

  /** Tells listeners again, after hosts were added, renamed or removed. */
  announce(): void {
    const views = this.views();
    for (const listener of this.listeners) listener(views);
  }

  onChanged(listener: (views: HostView[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async attempt(profile: HostProfile, session: Session, interactive: boolean): Promise<void> {
    const attempt = new AbortController();
    session.attempt = attempt;
    const setStep = (step: 'reaching' | 'host-key' | 'authenticating' | 'reading'): void => {
      if (session.attempt === attempt) this.setState(profile.id, session, { phase: 'connecting', step });
    };
    setStep('reaching');
    let runner: CommandRunner | null = null;
    try {
      runner = await this.dependencies.opener.open(profile, { signal: attempt.signal, interactive, onStep: setStep });
      if (attempt.signal.aborted) throw new AppError('cancelled', 'Cancelled', 'The connection was given up.');
      const opened = runner;
      let ended: Error | null | undefined;
      opened.onClose((reason) => {
        ended = reason;
        if (session.runner === opened) this.lose(profile, session, reason);
      });
      setStep('reading');
      await this.dependencies.inventory.attach(profile.id, recordCommands(opened, profile.id, this.dependencies.activity));
      if (ended !== undefined) throw ended ?? new AppError('ssh.closed', 'The connection ended', 'It ended while the host was being read.');
      if (attempt.signal.aborted) throw new AppError('cancelled', 'Cancelled', 'The connection was given up.');
      session.runner = opened;
      session.attempt = null;
      session.failures = 0;
      this.setState(profile.id, session, { phase: 'connected', since: new Date(this.now()).toISOString(), privilege: opened.privilege });
      this.note(profile.id, `Connected to ${profile.name}`, 'info');
    } catch (error) {
      await runner?.close();
      // `disconnect` has already said what the state is.
      if (session.attempt !== attempt) return;
      session.attempt = null;
      this.dependencies.inventory.detach(profile.id);
      this.fail(profile, session, error, interactive);
    }
  }

  private fail(profile: HostProfile, session: Session, error: unknown, interactive: boolean): void {
    const data = toErrorData(error);
    if (data.code === 'cancelled') {
      this.setState(profile.id, session, { phase: 'disconnected' });
    } else if (!interactive && passing.has(data.code)) {
      this.retryLater(profile, session, error);
    } else {
      this.note(profile.id, `${data.title}: ${data.detail}`, 'failed');
      this.setState(profile.id, session, { phase: 'failed', error: data });
    }
  }

  private lose(profile: HostProfile, session: Session, reason: Error | null): void {
    session.runner = null;
    this.dependencies.inventory.detach(profile.id);
    this.retryLater(profile, session, reason ?? new AppError('ssh.closed', 'The connection ended', `${profile.name} closed it.`));
  }

  private retryLater(profile: HostProfile, session: Session, error: unknown): void {
    const delayMs = backOffMs[Math.min(session.failures, backOffMs.length - 1)] as number;
    session.failures += 1;
    const data = toErrorData(error);
    this.note(profile.id, `${data.title}; trying again in ${Math.round(delayMs / 1000)} s`, 'failed');
    session.cancelRetry = this.schedule(() => {
      session.cancelRetry = null;
      void this.attempt(profile, session, false);
    }, delayMs);
    this.setState(profile.id, session, {
      phase: 'reconnecting', attempt: session.failures, retryAt: new Date(this.now() + delayMs).toISOString(), error: data,
    });
  }

  private note(hostId: string, text: string, state: 'info' | 'failed'): void {
    this.dependencies.activity.record({ hostId, kind: 'session', argv: [text], state });
  }

  private setState(hostId: string, session: Session, state: SessionState): void {
    session.state = state;
    this.sessions.set(hostId, session);
    this.announce();
  }

  private sessionOf(hostId: string): Session {
    let session = this.sessions.get(hostId);
    if (!session) {
      session = { state: { phase: 'disconnected' }, runner: null, attempt: null, cancelRetry: null, failures: 0 };
      this.sessions.set(hostId, session);
    }
    return session;
  }
}
