import type { HistoryEntry, HistoryRow } from '../../../shared/domain/plan';
import { undoRefusal } from '../../../shared/domain/planning/plan-undo';
import { AppError } from '../../../shared/errors/app-error';
import type { HistoryStore } from '../../storage/history-store';

/** Every plan that ran, with its commands, outputs and times; newest first. Entries are never changed but to say who undid them. */
export class HistoryService {
  private entries: HistoryEntry[] = [];
  private readonly listeners = new Set<(event: { hostId: string }) => void>();

  constructor(private readonly store: HistoryStore) {}

  /** Returns the files that were set aside because they can't be understood. */
  async load(): Promise<string[]> {
    const { entries, setAside } = await this.store.load();
    this.entries = entries.sort(newestFirst);
    return setAside;
  }

  /** Throws `storage.failed`; the entry is kept for this session even then. */
  async append(entry: HistoryEntry): Promise<void> {
    this.entries = [entry, ...this.entries].sort(newestFirst);
    this.announce(entry.hostId);
    await this.store.save(entry);
  }

  list(hostId: string | null): HistoryRow[] {
    return this.entries.filter((entry) => hostId === null || entry.hostId === hostId).map(rowOf);
  }

  /** Throws `not-found`. */
  get(id: string): HistoryEntry {
    const entry = this.entries.find((candidate) => candidate.id === id);
    if (!entry) throw new AppError('not-found', 'No such entry', 'The history holds no entry with this number.');
    return entry;
  }

  /** `by`: id of the entry whose run undid it. */
  async markUndone(id: string, by: string): Promise<void> {
    const marked: HistoryEntry = { ...this.get(id), undoneBy: by };
    this.entries = this.entries.map((entry) => (entry.id === id ? marked : entry));
    this.announce(marked.hostId);
    await this.store.save(marked);
  }

  /** Returns the function that stops listening. */
  onChanged(listener: (event: { hostId: string }) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private announce(hostId: string): void {
    for (const listener of this.listeners) listener({ hostId });
  }
}

function newestFirst(a: HistoryEntry, b: HistoryEntry): number {
  return b.run.startedAt.localeCompare(a.run.startedAt);
}

function rowOf(entry: HistoryEntry): HistoryRow {
  const { run } = entry;
  return {
    id: entry.id,
    hostId: entry.hostId,
    hostName: entry.hostName,
    title: run.plan.title,
    outcome: run.outcome,
    cancelled: run.cancelled,
    startedAt: run.startedAt,
    durationMs: run.endedAt === null ? null : Date.parse(run.endedAt) - Date.parse(run.startedAt),
    stepCount: run.plan.steps.length,
    failedChecks: run.checks.filter((check) => check.state === 'failed').length,
    undoneBy: entry.undoneBy,
    undoes: entry.undoes,
    undoRefusal: undoRefusal(entry),
  };
}
