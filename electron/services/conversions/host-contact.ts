import { engineCommand, readTokenCommand, sayCommand, type InboxWord } from '../../commands/conversion/engine-commands';
import { explainArm, explainStage } from '../../commands/conversion/explain-engine';
import { listTransactionsCommand, parseTransactions } from '../../commands/conversion/list-transactions';
import { loginFactsCommand, parseLoginFacts, type LoginFacts } from '../../commands/conversion/login-facts';
import { buildStageCommand, type StageRequest } from '../../commands/conversion/stage-transaction';
import type { HostTransaction } from '../../../shared/domain/conversion/host-transaction';
import { AppError } from '../../../shared/errors/app-error';
import type { CommandRunner } from '../../transport/command-runner';

/** A host that does not answer a read within this is not reached, whatever becomes of the connection. */
const readTimeoutMs = 4_000;
const stageTimeoutMs = 60_000;

/** The engine on a host, over one connection. All reject as CommandRunner does, `ssh.*` when the connection is gone. */
export class HostContact {
  /** `place`: the address it was reached at instead of its profile's; null: at that. */
  constructor(private readonly runner: CommandRunner, readonly place: string | null = null) {}

  async login(): Promise<LoginFacts> {
    const { stdout } = await this.runner.run(loginFactsCommand, { elevate: false, timeoutMs: readTimeoutMs });
    const facts = parseLoginFacts(stdout);
    if (!facts) throw new AppError('reply.unreadable', 'The host can\'t be read', 'It did not say who is logged in.');
    return facts;
  }

  async stage(request: StageRequest): Promise<void> {
    const problem = explainStage(await this.runner.run(buildStageCommand(request), { timeoutMs: stageTimeoutMs }));
    if (problem) throw problem;
  }

  async arm(id: string): Promise<void> {
    const problem = explainArm(await this.runner.run(engineCommand(id, 'arm'), { timeoutMs: stageTimeoutMs }));
    if (problem) throw problem;
  }

  /** A word to the supervisor. @throws AppError `conversion.lost` when it listens no more: the transaction has ended */
  async say(id: string, token: string, said: InboxWord): Promise<void> {
    const reply = await this.runner.run(sayCommand(id, token, said), { elevate: false, timeoutMs: readTimeoutMs });
    if (reply.exitCode !== 0) throw new AppError('conversion.lost', 'The host no longer listens', `It did not take the word “${said.word}”.`, { stderr: reply.stderr });
  }

  /** By root, whoever began it. */
  async revert(id: string): Promise<void> {
    const reply = await this.runner.run(engineCommand(id, 'revert'), { timeoutMs: stageTimeoutMs });
    if (reply.exitCode !== 0) throw new AppError('conversion.revert-failed', 'The host could not go back', 'Its journal says why.', { stderr: reply.stderr });
  }

  /** As root. */
  async readToken(id: string): Promise<string> {
    const { stdout } = await this.runner.run(readTokenCommand(id), { timeoutMs: readTimeoutMs });
    return stdout.trim();
  }

  /** Oldest first. */
  async transactions(): Promise<HostTransaction[]> {
    const { stdout } = await this.runner.run(listTransactionsCommand, { elevate: false, timeoutMs: readTimeoutMs });
    return parseTransactions(stdout);
  }

  async transaction(id: string): Promise<HostTransaction> {
    const found = (await this.transactions()).find((candidate) => candidate.id === id);
    if (!found) throw new AppError('not-found', 'No such transaction', `The host knows of no transaction ${id}.`);
    return found;
  }

  close(): Promise<void> {
    return this.runner.close();
  }
}
