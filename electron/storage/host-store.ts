import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { hostProfileSchema, newHostProfile, practiceHostId, type AddedConnection, type HostProfile } from '../../shared/domain/host';
import { AppError } from '../../shared/errors/app-error';
import { JsonFile } from './json-file';

const fileSchema = z.object({ version: z.literal(1), hosts: z.array(hostProfileSchema) });

const practiceProfile = newHostProfile(practiceHostId, 'Practice host', { kind: 'practice' });

/** The known hosts in the user's order; the practice host is always there, last. */
export class HostStore {
  private hosts: HostProfile[] = [];
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

  async add(name: string, connection: AddedConnection): Promise<HostProfile> {
    const profile = parseProfile(newHostProfile(randomUUID(), name, connection));
    this.refuseTakenName(profile);
    await this.save([...this.hosts, profile]);
    return profile;
  }

  async update(changed: HostProfile): Promise<HostProfile> {
    const profile = parseProfile(changed);
    if (profile.id === practiceHostId) throw new AppError('input.invalid', 'The practice host stays as it is', 'It can\'t be renamed or pointed elsewhere.');
    this.get(profile.id);
    this.refuseTakenName(profile);
    await this.save(this.hosts.map((host) => (host.id === profile.id ? profile : host)));
    return profile;
  }

  async remove(id: string): Promise<void> {
    if (id === practiceHostId) throw new AppError('input.invalid', 'The practice host stays', 'It is part of the app and costs nothing while it is not opened.');
    await this.save(this.hosts.filter((host) => host.id !== id));
  }

  private refuseTakenName(profile: HostProfile): void {
    const other = this.findByName(profile.name);
    if (other && other.id !== profile.id) {
      throw new AppError('input.invalid', 'The name is taken', `There is a host named ${other.name} already.`, { field: 'name', hint: 'Choose another name.' });
    }
  }

  private async save(hosts: HostProfile[]): Promise<void> {
    await this.file.write({ version: 1, hosts });
    this.hosts = hosts;
  }
}

function parseProfile(profile: HostProfile): HostProfile {
  const parsed = hostProfileSchema.safeParse(profile);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('input.invalid', 'The host can\'t be saved', issue?.message ?? 'A field is wrong.', { field: issue?.path.join('.') });
}
