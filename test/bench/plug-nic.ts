import type { Intent } from '../../shared/domain/intent';
import { troubles } from '../fakes/plan-troubles';
import { PlanLab } from '../integration-lab/plan-lab';
import type { LabHost } from '../lab/lab';
import type { BenchContext } from './bench-context';
import { median, spread, times } from './report';
import type { BenchmarkReport, Measurement } from './report';

const turns = 5;
const goalMs = 1000;
const guest = 'bench-plugged';
const oursMac = '52:54:00:be:00:01';
const bareMac = '52:54:00:be:00:02';
const bareXml = `<interface type='network'><mac address='${bareMac}'/><source network='default'/><model type='virtio'/></interface>`;

type Services = Awaited<ReturnType<PlanLab['open']>>;

/** Of one way, plugging in and taking out, ms. */
interface Took {
  attach: number[];
  detach: number[];
}

/** A NIC of a guest that runs, plugged in and taken out by a plan and by virsh alone. */
export async function measurePlugNic(context: BenchContext): Promise<BenchmarkReport> {
  const { lab } = await context.host();
  const plans = new PlanLab(lab);
  try {
    await lab.execOrThrow('virsh -q net-start default');
    await lab.startGuest(guest, 'default', 'hotplug');
    await lab.waitForGuestLine(guest, /LAB done/);
    const services = await plans.open();
    const ours: Took = { attach: [], detach: [] };
    const bare: Took = { attach: [], detach: [] };
    for (let turn = 0; turn < turns; turn += 1) {
      for (const verb of ['attach', 'detach'] as const) {
        ours[verb].push(await timePlan(services, verb));
        if (verb === 'attach') await untilPlugged(lab, oursMac, turn);
      }
      for (const verb of ['attach', 'detach'] as const) {
        bare[verb].push(await timeVirsh(lab, verb));
        if (verb === 'attach') await untilPlugged(lab, bareMac, turn);
      }
    }
    const row = (what: string, verb: keyof Took): Measurement => ({
      what, ours: spread(ours[verb], 'ms'), baseline: spread(bare[verb], 'ms'), ratio: times(median(ours[verb]) / median(bare[verb])), goal: '≤ 1 s', met: median(ours[verb]) <= goalMs,
    });
    return {
      how: `On the same host, a NIC of a small guest that runs (TCG), ${turns} times: from plan.apply to the published snapshot that shows it plugged in or gone, over SSH, with all that a plan rereads before its one step. The baseline is \`virsh attach-device\` or \`detach-device\` started on the host itself, until the running XML shows it.`,
      measurements: [row('plugging a NIC in, until the snapshot shows it', 'attach'), row('taking a NIC out, until the snapshot shows it', 'detach')],
    };
  } finally {
    await plans.close();
    await lab.exec(`virsh -q destroy ${guest}; virsh -q undefine ${guest}; virsh -q net-destroy default`);
  }
}

/** The guest has found it and got an address: it lets go of what it knows. */
async function untilPlugged(lab: LabHost, mac: string, turn: number): Promise<void> {
  await lab.execOrThrow(`until [ $(grep -c "LAB plugged ${mac}" /var/log/libvirt/qemu/${guest}.console) -gt ${turn} ]; do sleep 0.1; done`, { timeoutMs: 60_000 });
}

async function timePlan({ inventory, plans }: Services, verb: keyof Took): Promise<number> {
  const machine = () => inventory.get('h')!.snapshot.machines.find(({ name }) => name === guest)!;
  const about = { uuid: machine().uuid, extent: 'running' as const };
  const intent: Intent = verb === 'detach' ? { kind: 'machine.detach', ...about, mac: oursMac } : {
    kind: 'machine.attach', ...about,
    nic: { source: { kind: 'network', network: 'default', portgroup: null }, mac: oursMac, model: 'virtio', linkUp: true, bandwidth: { inbound: null, outbound: null } },
  };
  const { digest } = await plans.preview('h', intent);
  const isSo = (): boolean => machine().nics.some(({ mac }) => mac === oursMac) === (verb === 'attach');
  const shown = new Promise<number>((resolve) => {
    const stop = inventory.onChanged(() => {
      if (!isSo()) return;
      stop();
      resolve(performance.now());
    });
  });
  const startedAt = performance.now();
  const run = await plans.finished((await plans.apply('h', intent, digest)).id);
  const wrong = troubles(run);
  if (wrong.length > 0) throw new Error(`The plan failed: ${wrong.join('; ')}`);
  return (await shown) - startedAt;
}

/** By the host's own clock, so that the way into it is not in the figure. */
async function timeVirsh(lab: LabHost, verb: keyof Took): Promise<number> {
  const wanted = verb === 'attach' ? 'grep -q' : '! grep -q';
  const said = await lab.execOrThrow(`cat > /tmp/plugged.xml; start=$(date +%s%N); virsh -q ${verb}-device ${guest} /tmp/plugged.xml --live
    until virsh dumpxml ${guest} > /tmp/running.xml && ${wanted} ${bareMac} /tmp/running.xml; do sleep 0.02; done; echo $(( ($(date +%s%N) - start) / 1000 ))`, { input: bareXml });
  return Number(said.trim().split('\n').at(-1)) / 1000;
}
