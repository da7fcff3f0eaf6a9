import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describeReach } from '../../shared/domain/describe-reach';
import type { Reach, ReachRow } from '../../shared/domain/reach';
import { PlanLab, troubles } from '../integration-lab/plan-lab';
import type { LabHost} from '../lab/lab';
import { LAN_GATEWAY, WAN_SERVER } from '../lab/lab';
import { runProcess, runProcessOrThrow } from '../lab/run-process';
import type { Direction, ReachCase, Seen } from './reach-cases';

/** One claim of the reach table, and what packets did without and with the LAN knowing the way back. */
export interface ReachObservation {
  direction: Direction;
  claim: Reach;
  seen: Seen;
  /** Null: as claimed. */
  problem: string | null;
}

export interface ReachResult {
  reachCase: ReachCase;
  observations: ReachObservation[];
  /** Null: every claim is what packets do. */
  problem: string | null;
  seconds: number;
}

const guestXml = fileURLToPath(new URL('../lab/guest-xml', import.meta.url));
/** A guest on another network of the host. */
const other = { name: 'other', address: '192.168.122.50' };
const bare = (address: string): string => address.split('/')[0] ?? '';

/** Creates the network, plugs two guests in, asks who reaches whom, compares with what the app claims, and takes it all away. */
export async function runReach(reachCase: ReachCase, host: LabHost): Promise<ReachResult> {
  const startedAt = Date.now();
  const run = new ReachRun(reachCase, host);
  try {
    const observations = await run.observe();
    const wrong = observations.filter(({ problem }) => problem !== null);
    return { reachCase, observations, problem: wrong.length === 0 ? null : wrong.map(({ problem }) => problem).join('\n    '), seconds: (Date.now() - startedAt) / 1000 };
  } catch (error) {
    return { reachCase, observations: [], problem: (error as Error).message, seconds: (Date.now() - startedAt) / 1000 };
  } finally {
    await run.end();
  }
}

class ReachRun {
  private readonly name = 'reach';
  private readonly lab: PlanLab;
  private services: Awaited<ReturnType<PlanLab['open']>> | null = null;
  private uuid: string | null = null;
  private route: string | null = null;

  constructor(private readonly reachCase: ReachCase, private readonly host: LabHost) {
    this.lab = new PlanLab(host);
  }

  async observe(): Promise<ReachObservation[]> {
    const { reachCase, host, name } = this;
    if (reachCase.prepare) await host.execOrThrow(reachCase.prepare.make);
    this.services = await this.lab.open();
    const { drafts, inventory, apply } = this.services;
    const spec = { ...reachCase.change(drafts.propose('h', reachCase.kind).spec), name };
    const uuid = randomUUID();
    const created = await apply({ kind: 'network.create', uuid, spec, start: true });
    this.uuid = uuid;
    const wrong = troubles(created);
    if (wrong.length > 0) throw new Error(`It was not created as planned: ${wrong.join('; ')}`);
    await inventory.refresh('h', 'all');
    const snapshot = inventory.get('h')?.snapshot;
    const network = snapshot?.networks.find((item) => item.uuid === uuid);
    if (!snapshot || !network) throw new Error('The network is not there');
    const claims = describeReach(network, snapshot);
    const hostAddress = network.ips[0]?.address ?? host.address;

    const [firstWords, secondWords] = reachCase.addresses === 'dhcp' ? ['', ''] : [reachCase.addresses.first, reachCase.addresses.second]
      .map((address) => `addr=${address}${reachCase.addresses === 'dhcp' || reachCase.addresses.gateway === null ? '' : ` gw=${reachCase.addresses.gateway}`}`) as [string, string];
    const [firstGroup, secondGroup] = reachCase.portgroups ?? [null, null];
    await this.start('first', name, firstWords, firstGroup);
    const [, plugged = ''] = await host.waitForGuestLine('first', /LAB addr (\S+)/);
    const target = bare(plugged);
    const subnet = network.ips[0] ? `${network.ips[0].address}/${network.ips[0].prefix}` : null;
    const targets = { 'same-network out': target, 'host out': hostAddress, 'other-networks out': other.address, 'lan out': LAN_GATEWAY, 'internet out': WAN_SERVER };
    const pings = [...new Set(Object.values(targets))];
    const rounds: Record<string, boolean>[] = [];
    for (const knowsTheWay of [false, true]) {
      if (knowsTheWay && subnet !== null) await this.teachTheLan(subnet);
      await Promise.all([
        this.start('second', name, `${secondWords} ping=${pings.join(',')}`, secondGroup),
        this.start(other.name, 'default', `addr=${other.address}/24 gw=192.168.122.1 ping=${target}`, null),
      ]);
      const answers = new Map<string, boolean>();
      for (const address of pings) answers.set(address, await this.answerOf('second', address));
      rounds.push({
        ...Object.fromEntries(Object.entries(targets).map(([direction, address]) => [direction, answers.get(address) ?? false])),
        // Two machines on one wire: what one gets is what the other sends.
        'same-network in': answers.get(target) ?? false,
        'host in': (await host.exec(['ping', '-c', '2', '-W', '2', target])).code === 0,
        'other-networks in': await this.answerOf(other.name, target),
        'lan in': (await runProcess(['busybox', 'ping', '-c', '2', '-W', '2', target])).code === 0,
        'internet in': (await runProcess(['ip', 'netns', 'exec', 'lab-wan', 'busybox', 'ping', '-c', '2', '-W', '2', target])).code === 0,
      });
    }
    return claims.flatMap((row) => [this.judge(row, 'out', rounds), this.judge(row, 'in', rounds)]);
  }

