import type { Probe, ProbeOutcome, ProbePlan, ProbeResults, ProbeTry, ProbeWait, TcpOutcome, TryOutcome } from '../../../shared/domain/labs/connectivity/probe-plan';
import type { Command } from '../../../shared/domain/plan';
import { describeCommand } from '../../../shared/domain/shell-quote';
import { AppError } from '../../../shared/errors/app-error';
import script from './probe-networks.sh?raw';

/** By which such a script is known among the host's processes. */
export const probeArgv = ['bash', '-s', 'netwright-probe'];
const end = 'NETWRIGHT_PLAN';

/** One run of a plan by bash, as root. Throws AppError `input.invalid` for a plan that can't be written down. */
export function probeNetworksCommand(plan: ProbePlan): Command {
  const lines = [`limit ${plan.limitSeconds}`, `settle ${plan.settleSeconds}`, ...plan.probes.map(probeLine), ...plan.waits.map(waitLine), ...plan.tries.map(tryLine)];
  return { argv: [...probeArgv], stdin: { name: 'connectivity test', text: `${script}\nmain <<'${end}'\n${lines.map((line) => `${line}\n`).join('')}${end}\n` } };
}

function probeLine({ n, kind, device, mtu, wireAddress, addresses, prefix, gateway, tag, options, routes }: Probe): string {
  const ways = routes.map(({ subnet, via }) => word(`${subnet}=${via}`)).join(';');
  return ['probe', n, kind, word(device), mtu, word(wireAddress), addresses.map(word).join(',') || '-', prefix ?? '-', gateway === null ? '-' : word(gateway), tag ?? '-', options.map(word).join(';') || '-', ways || '-'].join(' ');
}

const waitLine = ({ n, from, address, port, seconds }: ProbeWait): string => ['wait', n, from, word(address), port ?? '-', seconds].join(' ');

function tryLine({ n, from, to, ports }: ProbeTry): string {
  return ['try', n, from, 'address' in to ? word(to.address) : `${to.wire ? '~' : '@'}${to.probe}`, ports.join(',')].join(' ');
}

/** Names and addresses come from the host; none that a shell would take for more than a word goes into the script. */
function word(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._,=:/-]*$/.test(text)) return text;
  throw new AppError('input.invalid', 'This can\'t be tested', `“${text}” is no name or address that a test can use.`);
}

const outcomes: readonly TcpOutcome[] = ['open', 'refused', 'unreachable', 'silent'];

/** Strictly: anything that the script doesn't say is not read over. Throws AppError `reply.unreadable`, `command.not-found`, `plan.busy`. */
export function parseProbeResults(stdout: string): ProbeResults {
  const probes = new Map<number, ProbeOutcome>();
  const tries = new Map<number, TryOutcome>();
  const waits = new Map<number, boolean>();
  let removedLeftovers = 0;
  const lines = stdout.split('\n');
  if (lines.pop() !== '') throw unreadable(lines.at(-1) ?? '');
  const [, missing] = /^missing (\S+)$/m.exec(stdout) ?? [];
  if (missing !== undefined) throw new AppError('command.not-found', 'The host lacks a tool for this test', `There is no ${missing} on this host.`, { hint: 'The test takes bash, iproute2, util-linux, coreutils and dnsmasq, which hosts with libvirt networks have.' });
  if (/^busy \d+$/m.test(stdout)) throw new AppError('plan.busy', 'Another test is running', 'A connectivity test runs on this host already. It takes a minute at most, as a rule.');
  if (lines.pop() !== 'done') throw unreadable(stdout);
  for (const line of lines) {
    const [what = '', first = '', second = '', ...rest] = line.split(' ');
    const n = Number(first);
    if (what === 'removed' && /^\d+$/.test(first) && second === '') removedLeftovers += 1;
    else if (what === 'probe' && /^\d+$/.test(first) && !probes.has(n)) probes.set(n, readProbe(second, rest, line));
    else if (what === 'waited' && /^\d+$/.test(first) && (second === 'yes' || second === 'no') && rest.length === 0 && !waits.has(n)) waits.set(n, second === 'yes');
    else if (what === 'tried' && /^\d+$/.test(first) && rest.length === 1 && !tries.has(n)) tries.set(n, { tcp: readTcp(second, line), ping: readPing(rest[0] ?? '', line) });
    else throw unreadable(line);
  }
  return { probes, waits, tries, removedLeftovers };
}

function readProbe(state: string, rest: readonly string[], line: string): ProbeOutcome {
  if (state === 'up' && rest.length === 1 && /^\d+(\.\d+){3}$/.test(rest[0] ?? '')) return { state, address: rest[0] ?? '' };
  if (state === 'taken' && rest.length === 0) return { state };
  if (state === 'failed' || state === 'untagged') return { state, why: rest.join(' ').trim().replace(/\.$/, '') || 'no reason was given' };
  throw unreadable(line);
}

function readTcp(text: string, line: string): Map<number, TcpOutcome> {
  return new Map(text.split(',').map((part) => {
    const [port = '', said = ''] = part.split('=');
    const outcome = outcomes.find((known) => known === said);
    if (!/^\d+$/.test(port) || !outcome) throw unreadable(line);
    return [Number(port), outcome];
  }));
}

function readPing(text: string, line: string): boolean | null {
  if (text === '-') return null;
  if (text !== 'yes' && text !== 'no') throw unreadable(line);
  return text === 'yes';
}

function unreadable(line: string): AppError {
  return new AppError('reply.unreadable', 'The test\'s reply can\'t be read', `It says “${line.slice(0, 200)}”.`);
}

/** What a test that failed as a whole means; null: it ran to its end. */
export function explainProbe(result: { exitCode: number | null; stdout: string; stderr: string }, command: Command): AppError | null {
  const about = { command: describeCommand({ argv: command.argv }), stderr: result.stderr };
  if (result.exitCode === 127) return new AppError('command.not-found', 'The host lacks a tool for this test', 'There is no bash on this host.', about);
  if (result.exitCode === 0) return null;
  return new AppError('command.failed', 'The test was cut off', result.exitCode === null || result.exitCode > 1 ? `Its script ended with ${result.exitCode ?? 'a signal'}.` : 'It took longer than it may, or somebody ended it. What it had made on the host was taken away.', about);
}
