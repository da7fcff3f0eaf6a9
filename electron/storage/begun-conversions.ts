import { join } from 'node:path';
import { z } from 'zod';
import { conversionRunSchema } from '../../shared/domain/conversion/conversion-run';
import { JsonFile } from './json-file';

const begunSchema = conversionRunSchema.pick({ hostId: true, keep: true, files: true, before: true }).extend({ id: z.string(), movesTo: conversionRunSchema.shape.movesTo.default(null) });
type BegunConversion = z.infer<typeof begunSchema>;

/** Conversions that this app has begun and whose end the user has not seen: so that the next start can tell it. One a host. */
export class BegunConversions {
  private list: BegunConversion[] = [];
  private readonly file: JsonFile<z.ZodArray<typeof begunSchema>>;

  constructor(folder: string) {
    this.file = new JsonFile(join(folder, 'conversions.json'), z.array(begunSchema), () => []);
  }

  /** Returns the path a broken file was moved to, or null. */
  async load(): Promise<string | null> {
    const { value, setAside } = await this.file.read();
    this.list = value;
    return setAside;
  }

  of(hostId: string): BegunConversion | null {
    return this.list.find((entry) => entry.hostId === hostId) ?? null;
  }

  all(): readonly BegunConversion[] {
    return this.list;
  }

  async add(begun: BegunConversion): Promise<void> {
    this.list = [...this.list.filter(({ hostId }) => hostId !== begun.hostId), begun];
    await this.file.write(this.list);
  }

  async remove(hostId: string): Promise<void> {
    if (this.of(hostId) === null) return;
    this.list = this.list.filter((entry) => entry.hostId !== hostId);
    await this.file.write(this.list);
  }
}
