import type { Transaction } from '../../shared/domain/conversion/transaction';
import { AppError } from '../../shared/errors/app-error';
import { waitFor } from '../lab/run-process';
import { patient, quick, type Addressing, type ConversionLab } from './conversion-lab';
import type { LabGoal } from './conversion-goals';
import { fixedMtu, lanPrefix6, type ConversionStack } from './conversion-stacks';

/** One thing that goes wrong, or right, while a NIC is converted. Afterwards nothing may be lost. */
export interface ConversionFault {
  name: string;
  /** Default: `bridge`. */
  goal?: LabGoal;
  /** What is to come of it. */
  expected: string;
  /** The network afterwards: as it was, or the new one for good: the bridge, or the NIC by itself. */
  leaves: 'before' | 'bridge' | 'nic';
  /** Default: all. */
  stacks?: readonly ConversionStack[];
  /** Default: fixed. */
  addressing?: Addressing;
  /** Rejects when it went otherwise. */
  run(lab: ConversionLab): Promise<void>;
}

export const dnsName = 'gw.lan';

/** Up to the moment when the app has reached the host and only the user's word is missing. */
export async function hold(lab: ConversionLab, timing = patient, change: Parameters<ConversionLab['transaction']>[0] = {}): Promise<void> {
  const held = await lab.service().convert('h', lab.transaction(change), { timing, hold: true, dnsName });
  if (held.state !== 'VERIFIED') throw new Error(`It is ${held.state}`);
}

/** Nobody is left to confirm. */
export async function appKilledInTrial(lab: ConversionLab): Promise<void> {
  await hold(lab);
  lab.cutOff = true;
  await lab.nearDeadline();
  await lab.untilState('REVERTED');
  await journalSays(lab, /nobody confirmed in time/);
}

export async function supervisorKilled(lab: ConversionLab, timing = quick): Promise<void> {
  await hold(lab, timing);
  await lab.host.execOrThrow('systemctl kill --signal=KILL "netwright-supervisor-*"');
  await lab.untilState('REVERTED');
  await journalSays(lab, /the supervisor is gone/);
}

export async function powerCutWhileApplying(lab: ConversionLab): Promise<void> {
  const converting = convert(lab, withPause(lab, 'apply', 1), patient).then(() => { throw new Error('It went on'); }, () => undefined);
  await untilPause(lab);
  await lab.host.reboot({ hard: true });
  await converting;
  same(await lab.state(), 'REVERTED');
}

/** The code that something was refused with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'nothing';
}

export function same(found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${String(found)}, and not ${String(expected)}`);
}

export async function journalSays(lab: ConversionLab, words: RegExp): Promise<void> {
  const journal = await lab.journal();
  if (!words.test(journal)) throw new Error(`The journal has nothing of ${words}:\n${journal}`);
}

export const convert = (lab: ConversionLab, change: Parameters<ConversionLab['transaction']>[0] = {}, timing = quick) =>
  lab.service().convert('h', lab.transaction(change), { timing, dnsName });

/** Another file of the same name. */
export const edited = (lab: ConversionLab, edit: (content: string) => string) => ({
  files: lab.transaction().files.map((file) => ({ ...file, content: edit(file.content) })),
});

/** Whether it is switched on, with or without a carrier. */
export const isUp = async (lab: ConversionLab, device: string): Promise<boolean> => /<.*\bUP\b.*>/.test(await lab.host.execOrThrow(['ip', 'link', 'show', 'dev', device]));

/** So many seconds of the host's. */
export const elapse = (lab: ConversionLab, seconds: number): Promise<string> =>
  lab.host.execOrThrow(`read -r up rest < /proc/uptime; until read -r now rest < /proc/uptime && [ "$((\${now%.*} - \${up%.*}))" -ge ${seconds} ]; do sleep 0.2; done`, { timeoutMs: (seconds + 20) * 1000 });

/** The same conversion, with a step that takes until the test has done something; `at`: after so many of its own. */
export function withPause(lab: ConversionLab, phase: 'apply' | 'commit', at: number): Partial<Transaction> {
  const steps = [...lab.transaction()[phase]];
  steps.splice(at, 0, { says: pause, command: 'sleep 50' });
  return { [phase]: steps };
}
const pause = 'Wait for something to happen';
export const untilPause = (lab: ConversionLab): Promise<true> => waitFor('the conversion to wait', 30_000, async () => {
  // Until it is there, the last one is that of the case before, which may have waited, too.
  const hasEnded = ['DONE', 'REVERTED', 'REVERT_FAILED'].includes(await lab.state());
  return (!hasEnded && (await lab.journal().catch(() => '')).includes(pause)) || undefined;
});

/** The supervisor's decision, for a confirmation so many hundredths of a second after the deadline. */
export async function confirmAt(lab: ConversionLab, hundredths: number): Promise<void> {
  await hold(lab);
  await lab.nearDeadline(2);
  await lab.host.execOrThrow(`cd /run/netwright/*/ && token=$(cat /var/lib/netwright/pending/token) && read -r deadline < deadline
    now() { read -r up rest < /proc/uptime; echo "\${up%.*}\${up#*.}"; }
    until [ "$(now)" -ge "$((deadline + ${hundredths}))" ]; do :; done
    echo "$token" > inbox/.confirm && mv inbox/.confirm inbox/confirm || true`, { timeoutMs: 20_000 });
  const state = await lab.untilState('DONE', 'REVERTED');
  const journal = await lab.journal();
  same(/ DONE /.test(journal) && / REVERT/.test(journal), false);
  await lab.untilTidy();
  if (state === 'DONE') {
    same(await lab.network() === lab.before, false);
    await lab.startAgain();
  }
}

/** Runs one, and looks whether anything was lost. Rejects when it went otherwise than expected. */
export async function runConversionFault(fault: ConversionFault, lab: ConversionLab): Promise<void> {
  try {
    await lab.aimAt(fault.goal ?? 'bridge');
    await fault.run(lab);
    lab.cutOff = false;
    if (fault.leaves === 'nic') return;
    await lab.untilReached();
    await lab.untilTidy();
    if (fault.leaves === 'before') await lab.untilAsBefore();
    else {
      const bridged = await lab.host.execOrThrow('ip -o addr show dev br0; cat /sys/class/net/br0/mtu; ip route show default; ls /sys/class/net/br0/brif 2>/dev/null || ovs-vsctl list-ports br0');
      const fixed = fault.addressing === 'leased' ? [] : [` ${lanPrefix6}::${lab.number}/64`, `\n${fixedMtu}\n`];
      for (const part of [` ${lab.host.address}/24`, 'default via 10.77.0.1 dev br0', 'enp1s0', ...fixed]) if (!bridged.includes(part)) throw new Error(`No ${part} in:\n${bridged}`);
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await lab.journal().catch(() => 'without a journal')}`, { cause: error });
  } finally {
    lab.cutOff = false;
  }
}
