import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AppError } from '../../shared/errors/app-error';

/** Options of every subcommand. */
export const commonOptions = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  identity: { type: 'string', short: 'i' },
  'known-hosts': { type: 'string' },
  'password-stdin': { type: 'boolean' },
  sudo: { type: 'boolean' },
  pkexec: { type: 'boolean' },
  jump: { type: 'string', short: 'J' },
  client: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** Options of subcommands that change a host. */
export const changeOptions = { plan: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' } } as const satisfies ParseArgsConfig['options'];

export interface CommonOptions {
  json?: boolean;
  identity?: string;
  'known-hosts'?: string;
  'password-stdin'?: boolean;
  sudo?: boolean;
  /** `local` only: polkit asks, once. */
  pkexec?: boolean;
  /** As for `ssh -J`; `none` goes straight there whatever the configuration says. */
  jump?: string;
  /** `builtin` or `system`. */
  client?: string;
}
export interface ChangeOptions {
  plan?: boolean;
  yes?: boolean;
}

/** Options and words of a subcommand. `form`: how it is to be typed. Throws AppError `input.invalid` with a sentence. */
export function parseWords<O extends NonNullable<ParseArgsConfig['options']>>(argv: readonly string[], options: O, least: number, most: number, form: string) {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw wrongWords((error as Error).message.split('. ')[0] + '.', `Use: netwright ${form}. netwright --help lists the options.`);
  }
  const words = parsed.positionals;
  if (words.length < least) throw wrongWords('Something is missing.', `Use: netwright ${form}`);
  if (words.length > most) throw wrongWords(`“${words[most]}” is one word too many.`, `Use: netwright ${form}`);
  return { options: parsed.values, words };
}

export function refuseBoth<O extends ChangeOptions>(options: O): O {
  if (options.plan && options.yes) throw wrongWords('--plan and --yes exclude each other.', '--plan only shows, --yes applies.');
  return options;
}

export function wrongWords(detail: string, hint: string): AppError {
  return new AppError('input.invalid', 'The command line is not understood', detail, { hint });
}
