import { z } from 'zod';
import type { RehearsalFault } from '../../../shared/domain/rehearsal-fault';
import { AppError } from '../../../shared/errors/app-error';
import { JsonFile } from '../../storage/json-file';
import type { CommandRunner } from '../../transport/command-runner';
import type { PracticeHost } from '../../transport/practice/practice-host';

/**
 * The one practice host of this user: made when it is first opened, kept between starts so that what was rehearsed is
 * still there. A state that can't be read is set aside, and a new host takes its place.
 */
export class PracticeSite {
  private readonly file: JsonFile<z.ZodUnknown>;
  private host: Promise<PracticeHost> | null = null;

  constructor(path: string) {
    this.file = new JsonFile(path, z.unknown(), () => null);
  }

  async open(): Promise<CommandRunner> {
    this.host ??= this.load();
    const { openPracticeRunner } = await import('../../transport/practice/open-practice-runner');
    return openPracticeRunner(await this.host);
  }

  /** What goes wrong there just now. */
  async faults(): Promise<RehearsalFault[]> {
    const host = await this.host;
    return (host?.state.rehearsal ?? []).map(({ fault }) => fault);
  }

  /**
   * Makes something go wrong, or puts it right again, whether or not the host can be reached. Resolves with what goes wrong then.
   * @throws AppError `input.invalid` for what can't happen just now
   */
  async fault(fault: RehearsalFault, strikes: boolean): Promise<RehearsalFault[]> {
    this.host ??= this.load();
    const [host, { mend, strike }] = await Promise.all([this.host, import('../../transport/practice/conversion/strike')]);
    const refusal = strikes ? strike(host, fault) : mend(host, fault);
    if (refusal) throw new AppError('input.invalid', 'This can\'t happen now', refusal);
    host.changed();
    return this.faults();
  }

  /** Nothing to do while it was never opened. Machines that wait for a lease get it after the next start. */
  async save(): Promise<void> {
    if (!this.host) return;
    const host = await this.host;
    await this.file.write(host.toJSON());
    host.dispose();
    this.host = null;
  }

  /** Its code is loaded with it: most starts of the app never open it. */
  private async load(): Promise<PracticeHost> {
    const [{ createDefaultPracticeHost }, { PracticeHost }] = await Promise.all([
      import('../../transport/practice/default-host'), import('../../transport/practice/practice-host'),
    ]);
    const { value } = await this.file.read();
    if (value === null || value === undefined) return createDefaultPracticeHost();
    try {
      return PracticeHost.fromJSON(value);
    } catch {
      // Another version's state: rehearsals are worth less than a host that works.
      return createDefaultPracticeHost();
    }
  }
}
