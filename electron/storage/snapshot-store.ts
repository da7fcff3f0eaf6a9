import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hostSnapshotSchema, type HostSnapshot } from '../../shared/domain/snapshot';
import { JsonFile } from './json-file';

/**
 * How each host last looked, so that it can be read while the host is away, and so that subnets it uses are known
 * before it is connected again. One file a host; losing it costs nothing.
 */
export class SnapshotStore {
  private readonly files = new Map<string, ReturnType<typeof SnapshotStore.prototype.openFile>>();
  private readonly writing = new Set<Promise<void>>();

  constructor(private readonly folder: string) {}

  async load(hostId: string): Promise<HostSnapshot | null> {
    return (await this.fileOf(hostId).read()).value;
  }

  async save(snapshot: HostSnapshot): Promise<void> {
    const write = this.fileOf(snapshot.hostId).write(snapshot);
    this.writing.add(write);
    await write.finally(() => this.writing.delete(write));
  }

  /** Resolves when no file is being written any more; whether that went well, whoever saved it learns. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.writing);
  }

  async forget(hostId: string): Promise<void> {
    await this.settled();
    await rm(this.fileOf(hostId).path, { force: true });
  }

  private fileOf(hostId: string) {
    let file = this.files.get(hostId);
    if (!file) this.files.set(hostId, (file = this.openFile(hostId)));
    return file;
  }

  private openFile(hostId: string) {
    // A host named by ssh:// or an alias has characters that no file name may hold.
    const name = /^[\w-]+$/.test(hostId) ? hostId : createHash('sha256').update(hostId).digest('hex');
    return new JsonFile(join(this.folder, 'snapshots', `${name}.json`), hostSnapshotSchema.nullable(), () => null);
  }
}