  private judge(row: ReachRow, way: 'out' | 'in', rounds: readonly Record<string, boolean>[]): ReachObservation {
    const direction: Direction = `${row.peer} ${way}`;
    const claim = row[way];
    const seen: Seen = [rounds[0]?.[direction] ?? false, rounds[1]?.[direction] ?? false];
    const expected: Seen | undefined = claim === 'partly' ? this.reachCase.partly?.[direction] : [claim === 'yes', claim === 'yes'];
    const words = `${direction}: claimed ${claim}, seen ${seen.map((reached) => (reached ? 'yes' : 'no')).join(' / ')}`;
    const asClaimed = expected !== undefined && expected[0] === seen[0] && expected[1] === seen[1];
    return { direction, claim, seen, problem: asClaimed ? null : words };
  }

  private async start(guest: string, network: string, words: string, portgroup: string | null): Promise<void> {
    const xml = await runProcessOrThrow([guestXml, guest, network, words]);
    const plugged = portgroup === null ? xml : xml.replace(`<source network='${network}'/>`, `<source network='${network}' portgroup='${portgroup}'/>`);
    await this.host.exec(`virsh -q destroy ${guest}; virsh -q undefine ${guest}; rm -f /var/log/libvirt/qemu/${guest}.console`);
    await this.host.execOrThrow(['virsh', '-q', 'define', '/dev/stdin'], { input: plugged });
    await this.host.execOrThrow(['virsh', '-q', 'start', guest]);
  }

  private async answerOf(guest: string, address: string): Promise<boolean> {
    const [, outcome] = await this.host.waitForGuestLine(guest, new RegExp(`LAB ping ${address.replaceAll('.', '\\.')} (\\w+)`));
    return outcome === 'ok';
  }

  /** The LAN's router and the client get the route that a routed network asks for. It must not open what is claimed to be shut. */
  private async teachTheLan(subnet: string): Promise<void> {
    const [address = '', prefix = ''] = subnet.split('/');
    this.route = `${address.split('.').slice(0, 3).join('.')}.0/${prefix}`;
    for (const namespace of ['lab-lan', 'lab-client']) await runProcessOrThrow(['ip', '-n', namespace, 'route', 'add', this.route, 'via', this.host.address]);
  }

  async end(): Promise<void> {
    const { host, lab, services, uuid, route, reachCase } = this;
    if (route !== null) for (const namespace of ['lab-lan', 'lab-client']) await runProcess(['ip', '-n', namespace, 'route', 'del', route]);
    for (const guest of ['first', 'second', other.name]) await host.exec(`virsh -q destroy ${guest}; virsh -q undefine ${guest}`);
    if (services && uuid !== null) {
      await services.inventory.refresh('h', 'all');
      await services.apply({ kind: 'network.delete', uuid });
    }
    await lab.close();
    await host.exec('ovs-vsctl --if-exists del-br ovs-reach');
    if (reachCase.prepare) await host.exec(reachCase.prepare.remove);
  }
}
