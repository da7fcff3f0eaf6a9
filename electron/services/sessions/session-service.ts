import type { HostProfile, HostView, SessionState } from '../../../shared/domain/host';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import type { AppErrorData } from '../../../shared/errors/app-error-data';
import type { CommandRunner } from '../../transport/command-runner';
import type { ActivityLog } from '../activity/activity-log';
import { recordCommands } from '../activity/record-commands';
import type { InventoryService } from '../inventory/inventory-service';
import { backOffMs } from './back-off';
import { ConnectTurns } from './connect-turns';
import { isWorthRetrying } from './reconnect-rules';

/** Makes the connection of one profile; asks for host keys and secrets on the way. */
export interface HostOpener {
  open(profile: HostProfile, attempt: OpenAttempt): Promise<CommandRunner>;
}
export interface OpenAttempt {
  signal: AbortSignal;
  /** False while reconnecting: nobody may be there to answer, so only what is already known is used. */
  interactive: boolean;
  /** Where the host is reached instead of its profile's address, when it is moving there; its key is still that of the profile's. */
  reachAt?: string;
  /** It stands beside the host's session: what was typed for that is not forgotten when this one ends. */
  beside?: boolean;
  onStep(step: ConnectStep): void;
  /** A kept login password was given to the server: if it is refused, it must not be sent again by itself. */
  onPasswordSent(): void;
}
type ConnectStep = Extract<SessionState, { phase: 'connecting' }>['step'];

export interface SessionDependencies {
  hosts: { get(id: string): HostProfile; list(): HostProfile[] };
  opener: HostOpener;
  inventory: Pick<InventoryService, 'attach' | 'detach'>;
  activity: ActivityLog;
  now?: () => number;
  /** Returns the function that cancels. */
  schedule?: (work: () => void, delayMs: number) => () => void;
  /** From 0 to 1, as Math.random. */
  random?: () => number;
}

/** How long a host may take to show that its connection still stands, after this computer slept or changed networks. */
const pingMs = 4_000;

/**
 * Why a connection is made, and so what happens when it can't be. `asked`: by the user, who reads why not; `start`: the
 * same, as the app starts. `again`: the user is impatient with a lost session: as `asked`, but trouble that may pass is
 * waited out. `background`: nobody is asked anything.
 */
type AttemptKind = 'asked' | 'start' | 'again' | 'background';

interface Attempt {
  kind: AttemptKind;
  controller: AbortController;
  passwordSent: boolean;
}

interface Session {
  state: SessionState;
  runner: CommandRunner | null;
  attempt: Attempt | null;
  cancelRetry: (() => void) | null;
  /** Background attempts that failed since the session was lost. */
  failures: number;
}

/**
 * One session per host, as the rail shows it: disconnected → connecting → connected, with reconnecting by itself after
 * a session that once stood was lost. A first attempt that fails waits for the user instead.
 */
export class SessionService {
  private readonly sessions = new Map<string, Session>();
  private readonly listeners = new Set<(views: HostView[]) => void>();
  private readonly turns = new ConnectTurns();
  private readonly now: () => number;
  private readonly schedule: NonNullable<SessionDependencies['schedule']>;
  private readonly random: () => number;

