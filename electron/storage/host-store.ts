import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { hostProfileSchema, newHostProfile, type AddedConnection, type HostProfile } from '../../shared/domain/host';
import { practiceHostId } from '../../shared/domain/practice-host-id';
import { AppError } from '../../shared/errors/app-error';
import { JsonFile } from './json-file';

const fileSchema = z.object({ version: z.literal(1), hosts: z.array(hostProfileSchema) });

const practiceProfile = newHostProfile(practiceHostId, 'Practice host', { kind: 'practice' });

/** The known hosts in the user's order; the practice host is always there, last. */
export class HostStore {
  private hosts: HostProfile[] = [];
  private lastChange: Promise<void> = Promise.resolve();
  private readonly file: JsonFile<typeof fileSchema>;

  constructor(folder: string) {
    this.file = new JsonFile(join(folder, 'hosts.json'), fileSchema, () => ({ version: 1, hosts: [] }));
  }

  /** Returns the path a broken file was moved to, or null. */
  async load(): Promise<string | null> {
    const { value, setAside } = await this.file.read();
    this.hosts = value.hosts.filter((host) => host.connection.kind !== 'practice');
    return setAside;
  }

  list(): HostProfile[] {
    return [...this.hosts, practiceProfile];
  }

  get(id: string): HostProfile {
    const host = this.list().find((candidate) => candidate.id === id);
    if (!host) throw new AppError('not-found', 'No such host', 'It was removed, perhaps in another window.');
    return host;
  }

  /** The host with this name, compared without case; undefined when there is none. */
  findByName(name: string): HostProfile | undefined {
    return this.list().find((host) => host.name.toLowerCase() === name.toLowerCase());
  }

  async add(name: string, connection: AddedConnection, place: Partial<Pick<HostProfile, 'group' | 'colour'>> = {}): Promise<HostProfile> {
    const profile = parseProfile({ ...newHostProfile(randomUUID(), name, connection), ...place });
    await this.change((hosts) => {
      this.refuseTakenName(profile);
      return [...hosts, profile];
    });
    return profile;
  }

  async update(changed: HostProfile): Promise<HostProfile> {
    const profile = parseProfile(changed);
    if (profile.id === practiceHostId) throw new AppError('input.invalid', 'The practice host stays as it is', 'It can\'t be renamed or pointed elsewhere.');
    await this.change((hosts) => {
      this.get(profile.id);
      this.refuseTakenName(profile);
      return hosts.map((host) => (host.id === profile.id ? profile : host));
    });
    return profile;
  }

  /** Puts the hosts in the order of these ids. One that is not named (it was just added elsewhere) stays, behind them; ids without a host are passed over. */
  async reorder(ids: readonly string[]): Promise<void> {
    const places = new Map(ids.map((id, place) => [id, place]));
    const placeOf = (host: HostProfile): number => places.get(host.id) ?? ids.length;
    await this.change((hosts) => [...hosts].sort((a, b) => placeOf(a) - placeOf(b)));
  }

  async remove(id: string): Promise<void> {
    if (id === practiceHostId) throw new AppError('input.invalid', 'The practice host stays', 'It is part of the app and costs nothing while it is not opened.');
    await this.change((hosts) => hosts.filter((host) => host.id !== id));
  }

  private refuseTakenName(profile: HostProfile): void {
    const other = this.findByName(profile.name);
    if (other && other.id !== profile.id) {
      throw new AppError('input.invalid', 'The name is taken', `There is a host named ${other.name} already.`, { field: 'name', hint: 'Choose another name.' });
    }
  }

  /** One change after the other, each from what the one before it left; the list is the new one once it is on disk. */
  private change(make: (hosts: readonly HostProfile[]) => HostProfile[]): Promise<void> {
    const change = this.lastChange.then(async () => {
      const hosts = make(this.hosts);
      await this.file.write({ version: 1, hosts });
      this.hosts = hosts;
    });
    // A change that failed has told its own caller; the next one starts from the list as it was.
    this.lastChange = change.catch(() => undefined);
    return change;
  }
}

function parseProfile(profile: HostProfile): HostProfile {
  const parsed = hostProfileSchema.safeParse(profile);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('input.invalid', 'The host can\'t be saved', issue?.message ?? 'A field is wrong.', { field: issue?.path.join('.') });
}
