import { ConversionLab, patient } from '../matrix/conversion-lab';
import { conversionStacks, type ConversionStack } from '../matrix/conversion-stacks';
import type { BenchContext } from './bench-context';
import { LiveSession } from './live-session';
import { median, spread, times } from './report';
import type { BenchmarkReport, Measurement } from './report';

const turns = 3;
/** So long somebody waits who has converted by hand, before the session counts as lost. */
const patienceMs = 30_000;
const rollbackGoalMs = 2000;

/** The goal for the silence, and how the stack's own tools take the same files by hand. */
const stacks: readonly { stack: ConversionStack; goalMs: number; byHand: string }[] = [
  { stack: 'networkd', goalMs: 500, byHand: 'networkctl reload; networkctl reconfigure enp1s0' },
  { stack: 'netplan', goalMs: 500, byHand: 'netplan apply' },
  { stack: 'netplan-nm', goalMs: 1000, byHand: 'netplan apply' },
  { stack: 'nm', goalMs: 1000, byHand: 'nmcli connection reload && nmcli connection up br0-port-enp1s0' },
  { stack: 'ifupdown', goalMs: 2000, byHand: 'ifdown -i /root/former-interfaces enp1s0; ifup br0' },
];

/** Of one stack, ms. `lost`: how many times the session did not come back. */
interface Silences { trial: number[]; rollback: number[]; complete: number[]; byHand: number[]; lost: number }

/** How long a live session is silent while its own NIC becomes a bridge's port, and while that is taken back. */
export async function measureConversionGap(context: BenchContext): Promise<BenchmarkReport> {
  const measurements: Measurement[] = [];
  const failures: string[] = [];
  for (const { stack, goalMs, byHand } of stacks.filter(({ stack: name }) => !process.env['NETWRIGHT_BENCH_STACK'] || process.env['NETWRIGHT_BENCH_STACK'] === name)) {
    const { title } = conversionStacks[stack];
    context.say(`${title} …`);
    const lab = await ConversionLab.up(`gap-${stack}`, stack, 'leased');
    try {
      const found: Silences = { trial: [], rollback: [], complete: [], byHand: [], lost: 0 };
      for (let turn = 0; turn < turns; turn += 1) {
        await convertAndLetLapse(lab, found);
        await convertByHand(lab, byHand, found);
      }
      measurements.push(...rowsOf(title, found, goalMs));
    } catch (error) {
      // The others have figures even so.
      failures.push(`${title}: ${(error as Error).stack}\n${await whatHappened(lab)}`);
    } finally {
      await lab.down();
    }
  }
  return {
    how: `For each network stack a lab host with a leased address, and an SSH session that says something every 5 ms and hears it back, ${turns} times. Its longest silence while the NIC it comes in by is made the port of a Linux bridge on trial, and while the host goes back by itself since nobody confirms; complete: from the deadline until the journal says REVERTED, by the host's clock. By hand: the same files put into their places, then the stack's own tool (${stacks.map((each) => `${conversionStacks[each.stack].title}: \`${each.byHand}\``).join('; ')}). A session that has not come back after ${patienceMs / 1000} s is lost.`,
    measurements, failures,
  };
}

function rowsOf(title: string, { trial, rollback, complete, byHand, lost }: Silences, goalMs: number): Measurement[] {
  const isLost = lost > byHand.length;
  const baseline = { baseline: isLost || byHand.length === 0 ? `lost ${lost} of ${turns} times` : spread(byHand, 'ms'), ratio: byHand.length === 0 ? '–' : times(median(trial) / median(byHand)) };
  return [
    { what: `${title}: longest silence when a NIC becomes a bridge's port`, ours: spread(trial, 'ms'), ...baseline, goal: `≤ ${goalMs / 1000} s`, met: median(trial) <= goalMs },
    { what: '– when the host goes back by itself', ours: spread(rollback, 'ms'), baseline: '–', ratio: '–', goal: '', met: null },
    { what: '– from the deadline until the old network is back', ours: spread(complete, 'ms'), baseline: '–', ratio: '–', goal: `≤ ${rollbackGoalMs / 1000} s`, met: median(complete) <= rollbackGoalMs },
  ];
}

async function convertAndLetLapse(lab: ConversionLab, found: Silences): Promise<void> {
  const session = await LiveSession.open(lab.host.address);
  try {
    session.begin();
    await lab.service().convert('h', lab.transaction(), { timing: patient, hold: true, dnsName: null });
    if (!await session.answersAgain(patienceMs)) throw new Error('The session did not outlive the conversion.');
    found.trial.push(session.longestSilence());
    session.begin();
    await lab.nearDeadline();
    found.complete.push(await untilBack(lab));
    if (!await session.answersAgain(patienceMs)) throw new Error('The session did not outlive the way back.');
    found.rollback.push(session.longestSilence());
    await lab.untilTidy();
    await lab.untilAsBefore();
  } finally {
    await session.close();
  }
}

/** The engine's journal, and what the host's network services have to say. */
async function whatHappened(lab: ConversionLab): Promise<string> {
  const services = await lab.host.exec('journalctl --no-pager -o short-precise -n 120 -u systemd-networkd -u NetworkManager -u networking -u "netwright-*"; ip address; ip route');
  return `${await lab.journal().catch(() => 'without a journal')}\n${services.stdout}`;
}

/** From the deadline to REVERTED, ms, in hundredths of a second of the host's own uptime. */
async function untilBack(lab: ConversionLab): Promise<number> {
  const hundredths = await lab.host.execOrThrow(`cd /var/lib/netwright/tx/"$(ls /var/lib/netwright/tx | tail -n 1)" && read -r deadline < /run/netwright/\${PWD##*/}/deadline
    until read -r state < state && [ "$state" = REVERTED ]; do sleep 0.01; done; read -r up rest < /proc/uptime; echo $((\${up%.*}\${up#*.} - deadline))`, { timeoutMs: 60_000 });
  return Number(hundredths) * 10;
}

async function convertByHand(lab: ConversionLab, command: string, found: Silences): Promise<void> {
  const session = await LiveSession.open(lab.host.address);
  try {
    await lab.host.exec('cp /etc/network/interfaces /root/former-interfaces');
    for (const { commitPath, content, mode } of lab.transaction().files) {
      if (commitPath !== null) await lab.host.execOrThrow(`mkdir -p "$(dirname '${commitPath}')" && cat > '${commitPath}' && chmod ${mode.toString(8)} '${commitPath}'`, { input: content });
    }
    session.begin();
    await lab.host.exec(command);
    if (await session.answersAgain(patienceMs)) found.byHand.push(session.longestSilence());
    else found.lost += 1;
  } finally {
    await session.close();
    await lab.startAgain();
  }
}
