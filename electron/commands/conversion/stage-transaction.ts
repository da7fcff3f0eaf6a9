import type { Command } from '../../../shared/domain/plan';
import type { Transaction, TransactionStep } from '../../../shared/domain/conversion/transaction';
import { usualTrialSeconds } from '../../../shared/domain/conversion/conversion-run';
import { quoteWord } from '../../../shared/domain/shell-quote';
import { AppError } from '../../../shared/errors/app-error';
import { transactionsFolder } from './engine-commands';
import { engineFiles } from './engine-files';
import type { LoginFacts } from './login-facts';

/** How long everything may take, in seconds. */
export interface ConversionTiming {
  /** From the begin until the host goes back by itself. */
  trialSeconds: number;
  /** So much later the dead man's switch goes off, counted from arming: at least 5 more than `goSeconds`, or it would come first. */
  graceSeconds: number;
  /** How long an armed host waits for the word to begin. */
  goSeconds: number;
  /** How long addresses, routes and the gateway may take to be as before. */
  settleSeconds: number;
  /** How long they may be otherwise during the trial. */
  unwellSeconds: number;
}

export const defaultConversionTiming: ConversionTiming = { trialSeconds: usualTrialSeconds, graceSeconds: 60, goSeconds: 45, settleSeconds: 30, unwellSeconds: 6 };

export interface StageRequest {
  id: string;
  /** 128 bits, hexadecimal. */
  token: string;
  transaction: Transaction;
  login: LoginFacts;
  timing: ConversionTiming;
  /** A name that must resolve afterwards if it does before; null: DNS is not looked at. */
  dnsName: string | null;
  /** Restart the host when the old network can't be restored while it runs: the unit at boot puts its files back. */
  rebootIfLost: boolean;
}

/**
 * One upload, by root: the engine, the transaction and its files, then `engine.sh stage`. All of it is a function that the
 * last line calls, so that half an upload does nothing.
 * @throws AppError `input.invalid` for a transaction that can't be written down
 */
export function buildStageCommand(request: StageRequest): Command {
  const { id, token, transaction } = request;
  refuseUnwritable(transaction);
  refuseTiming(request.timing);
  const writes = [
    ...Object.entries(engineFiles).map(([name, text]) => write(name, text)),
    write('settings', settingsOf(request)),
    write('protects', transaction.protects.map((path) => `${path}\n`).join('')),
    write('files', transaction.files.map(({ name, mode, trialPath, commitPath }) =>
      `${[name, mode.toString(8).padStart(4, '0'), trialPath ?? '-', commitPath ?? '-'].join('\t')}\n`).join('')),
    write('removes', (transaction.removes ?? []).map(({ path, when }) => `${when}\t${path}\n`).join('')),
    ...transaction.wants?.ipv4 ? [write('wanted/ipv4', [...transaction.wants.ipv4].sort().map((address) => `${address}\n`).join(''))] : [],
    ...transaction.wants?.ipv6 ? [write('wanted/ipv6', [...transaction.wants.ipv6].sort().map((address) => `${address}\n`).join(''))] : [],
    ...transaction.wants?.newIpv6 ? [write('wanted/new6', transaction.wants.newIpv6.map((address) => `${address}\n`).join(''))] : [],
    ...transaction.wants?.routes ? [write('wanted/routes', transaction.wants.routes.map((range) => `${range}\n`).join(''))] : [],
    ...transaction.files.map(({ name, content }) => write(`new/${name}`, content)),
    ...(['apply', 'commit', 'revert'] as const).flatMap((phase) => transaction[phase].map((step, index) =>
      write(`${phase}/${String(index + 1).padStart(2, '0')}`, stepText(step)))),
    `umask 077\n${write('token', `${token}\n`)}`,
  ];
  const script = `main() {
dir=${transactionsFolder}/${id}
umask 022
mkdir -p ${transactionsFolder} && mkdir "$dir" || exit 73
(
set -e
cd "$dir"
mkdir -m 700 new apply commit revert wanted
${writes.join('\n')}
)
if [ $? -ne 0 ]; then rm -rf "$dir"; exit 73; fi
exec /bin/sh "$dir/engine.sh" stage </dev/null
}
main
`;
  return { argv: ['/bin/sh', '-s'], stdin: { name: `conversion of ${transaction.nic}`, text: script } };
}

const write = (name: string, text: string): string => `printf '%s' ${quoteWord(text)} >${quoteWord(name)}`;

function settingsOf({ id, transaction, login, timing, dnsName, rebootIfLost }: StageRequest): string {
  const { stack, kind, nic, bridge, goal = 'bridge', wants, undoes = '', leaves = [] } = transaction;
  return Object.entries({
    id, stack, kind, goal, nic, bridge, undoes, gateway: wants?.gateway ?? '', gateway6: wants?.gateway6 ?? '', mtu: wants?.mtu ?? '', leased: wants?.leased ?? '',
    leaves: leaves.join(' '), no_default: (wants?.noDefault ?? []).join(' '),
    user: login.uid, reached: login.reachedAddress ?? '', moves: wants?.reachedAddress ?? '',
    // Name servers that are left out don't have to answer.
    dns_name: leaves.includes('dns') ? '' : dnsName ?? '',
    trial_seconds: timing.trialSeconds, grace_seconds: timing.graceSeconds, go_seconds: timing.goSeconds,
    settle_seconds: timing.settleSeconds, unwell_seconds: timing.unwellSeconds, reboot_if_lost: rebootIfLost ? 'yes' : 'no',
  }).map(([key, value]) => `${key}=${value}\n`).join('');
}

/** The sentence stands above its command, for the review and for an administrator who reads it on the host. */
const stepText = ({ says, command }: TransactionStep): string => `# ${says.replace(/\s+/g, ' ')}\n${command}\n`;

function refuseTiming({ trialSeconds, graceSeconds, goSeconds }: ConversionTiming): void {
  if (trialSeconds <= 600 && graceSeconds >= goSeconds + 5) return;
  throw new AppError('input.invalid', 'The times don\'t fit', 'A trial lasts 600 s at most, and what watches over it must go off after it.');
}

function refuseUnwritable(transaction: Transaction): void {
  const refuse = (what: string): never => { throw new AppError('input.invalid', 'The conversion can\'t be written down', what); };
  for (const name of [transaction.nic, transaction.bridge]) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/.test(name)) refuse(`“${name}” is no name of a network interface.`);
  }
  for (const { name, trialPath, commitPath } of transaction.files) {
    // Profiles of NetworkManager have names such as “Wired connection 1”.
    if (!/^[^/\s.][^/\t\n]*$/.test(name)) refuse(`“${name}” is no name of a file.`);
    for (const path of [trialPath, commitPath]) if (path !== null && !isPlainPath(path)) refuse(`“${path}” is no absolute path.`);
  }
  for (const path of [...transaction.protects, ...(transaction.removes ?? []).map((entry) => entry.path)]) if (!isPlainPath(path)) refuse(`“${path}” is no absolute path.`);
}

/** Absolute, and on one line of a table. */
const isPlainPath = (path: string): boolean => /^(\/[^/\t\n]+)+$/.test(path) && !path.split('/').includes('..');
