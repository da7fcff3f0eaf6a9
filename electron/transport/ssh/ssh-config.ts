import { access } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SshConfigEntry } from '../../../shared/domain/host';
import type { AppError } from '../../../shared/errors/app-error';
import { ConfigFiles } from './ssh-config-files';
import { selectConfigValues } from './ssh-config-values';
import { jumpOfCommand, readSettings } from './ssh-settings';

export interface SshConfigReading {
  path: string;
  /** Every `Host` name without wildcards, resolved, in the order of the file. */
  entries: SshConfigEntry[];
  /** `ssh.config-broken`, when the file could not be read in full; the entries are those that could. */
  problem: AppError | null;
}

export interface SshConfigOptions {
  /** Default `~/.ssh/config`. */
  file?: string;
  homeDirectory?: string;
  /** Is there an ssh(1) that will be asked at connect? Then `Match` is followed whatever it asks. Default: as PATH says. */
  hasSsh?: boolean;
}

/**
 * The hosts of the user's ssh_config(5), for choosing among them: nothing is run. What a connection follows is read anew,
 * by ssh itself where there is one (`resolveRoute`). A missing file is an empty list. What the built-in client does not
 * follow is named in each entry's `unsupported`.
 */
export async function readSshConfig(options: SshConfigOptions = {}): Promise<SshConfigReading> {
  const home = options.homeDirectory ?? os.homedir();
  const file = options.file ?? path.join(home, '.ssh', 'config');
  const files = await ConfigFiles.read(file, home);
  const hasSsh = options.hasSsh ?? await findsSsh();
  const names = new Set(files.directives.filter(({ keyword }) => keyword === 'host').flatMap(({ values }) => values).filter((name) => !/[*?!]/.test(name)));
  const entries = [...names].map((alias): SshConfigEntry => {
    const { values, unknownMatches } = selectConfigValues(files.directives, alias);
    const settings = readSettings(values, alias, home, 'files');
    const jump = settings.proxyJump ?? (settings.proxyCommand === null ? null : jumpOfCommand(settings.proxyCommand));
    return {
      alias, address: settings.address, port: settings.port, user: settings.user, keyPath: values.get('identityfile')?.find((name) => name.toLowerCase() !== 'none') ?? null,
      proxyJump: jump === null || jump.toLowerCase() === 'none' ? null : jump,
      unsupported: [...(hasSsh ? [] : unknownMatches), ...settings.unsupported],
    };
  });
  return { path: file, entries, problem: files.problem };
}

async function findsSsh(): Promise<boolean> {
  const names = process.platform === 'win32' ? ['ssh.exe'] : ['ssh'];
  const places = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '').flatMap((folder) => names.map((name) => path.join(folder, name)));
  const found = await Promise.all(places.map((place) => access(place).then(() => true, () => false)));
  return found.includes(true);
}
