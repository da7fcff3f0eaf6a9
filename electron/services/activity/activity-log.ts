import type { ActivityEntry } from '../../../shared/domain/activity';

/** How many lines a host keeps; older ones are dropped. */
const keptEntries = 2000;
const keptOutputCharacters = 64 * 1024;

type NewEntry = Partial<ActivityEntry> & Pick<ActivityEntry, 'hostId' | 'kind' | 'argv' | 'state'>;
type Listener = (entries: ActivityEntry[]) => void;

/**
 * Every command that ran on every host, for the Activity dock. In memory only: History keeps what changed a host.
 * Listeners get changed lines in batches, at most one batch a turn of the event loop.
 */
export class ActivityLog {
  private nextId = 1;
  private readonly entriesByHost = new Map<string, Map<number, ActivityEntry>>();
  private readonly listeners = new Set<Listener>();
  private changed = new Map<number, ActivityEntry>();
  private flushing = false;

  constructor(private readonly now: () => Date = () => new Date()) {}

  /** Adds a line and returns its id for `finish`. */
  record(entry: NewEntry): number {
    const id = this.nextId++;
    const full: ActivityEntry = {
      at: this.now().toISOString(), stdin: null, exitCode: null, durationMs: null, stdout: '', stderr: '', ...entry, id,
    };
    const entries = this.entriesOf(entry.hostId);
    entries.set(id, full);
    if (entries.size > keptEntries) entries.delete(entries.keys().next().value as number);
    this.announce(full);
    return id;
  }

  /** Completes a running line. Long output is cut with a note that says so. */
  finish(hostId: string, id: number, result: Pick<ActivityEntry, 'state' | 'exitCode' | 'durationMs' | 'stdout' | 'stderr'>): void {
    const entry = this.entriesByHost.get(hostId)?.get(id);
    if (!entry) return;
    const ended = { ...entry, ...result, stdout: cut(result.stdout), stderr: cut(result.stderr) };
    this.entriesOf(hostId).set(id, ended);
    this.announce(ended);
  }

  /** Oldest first. */
  list(hostId: string): ActivityEntry[] {
    return [...(this.entriesByHost.get(hostId)?.values() ?? [])];
  }

  forget(hostId: string): void {
    this.entriesByHost.delete(hostId);
  }

  onAppended(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private entriesOf(hostId: string): Map<number, ActivityEntry> {
    let entries = this.entriesByHost.get(hostId);
    if (!entries) {
      entries = new Map<number, ActivityEntry>();
      this.entriesByHost.set(hostId, entries);
    }
    return entries;
  }

  private announce(entry: ActivityEntry): void {
    this.changed.set(entry.id, entry);
    if (this.flushing) return;
    this.flushing = true;
    setImmediate(() => {
      this.flushing = false;
      const batch = [...this.changed.values()];
      this.changed = new Map();
      for (const listener of this.listeners) listener(batch);
    });
  }
}

function cut(text: string): string {
  if (text.length <= keptOutputCharacters) return text;
  return `${text.slice(0, keptOutputCharacters)}\n… cut here: ${text.length - keptOutputCharacters} more characters`;
}
