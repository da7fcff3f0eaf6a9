import { AppError } from '../../../shared/errors/app-error';
import type { ErrorCode } from '../../../shared/errors/app-error';
import { describeCommand } from '../../../shared/domain/shell-quote';
import type { Command } from '../../../shared/domain/plan';

interface Reply { exitCode: number | null; stdout: string; stderr: string }

interface Meaning {
  code: ErrorCode;
  title: string;
  /** The first that is found tells; the most exact one comes first. */
  patterns: readonly RegExp[];
  detail: (found: RegExpExecArray) => string;
  hint: string;
}

/**
 * What package managers say when they fail, most telling first. apt-get 2.6 is recorded (test/fixtures/apt-2.6.1); the others
 * speak as in their sources: dnf 4 and 5 (dnf/exceptions.py, libdnf5), zypper 1.14 (Zypper.cc, exit codes of zypper(8)), pacman 6
 * (lib/libalpm/error.c), apk 2.14 (src/database.c, src/commit.c).
 */
const meanings: readonly Meaning[] = [
  {
    code: 'packages.locked', title: 'Another program is installing packages',
    patterns: [
      /Could not get lock \S+ It is held by process (\d+) \(([^)]*)\)/, /System management is locked by the application with pid (\d+)(?: \(([^)]*)\))?/,
      /Unable to acquire the dpkg frontend lock|Could not get lock|unable to lock database|could not lock database|Unable to lock database|Failed to obtain (?:rpm )?transaction lock/i,
    ],
    detail: ([, pid, name]) => (pid ? `${name ? `${name} (process ${pid})` : `Process ${pid}`} holds the lock of the package manager.` : 'It holds the lock of the package manager.'),
    hint: 'Automatic updates do this at boot and once a day: wait some minutes, then try again.',
  },
  {
    code: 'packages.broken', title: 'An earlier installation was cut off', patterns: [/dpkg was interrupted|Unmet dependencies|unmet dependencies|held broken packages/],
    detail: () => 'The package manager refuses to go on before that is mended.', hint: 'On the host: “dpkg --configure -a”, then “apt-get --fix-broken install”.',
  },
  {
    code: 'packages.no-space', title: 'The host\'s disk is full', patterns: [/enough free space|No space left on device|At least \S+ more space needed|not enough free disk space|too full/i],
    detail: () => 'There is no room for the packages.', hint: 'Make room, for example by “apt-get clean” or by removing old kernels.',
  },
  {
    code: 'packages.unreachable', title: 'The package sources can\'t be reached',
    patterns: [/Temporary failure resolving '([^']+)'|Could not (?:resolve|connect to) (?:host: )?'?([^\s']+)|Unable to connect to ([^\s:]+)|Couldn't resolve host name|Failed to download metadata for repo '([^']+)'|failed retrieving file|DNS lookup error|temporary error \(try again later\)/i],
    detail: (found) => `The host could not reach ${found.slice(1).find(Boolean) ?? 'them'}.`, hint: 'Look whether the host has internet access and DNS, or a local mirror.',
  },
  {
    code: 'packages.stale', title: 'The host\'s package lists are out of date', patterns: [/404\s+Not Found|returned error: 404|Unable to fetch some archives/],
    detail: () => 'They name files that the sources no longer have.', hint: 'Update the system first (on Arch: “pacman -Syu”), then try again.',
  },
  {
    code: 'packages.unknown', title: 'The host\'s package sources don\'t have it',
    patterns: [/Unable to locate package (\S+)|Package '?(\S+?)'? has no installation candidate|(?:No match for argument|Unable to find a match): (\S+)|No provider of '(\S+)' found|Package '(\S+)' not found|target not found: (\S+)|(\S+) \(no such package\)/],
    detail: (found) => `${found.slice(1).find(Boolean) ?? 'A package'} is not in the package lists of this host.`,
    hint: 'The lists may be out of date, or a source is not switched on (universe on Ubuntu; a virtualization source such as the NFV SIG on RHEL and its kin).',
  },
];

/** Null: it succeeded. `command.failed` where nothing known was said. */
export function explainPackages(reply: Reply, command: Command): AppError | null {
  if (reply.exitCode === 0) return null;
  const said = `${reply.stderr}\n${reply.stdout}`;
  const more = { command: describeCommand(command), stderr: reply.stderr.trim() === '' ? reply.stdout.slice(-4096) : reply.stderr };
  for (const { code, title, patterns, detail, hint } of meanings) {
    const found = patterns.map((pattern) => pattern.exec(said)).find((match) => match !== null);
    if (found) return new AppError(code, title, detail(found), { ...more, hint });
  }
  const last = said.split('\n').map((line) => line.trim()).filter((line) => /^(E:|Error|ERROR|error:)/.test(line)).at(-1);
  return new AppError('command.failed', 'The packages could not be installed', last ?? `It ended with ${reply.exitCode ?? 'a signal'}.`, more);
}

/** What a step that may fail complained about, in a line; null when it didn't. apt-get update exits 0 with warnings alone. */
export function packageTrouble(reply: Reply): string | null {
  return reply.stderr.split('\n').find((line) => /^(E|W|ERROR|WARNING|Error|error):? ?/.test(line))?.replace(/^\w+:? ?/, '').trim() ?? null;
}

/** Whether a command is one of the package managers'. */
export function isPackageCommand({ argv }: Command): boolean {
  const words = argv[0] === 'env' ? argv.filter((word, at) => at > 0 && !word.includes('=')) : argv;
  return ['apt-get', 'dnf', 'zypper', 'pacman', 'apk'].includes(words[0] ?? '');
}
