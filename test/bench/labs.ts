import { createHash } from 'node:crypto';
import { LabService } from '../../electron/services/labs/lab-service';
import { planLabTest } from '../../shared/domain/labs/connectivity/plan-probes';
import { promisesOf } from '../../shared/domain/labs/connectivity/lab-promises';
import type { LabIntent } from '../../shared/domain/intent';
import { readLabFile } from '../../shared/domain/labs/read-lab-file';
import { resolveLab } from '../../shared/domain/labs/resolve-lab';
import { withNetwork } from '../../shared/domain/labs/host-as-if';
import { networksOfLab } from '../../shared/domain/labs/labs-on-host';
import { familyOfKind } from '../../shared/domain/network-families';
import { planToScript } from '../../shared/domain/plan-script';
import { planIntent } from '../../shared/domain/planning/plan-intent';
import type { PlanningContext } from '../../shared/domain/planning/planning-context';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { destroyLab, labDriver } from '../fakes/lab-driver';
import { troubles } from '../fakes/plan-troubles';
import { makeMachine, makeSnapshot } from '../fakes/snapshot-fixture';
import { PlanLab } from '../integration-lab/plan-lab';
import { LabHost } from '../lab/lab';
import type { BenchContext } from './bench-context';
import { median, noBaseline, spread, times } from './report';
import type { BenchmarkReport, Measurement } from './report';

const networkCount = 50;
const roleCount = 200;
const planTurns = 15;
const createTurns = 5;
const goalRatio = 1.5;

const perNetwork = roleCount / networkCount;
const players = Array.from({ length: roleCount }, (_, at) => ({ name: `m${at}`, uuid: `00000000-0000-4000-9000-${String(at).padStart(12, '0')}` }));

/** Fifty networks of four kinds, and on them two hundred roles with addresses of their own, each played by a machine. */
function largeLab(): string {
  const networks = Array.from({ length: networkCount }, (_, at) => {
    const kind = ['nat', 'routed', 'open', 'isolated'][at % 4];
    return `  n${at}:\n    kind: ${kind}\n    ipv4: { address: 10.98.${at}.1/24, dhcp: { ranges: [{ start: 10.98.${at}.100, end: 10.98.${at}.199 }], hosts: [] } }\n`;
  });
  const roles = players.map(({ name }, n) => {
    const at = Math.floor(n / perNetwork);
    return `  r${n}: { machine: ${name}, nics: [{ network: n${at}, address: 10.98.${at}.${10 + n % perNetwork} }] }\n`;
  });
  return `version: 1\nname: large\nnetworks:\n${networks.join('')}machines:\n${roles.join('')}`;
}

/** A host with their machines, shut off and without a NIC. */
function largeHost(): { snapshot: HostSnapshot; machineXmlOf: PlanningContext['machineXmlOf'] } {
  const documents = new Map(players.map(({ name, uuid }) => [uuid, {
    running: null, persistent: `<domain type='kvm'>\n  <name>${name}</name>\n  <uuid>${uuid}</uuid>\n  <memory unit='KiB'>1048576</memory>\n  <os>\n    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>\n  </os>\n  <devices>\n    <disk type='file' device='disk'>\n      <source file='/var/lib/libvirt/images/${name}.qcow2'/>\n      <target dev='vda' bus='virtio'/>\n    </disk>\n  </devices>\n</domain>\n`,
  }]));
  return { snapshot: makeSnapshot({ machines: players.map(({ name, uuid }) => makeMachine(name, 'default', null, { uuid, nics: [] })) }), machineXmlOf: (uuid) => documents.get(uuid) ?? null };
}

/** From the text of a file to the plan that is shown, on a host without it. Milliseconds. */
function timePlanning(text: string, { snapshot, machineXmlOf }: ReturnType<typeof largeHost>): { tookMs: number; intent: LabIntent } {
  const startedAt = performance.now();
  const { file } = readLabFile(text);
  if (!file) throw new Error('The lab file is not read');
  let id = 0;
  const { networks, machines, issues } = resolveLab(file, { snapshot, used: [], newUuid: () => `00000000-0000-4000-8000-${String(id += 1).padStart(12, '0')}` });
  if (issues.some(({ severity }) => severity === 'error')) throw new Error(issues.map(({ message }) => message).join('; '));
  const intent: LabIntent = { kind: 'lab.apply', lab: file.name, networks, machines, routers: [], file: { text, appliedAt: '2026-01-01T00:00:00.000Z' } };
  const plan = planIntent(intent, {
    snapshot, used: [], xmlOf: () => null, machineXmlOf, macsElsewhere: [], entry: null, facts: null, sha256: (said) => createHash('sha256').update(said).digest('hex'),
  });
  if (plan.steps.length < 3 * networkCount + 2 * roleCount) throw new Error(`The plan has ${plan.steps.length} steps only`);
  return { tookMs: performance.now() - startedAt, intent };
}