  constructor(private readonly dependencies: SessionDependencies) {
    this.now = dependencies.now ?? Date.now;
    this.random = dependencies.random ?? Math.random;
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

  /** Throws `not-found` for a host that was removed and `host.disabled` for one that is not to be connected to. */
  refuseUnusable(hostId: string): void {
    const { name, disabled } = this.dependencies.hosts.get(hostId);
    if (disabled) {
      throw new AppError('host.disabled', `${name} is disabled`, 'It is kept, but never connected to.', { hint: 'Enable it in its menu first.' });
    }
  }

  /**
   * Resolves when the session stands, with its first snapshot read, or when it can't be had: the state says which. Joins
   * nothing: a second call while connecting returns at once. Rejects only as `refuseUnusable` throws.
   */
  async connect(hostId: string): Promise<void> {
    this.refuseUnusable(hostId);
    const session = this.sessionOf(hostId);
    if (session.runner || (session.attempt && session.attempt.kind !== 'background')) return;
    const isWanted = this.stopTrying(session);
    session.failures = 0;
    await this.attempt(hostId, session, isWanted ? 'again' : 'asked');
  }

  /** The same for hosts that the app connects to by itself when it starts: those that the user asks for go first. */
  async connectAtStart(hostIds: readonly string[]): Promise<void> {
    await Promise.all(hostIds.map(async (hostId) => {
      const session = this.sessionOf(hostId);
      if (!session.runner && !session.attempt) await this.attempt(hostId, session, 'start');
    }));
  }

  /** Tries at once, with the user there to answer questions. */
  retryNow(hostId: string): Promise<void> {
    return this.connect(hostId);
  }

  async disconnect(hostId: string): Promise<void> {
    const session = this.sessions.get(hostId);
    if (!session) return;
    this.stopTrying(session);
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

  /**
   * This computer woke up, or its network changed. Sessions that no longer answer are made anew at once instead of after
   * 45 s of unanswered keepalives, and hosts that were being waited for are tried now.
   */
  async checkAll(): Promise<void> {
    await Promise.all([...this.sessions].map(([hostId, session]) => this.check(hostId, session)));
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

  private async check(hostId: string, session: Session): Promise<void> {
    const { runner } = session;
    if (!runner) {
      if (session.cancelRetry === null && session.attempt?.kind !== 'background') return;
      this.stopTrying(session);
      session.failures = 0;
      return this.attempt(hostId, session, 'background');
    }
    if (await runner.ping(pingMs) || session.runner !== runner) return;
    session.runner = null;
    this.dependencies.inventory.detach(hostId);
    this.note(hostId, `${this.nameOf(hostId)} no longer answers on the old connection; making a new one`, 'failed');
    // The old one may take its time to end: nobody is at its other end.
    await Promise.all([runner.close(), this.attempt(hostId, session, 'background')]);
  }

  /** Ends a waiting or running attempt; false when there was none. */
  private stopTrying(session: Session): boolean {
    const wasTrying = session.cancelRetry !== null || session.attempt !== null;
    session.cancelRetry?.();
    session.cancelRetry = null;
    session.attempt?.controller.abort();
    session.attempt = null;
    return wasTrying;
  }

  private async attempt(hostId: string, session: Session, kind: AttemptKind): Promise<void> {
    const attempt: Attempt = { kind, controller: new AbortController(), passwordSent: false };
    session.attempt = attempt;
    this.setState(hostId, session, { phase: 'connecting', step: 'reaching' });
    try {
      await this.turns.take(() => this.open(hostId, session, attempt), kind === 'asked' || kind === 'again', attempt.controller.signal);
    } catch (error) {
      // Whoever ended the attempt has already said what the state is.
      if (session.attempt !== attempt) return;
      session.attempt = null;
      this.dependencies.inventory.detach(hostId);
      this.fail(hostId, session, toErrorData(error), attempt);
    }
  }

  private async open(hostId: string, session: Session, attempt: Attempt): Promise<void> {
    const { signal } = attempt.controller;
    const setStep = (step: ConnectStep): void => {
      if (session.attempt === attempt) this.setState(hostId, session, { phase: 'connecting', step });
    };
    const profile = this.dependencies.hosts.get(hostId);
    const runner = await this.dependencies.opener.open(profile, {
      signal, interactive: attempt.kind !== 'background', onStep: setStep, onPasswordSent: () => { attempt.passwordSent = true; },
    });
    try {
      if (signal.aborted) throw new AppError('cancelled', 'Cancelled', 'The connection was given up.');
      let ended: Error | null | undefined;
      runner.onClose((reason) => {
        ended = reason;
        if (session.runner === runner) this.lose(hostId, session, reason);
      });
      setStep('reading');
      await this.dependencies.inventory.attach(hostId, recordCommands(runner, hostId, this.dependencies.activity));
      if (ended !== undefined) throw ended ?? new AppError('ssh.closed', 'The connection ended', 'It ended while the host was being read.');
      if (signal.aborted) throw new AppError('cancelled', 'Cancelled', 'The connection was given up.');
    } catch (error) {
      await runner.close();
      throw error;
    }
    session.runner = runner;
    session.attempt = null;
    session.failures = 0;
    this.setState(hostId, session, { phase: 'connected', since: new Date(this.now()).toISOString(), privilege: runner.privilege });
    this.note(hostId, `Connected to ${profile.name}`, 'info');
  }

  private fail(hostId: string, session: Session, error: AppErrorData, { kind, passwordSent }: Attempt): void {
    const isLostSession = kind === 'again' || kind === 'background';
    const refusals = kind === 'background' ? session.failures : Infinity;
    if (error.code === 'cancelled') {
      this.setState(hostId, session, { phase: 'disconnected' });
    } else if (isLostSession && isWorthRetrying(error, refusals, passwordSent)) {
      this.retryLater(hostId, session, error);
    } else {
      this.note(hostId, `${error.title}: ${error.detail}`, 'failed');
      this.setState(hostId, session, { phase: 'failed', error });
    }
  }

  private lose(hostId: string, session: Session, reason: Error | null): void {
    session.runner = null;
    this.dependencies.inventory.detach(hostId);
    this.retryLater(hostId, session, toErrorData(reason ?? new AppError('ssh.closed', 'The connection ended', `${this.nameOf(hostId)} closed it.`)));
  }

  private retryLater(hostId: string, session: Session, error: AppErrorData): void {
    const delayMs = backOffMs(session.failures, this.random());
    session.failures += 1;
    this.note(hostId, `${error.title}; trying again in ${Math.round(delayMs / 1000)} s`, 'failed');
    session.cancelRetry = this.schedule(() => {
      session.cancelRetry = null;
      void this.attempt(hostId, session, 'background');
    }, delayMs);
    this.setState(hostId, session, {
      phase: 'reconnecting', attempt: session.failures, retryAt: new Date(this.now() + delayMs).toISOString(), error,
    });
  }

  private nameOf(hostId: string): string {
    return this.dependencies.hosts.get(hostId).name;
  }

  private note(hostId: string, text: string, state: 'info' | 'failed'): void {
    this.dependencies.activity.record({ hostId, kind: 'session', argv: [text], state });
  }

  private setState(hostId: string, session: Session, state: SessionState): void {
    session.state = state;
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
