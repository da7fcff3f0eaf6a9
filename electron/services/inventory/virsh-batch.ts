import { AppError } from '../../../shared/errors/app-error';
import { explainVirsh } from '../../commands/virsh/explain-virsh';
import { virshArgv } from '../../commands/virsh/connection';
import type { CommandResult, CommandRunner } from '../../transport/command-runner';

/** Reads that go to the persistent virsh together, in one round trip; each result is found by what it was asked for. */
export class VirshBatch<K> {
  private readonly keys: K[] = [];
  private readonly argvs: (readonly string[])[] = [];

  add(key: K, argv: readonly string[]): void {
    this.keys.push(key);
    this.argvs.push(argv);
  }

  get size(): number {
    return this.argvs.length;
  }

  /** Rejects with what the runner rejects with. A virsh that died in between is tried once more: reads harm nothing. */
  async run(runner: CommandRunner): Promise<Map<K, VirshRead>> {
    if (this.argvs.length === 0) return new Map();
    const results = await runner.virsh(this.argvs).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'virsh.gone') return runner.virsh(this.argvs);
      throw error;
    });
    if (results.length !== this.argvs.length) {
      throw new AppError('reply.unreadable', 'The host\'s answer can\'t be read', `virsh answered ${results.length} of ${this.argvs.length} questions.`);
    }
    return new Map(this.keys.map((key, index) => [key, new VirshRead(this.argvs[index]!, results[index]!)]));
  }
}

export class VirshRead {
  /** What the failure means; null when it succeeded. */
  readonly error: AppError | null;

  constructor(argv: readonly string[], private readonly result: CommandResult) {
    this.error = explainVirsh(result, { argv: virshArgv(argv) });
  }

  /** Throws `error`. */
  get stdout(): string {
    if (this.error) throw this.error;
    return this.result.stdout;
  }
}