/** What the connectivity test of the same lab takes before and after its trip. */
function timeTestPlan(intent: LabIntent, bare: HostSnapshot): number {
  if (intent.kind !== 'lab.apply') throw new Error('It is to be applied');
  let host = { snapshot: bare, used: [] as Parameters<typeof withNetwork>[0]['used'] };
  for (const { key, uuid, spec } of intent.networks) {
    const xml = familyOfKind(spec.kind).build(uuid, spec).replace(/<\/name>/, `</name><metadata><netwright:network xmlns:netwright='urn:x-netwright:lab:1' lab='large' key='${key}'/></metadata>`);
    host = withNetwork(host, xml, true);
  }
  const interfaces = host.snapshot.networks.map((network, at) => ({ ...bare.interfaces[0]!, index: 100 + at, name: network.bridge?.name ?? '', kind: 'bridge' as const, addresses: [] }));
  const snapshot = { ...host.snapshot, interfaces: [...bare.interfaces, ...interfaces] };
  const networks = networksOfLab('large', snapshot).map((network) => ({ key: network.lab?.key ?? '', promised: network, running: network }));
  const startedAt = performance.now();
  const { probes } = planLabTest(networks, snapshot, '192.0.2.1');
  const promises = promisesOf(networks, snapshot);
  const tookMs = performance.now() - startedAt;
  if (promises.length < networkCount ** 2 || probes.probes.length !== 2 * networkCount) throw new Error('It is not planned whole');
  return tookMs;
}

const smallLab = `version: 1
name: bench-lab
networks:
  web: { kind: nat, ipv4: { address: 10.97.1.1/24 } }
  shop: { kind: nat, ipv4: { address: 10.97.2.1/24 } }
  dmz: { kind: routed, ipv4: { address: 10.97.3.1/24 } }
  lan: { kind: isolated, ipv4: { address: 10.97.4.1/24 } }
  dark: { kind: isolated, ipv4: none }
`;

/** Created by a plan, and by the very same commands as one script on the host itself, in turn. Milliseconds. */
async function timeCreating(host: LabHost): Promise<{ ours: number[]; bare: number[] }> {
  const plans = new PlanLab(host);
  try {
    const services = await plans.open();
    const driver = labDriver(new LabService(services), services.plans);
    const took = { ours: [] as number[], bare: [] as number[] };
    const destroy = async (): Promise<void> => {
      await services.inventory.refresh('h', 'all');
      const wrong = troubles(await services.apply(destroyLab('bench-lab')));
      if (wrong.length > 0) throw new Error(wrong.join('; '));
    };
    // The first networks of a host have libvirt make its chains.
    for (let turn = -1; turn < createTurns; turn += 1) {
      const intent = await driver.read(smallLab);
      const plan = await services.plans.preview('h', intent);
      const startedAt = performance.now();
      const run = await services.plans.finished((await services.plans.apply('h', intent, plan.digest)).id);
      const ours = performance.now() - startedAt;
      const wrong = troubles(run);
      if (wrong.length > 0) throw new Error(wrong.join('; '));
      await destroy();
      const said = await host.execOrThrow('cat > /tmp/lab.sh; start=$(date +%s%N); sh /tmp/lab.sh >/dev/null; echo $(( ($(date +%s%N) - start) / 1000 ))', { input: planToScript(plan) });
      const bare = Number(said.trim().split('\n').at(-1)) / 1000;
      await destroy();
      if (turn < 0) continue;
      took.ours.push(ours);
      took.bare.push(bare);
    }
    return took;
  } finally {
    await plans.close();
  }
}

/** Planning a large lab, and creating a small one beside the commands alone. */
export async function measureLabs(context: BenchContext): Promise<BenchmarkReport> {
  const text = largeLab();
  const host = largeHost();
  const planning = Array.from({ length: planTurns }, () => timePlanning(text, host));
  // The first ones have the code compiled.
  const planned = planning.slice(3).map(({ tookMs }) => tookMs);
  const tests = Array.from({ length: planTurns }, () => timeTestPlan(planning[0]!.intent, host.snapshot)).slice(3);
  const plain = await LabHost.up('bench-labs');
  try {
    const creating = await timeCreating(plain);
    const crowded = await timeCreating((await context.host()).lab);
    const ratio = ratioOf(creating);
    const measurements: Measurement[] = [
      { what: `planning a lab of ${networkCount} networks and ${roleCount} roles`, ours: spread(planned, 'ms'), ...noBaseline, goal: '≤ 100 ms', met: median(planned) <= 100 },
      { what: '– the first time', ours: spread([planning[0]!.tookMs], 'ms'), ...noBaseline, goal: '', met: null },
      { what: '– its connectivity test: what is promised, and who tries whom', ours: spread(tests, 'ms'), ...noBaseline, goal: '', met: null },
      { what: 'creating a lab of 5 networks, checks and rereads included', ours: spread(creating.ours, 'ms'), baseline: spread(creating.bare, 'ms'), ratio: times(ratio), goal: `≤ ${goalRatio} ×`, met: ratio <= goalRatio },
      { what: '– on a host with 100 networks and 100 machines more', ours: spread(crowded.ours, 'ms'), baseline: spread(crowded.bare, 'ms'), ratio: times(ratioOf(crowded)), goal: '', met: null },
    ];
    return {
      how: `Planning: from the file's text to the plan that is shown, on a host with the machines and without the lab, ${planned.length} times after three. Creating: ${createTurns} times in turn over SSH, from plan.apply to the end of the run with its checks and rereads; the baseline is the script that the app writes of the same plan, started on the host itself.`,
      measurements,
    };
  } finally {
    await plain.down();
  }
}

const ratioOf = ({ ours, bare }: { ours: number[]; bare: number[] }): number => median(ours) / median(bare);
