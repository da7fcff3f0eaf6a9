import { join } from 'node:path';
import { settingsSchema, type Settings } from '../../shared/contract/app';
import { defaultSettings } from '../../shared/contract/default-settings';
import { JsonFile } from './json-file';

/** The user's settings; unknown or missing ones take their default, so that a file of another version still loads. */
export class SettingsStore {
  private settings: Settings = defaultSettings;
  private readonly file: JsonFile<ReturnType<typeof settingsSchema.partial>>;

  constructor(folder: string) {
    this.file = new JsonFile(join(folder, 'settings.json'), settingsSchema.partial(), () => ({}));
  }

  /** Returns the path a broken file was moved to, or null. */
  async load(): Promise<string | null> {
    const { value, setAside } = await this.file.read();
    this.settings = { ...defaultSettings, ...value };
    return setAside;
  }

  get(): Settings {
    return this.settings;
  }

  async update(change: Partial<Settings>): Promise<Settings> {
    this.settings = { ...this.settings, ...change };
    await this.file.write(this.settings);
    return this.settings;
  }
}
