import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { plainKey, publicKeySchema } from '../../../shared/domain/router/router-spec';
import { AgentKeys, usualAgent } from './agent-keys';

export interface OwnKeySources {
  /** Where `.ssh` is. Default: the user's home directory. */
  homeDirectory?: string;
  /** The agent's socket; null: none. Default: what the environment names. */
  agent?: string | null;
}

/**
 * The public keys by which this computer's user may be let in somewhere: those in `~/.ssh/*.pub`, by name, and where there are none, those
 * that the agent holds. Without certificates, which only their authority makes good for.
 */
export async function readOwnPublicKeys({ homeDirectory = homedir(), agent = usualAgent() }: OwnKeySources = {}): Promise<string[]> {
  const folder = path.join(homeDirectory, '.ssh');
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.pub')).sort();
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8').catch(() => '')));
  const inFiles = usable(texts);
  if (inFiles.length > 0 || agent === null) return inFiles;
  const { keys } = await AgentKeys.load(agent);
  return usable(keys.map((key) => `${key.type} ${key.getPublicSSH().toString('base64')} ${key.comment}`));
}

function usable(lines: readonly string[]): string[] {
  return [...new Set(lines.map((line) => line.trim()).filter((line) => publicKeySchema.safeParse(line).success).map(plainKey))];
}
