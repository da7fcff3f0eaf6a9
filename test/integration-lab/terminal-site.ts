import { randomUUID } from 'node:crypto';
import { newHostProfile, type HostProfile } from '../../shared/domain/host';
import type { Terminal, TerminalSize, TerminalTarget } from '../../shared/domain/terminal';
import { ActivityLog } from '../../electron/services/activity/activity-log';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { SessionService } from '../../electron/services/sessions/session-service';
import { TerminalService } from '../../electron/services/terminals/terminal-service';
import { listLocalShells, openLocalTerminal } from '../../electron/transport/local/local-shells';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { SshRunnerOptions } from '../../electron/transport/ssh/ssh-runner-options';

// eslint-disable-next-line no-control-regex -- that is what these sequences begin with
const escapeSequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07)/g;

/** One host with a session, and terminals on it, as the app wires them; a window that draws everything at once. */
export class TerminalSite {
  readonly profile: HostProfile;
  readonly activity = new ActivityLog();
  readonly inventory = new InventoryService();
  readonly sessions: SessionService;
  readonly service: TerminalService;
  readonly windows = new Map<string, TerminalWindow>();

  constructor(name: string, options: () => SshRunnerOptions) {
    this.profile = newHostProfile('h', name, { kind: 'practice' });
    const hosts = { get: () => this.profile, list: () => [this.profile] };
    this.sessions = new SessionService({
      hosts, inventory: this.inventory, activity: this.activity,
      opener: { open: (_profile, attempt) => openSshRunner({ ...options(), signal: attempt.signal }) },
    });
    this.service = new TerminalService({
      hosts, sessions: this.sessions, inventory: this.inventory, activity: this.activity, newId: randomUUID,
      local: { listShells: () => listLocalShells(), open: openLocalTerminal },
    });
    this.service.onOutput(({ terminalId, data }) => {
      this.windowOf(terminalId).take(data);
      return true;
    });
  }

  async open(target: TerminalTarget = { kind: 'host', hostId: 'h' }, size: TerminalSize = { columns: 80, rows: 24 }, typed: string | null = null): Promise<TerminalWindow> {
    const { id } = await this.service.open(target, size, typed);
    return this.windowOf(id);
  }

  stateOf(id: string): Terminal['state'] | undefined {
    return this.service.list().find((terminal) => terminal.id === id)?.state;
  }

  async close(): Promise<void> {
    this.service.closeAll();
    await this.sessions.disconnectAll();
  }

  private windowOf(id: string): TerminalWindow {
    let window = this.windows.get(id);
    if (!window) {
      window = new TerminalWindow(id, this.service);
      this.windows.set(id, window);
    }
    return window;
  }
}

/** What one terminal printed, and its keys. Acknowledges in the next turn, as a window that has drawn does. */
export class TerminalWindow {
  text = '';
  receivedBytes = 0;
  isDrawing = true;
  private undrawn = 0;
  private readonly watchers = new Set<() => void>();
  /** Takes bytes in place of `text`, where there are too many to keep. */
  sink: ((data: Uint8Array) => void) | null = null;

  constructor(readonly id: string, private readonly service: TerminalService) {}

  take(data: Uint8Array): void {
    this.receivedBytes += data.length;
    if (this.sink) this.sink(data);
    else this.text += Buffer.from(data).toString('latin1');
    this.undrawn += data.length;
    setImmediate(() => { if (this.isDrawing) this.drawAll(); });
    for (const watch of [...this.watchers]) watch();
  }

  /** Goes on drawing after `isDrawing` was false. */
  drawAll(): void {
    this.isDrawing = true;
    const bytes = this.undrawn;
    this.undrawn = 0;
    if (bytes > 0) this.service.acknowledge(this.id, bytes);
  }

  type(keys: string): void {
    this.service.write(this.id, keys);
  }

  /** Resolves as soon as the condition holds, looked at after each output. */
  until(what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        this.watchers.delete(watch);
        settle();
      };
      const watch = (): void => { if (condition()) done(resolve); };
      const timer = setTimeout(() => done(() => reject(new Error(`Waited ${timeoutMs} ms in vain for ${what}. The terminal shows:\n${this.text.slice(-2000)}`))), timeoutMs);
      this.watchers.add(watch);
    });
  }

  /** Waits for output that matches, from `from` characters on. */
  untilText(pattern: RegExp, from = 0): Promise<void> {
    return this.until(String(pattern), () => pattern.test(this.text.slice(from)));
  }

  /** Runs a line and gives what came: its echo, what it printed, the next prompt, without escape sequences and carriage returns. */
  async run(line: string): Promise<string> {
    const from = this.text.length;
    const mark = Math.random().toString(36).slice(2);
    this.type(`${line}; echo "<${mark.slice(0, 3)}""${mark.slice(3)}>"\r`);
    await this.untilText(new RegExp(`<${mark}>`), from);
    return this.text.slice(from).replace(escapeSequence, '').replaceAll('\r', '');
  }
}
