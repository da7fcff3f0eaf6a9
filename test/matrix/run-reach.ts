import { randomUUID } from 'node:crypto';
import { describeReach } from '../../shared/domain/describe-reach';
import type { Network } from '../../shared/domain/network';
import type { Reach, ReachRow } from '../../shared/domain/reach';
import { networkOf } from '../../shared/domain/subnet';
import { troubles } from '../fakes/plan-troubles';
import { PlanLab } from '../integration-lab/plan-lab';
import type { LabHost } from '../lab/lab';
import { LAN_GATEWAY, LAN_SUBNET, WAN_SERVER } from '../lab/lab';
import { runProcess, runProcessOrThrow } from '../lab/run-process';
import type { Direction, ReachCase, ReachGuest, Seen } from './reach-cases';
import { nextRound, removeGuest, startGuest } from './reach-guests';
import type { GuestOrder } from './reach-guests';
import { makeNeighbour, removeNeighbour } from './reach-neighbours';
import type { NeighbourPlace } from './reach-neighbours';

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

type Round = Record<Direction, boolean>;

const name = 'reach';
const neighbourName = 'neighbour';
const machineNames = ['first', 'second', 'third'] as const;
/** How many hosts may be tried at once: each needs addresses of the LAN that its DHCP server doesn't hand out. */
export const lanes = 3;
/** The last numbers that stand for .12 to .14 in each lane. */
const lanNumbers = [[12, 13, 14], [15, 16, 17], [4, 5, 6]] as const;
const bare = (address: string): string => address.split('/')[0] ?? '';
const subnetOf = (address: string): string => networkOf(bare(address), Number(address.split('/')[1]));

/**
 * Creates the network, plugs two guests in, asks who reaches whom, compares with what the app claims, and takes it all away.
 * @param lane which of the hosts that are tried at once
 */
export async function runReach(reachCase: ReachCase, host: LabHost, lane: number): Promise<ReachResult> {
  const startedAt = Date.now();
  const run = new ReachRun(reachCase, host, lane);
  let observations: ReachObservation[] = [];
  const problems: string[] = [];
  try {
    observations = await run.observe();
    problems.push(...observations.flatMap(({ problem }) => problem ?? []));
  } catch (error) {
    problems.push((error as Error).message);
  }
  problems.push(...await run.end());
  return { reachCase, observations, problem: problems.length === 0 ? null : problems.join('\n    '), seconds: (Date.now() - startedAt) / 1000 };
}

class ReachRun {
  private readonly lab: PlanLab;
  private services: Awaited<ReturnType<PlanLab['open']>> | null = null;
  private uuid: string | null = null;

  constructor(private readonly reachCase: ReachCase, private readonly host: LabHost, private readonly lane: number) {
    this.lab = new PlanLab(host);
  }

  async observe(): Promise<ReachObservation[]> {
    const { reachCase, host } = this;
    if (reachCase.prepare) await host.execOrThrow(reachCase.prepare.make);
    if (reachCase.hairpin) await host.setHairpin(true);
    this.services = await this.lab.open();
    const network = await this.createNetwork();
    const neighbour = await makeNeighbour(reachCase.beside ?? 'nat', network, host);
    await this.services.inventory.refresh('h', 'all');
    const snapshot = this.services.inventory.get('h')?.snapshot;
    if (!snapshot) throw new Error('The host is gone');
    const claims = describeReach(network, snapshot);

    const { machines, gateway } = guestsOf(reachCase, network);
    const [first, ...others] = machines.map((machine) => ({ ...machine, address: this.inLane(machine.address) }));
    const askRound = await this.startGuests(network, { ...neighbour, address: this.inLane(neighbour.address) }, [first!, ...others], gateway);
    const ways = [subnetOf(machines[0].address), ...neighbour.subnet === null ? [] : [neighbour.subnet]].filter((subnet) => subnet !== LAN_SUBNET);
    const rounds = ways.length === 0 ? [await askRound()] : await inTurn(async () => [await askRound(), await withRoutes(ways, host, askRound)]);
    return claims.flatMap((row) => [this.judge(row, 'out', rounds), this.judge(row, 'in', rounds)]);
  }

  private async createNetwork(): Promise<Network> {
    const { drafts, inventory, apply } = this.services!;
    const { kind, change } = this.reachCase;
    const { spec } = drafts.propose('h', kind);
    const uuid = randomUUID();
    this.uuid = uuid;
    const wrong = troubles(await apply({ kind: 'network.create', uuid, spec: { ...change ? change(spec) : spec, name }, start: true }));
    if (wrong.length > 0) throw new Error(`It was not created as planned: ${wrong.join('; ')}`);
    const network = inventory.get('h')?.snapshot.networks.find((item) => item.uuid === uuid);
    if (!network) throw new Error('The network is not there');
    return network;
  }

  /** Starts everybody; resolves when all are up, to a function that has everybody ask everybody once. */
  private async startGuests(network: Network, neighbour: NeighbourPlace, machines: readonly [ReachGuest, ...ReachGuest[]], gateway: string | null): Promise<() => Promise<Round>> {
    const { host } = this;
    const [first, ...others] = machines;
    const target = bare(first.address);
    const hostAddress = network.ips[0]?.address ?? (gateway !== null && gateway !== LAN_GATEWAY ? gateway : host.address);
    const neighbourAddress = bare(neighbour.address);
    const peers = others.map((other) => bare(other.address));
    /** The first machine's address where the other one is. */
    const backTo = (other: ReachGuest): string => bare(Object.values(first.vlans ?? {}).find((address) => subnetOf(address) === subnetOf(other.address)) ?? first.address);
    const orders: GuestOrder[] = [
      ...machines.map((machine, at): GuestOrder => ({
        name: machineNames[at]!, network: name, gateway, ...machine,
        asks: at === 0 ? [...new Set([...peers, hostAddress, neighbourAddress, LAN_GATEWAY, WAN_SERVER])] : [backTo(machine)],
      })),
      { ...neighbour, name: neighbourName, asks: [target] },
    ];
    for (const order of orders) await startGuest(host, order);
    for (const order of orders) await host.waitForGuestLine(order.name, /LAB done/);
    const pinged = ['busybox', 'ping', '-c', '4', '-W', '2', target];
    return async () => {
      const [answers, fromNeighbour, fromHost, fromLan, fromInternet, ...fromOthers] = await Promise.all([
        nextRound(host, 'first'), nextRound(host, neighbourName), host.exec(['ping', ...pinged.slice(2)]), runProcess(pinged), runProcess(['ip', 'netns', 'exec', 'lab-wan', ...pinged]),
        ...others.map((_other, at) => nextRound(host, machineNames[at + 1]!)),
      ]);
      const answered = (address: string): boolean => answers.get(address) ?? false;
      return {
        'same-network out': peers.every(answered), 'same-network in': fromOthers.every((said, at) => said.get(backTo(others[at]!)) ?? false),
        'host out': answered(hostAddress), 'host in': fromHost.code === 0,
        'other-networks out': answered(neighbourAddress), 'other-networks in': fromNeighbour.get(target) ?? false,
        'lan out': answered(LAN_GATEWAY), 'lan in': fromLan.code === 0,
        'internet out': answered(WAN_SERVER), 'internet in': fromInternet.code === 0,
      };
    };
  }

  private judge(row: ReachRow, way: 'out' | 'in', rounds: readonly Round[]): ReachObservation {
    const direction: Direction = `${row.peer} ${way}`;
    const claim = row[way];
    const seen: Seen = [rounds[0]![direction], rounds.at(-1)![direction]];
    const expected: Seen | undefined = claim === 'partly' ? this.reachCase.partly?.[direction] : [claim === 'yes', claim === 'yes'];
    const words = `${direction}: claimed ${claim}, seen ${seen.map((reached) => (reached ? 'yes' : 'no')).join(' / ')}`;
    const asClaimed = expected !== undefined && expected[0] === seen[0] && expected[1] === seen[1];
    return { direction, claim, seen, problem: asClaimed ? null : words };
  }

  private inLane(address: string): string {
    return address.replace(/^10\.77\.0\.(1[234])\//, (_all, last: string) => `10.77.0.${lanNumbers[this.lane]?.[Number(last) - 12] ?? last}/`);
  }

  /** Takes everything away. Resolves to what went wrong at it. */
  async end(): Promise<string[]> {
    const { host, lab, services, uuid, reachCase } = this;
    for (const guest of [...machineNames, neighbourName]) await removeGuest(host, guest);
    await removeNeighbour(host);
    const wrong: string[] = [];
    try {
      if (services && uuid !== null && (await host.exec(['virsh', 'net-info', uuid])).code === 0) {
        await services.inventory.refresh('h', 'all');
        wrong.push(...troubles(await services.apply({ kind: 'network.delete', uuid })));
      }
    } catch (error) {
      wrong.push((error as Error).message);
    }
    await lab.close();
    await host.exec(`virsh -q net-destroy ${name}; virsh -q net-undefine ${name}; ovs-vsctl --if-exists del-br ovs-reach`);
    if (reachCase.prepare) await host.exec(reachCase.prepare.remove);
    if (reachCase.hairpin) await host.setHairpin(false);
    return wrong.map((what) => `Taking it away: ${what}`);
  }
}

/** Two machines in the network's own subnet are its third and fourth address. */
function guestsOf({ guests }: ReachCase, network: Network): { gateway: string | null; machines: readonly [ReachGuest, ...ReachGuest[]] } {
  if (guests !== 'subnet') return guests;
  const ip = network.ips.find(({ family }) => family === 'ipv4');
  if (!ip) throw new Error('The network has no IPv4 address');
  const at = (last: number): ReachGuest => ({ address: `${ip.address.replace(/\d+$/, String(last))}/${ip.prefix}` });
  return { gateway: ip.address, machines: [at(3), at(4)] };
}

let routesAreFree: Promise<unknown> = Promise.resolve();

/** One host at a time: networks of several may have the same subnet, and routers redirect to where it was last. */
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const result = routesAreFree.then(act);
  routesAreFree = result.catch(() => undefined);
  return result;
}

/** While the LAN's router and the client know the routes that a routed network asks for; they must not open what is claimed to be shut. */
async function withRoutes<T>(subnets: readonly string[], host: LabHost, act: () => Promise<T>): Promise<T> {
  const namespaces = ['lab-lan', 'lab-client'];
  try {
    for (const subnet of subnets) for (const namespace of namespaces) await runProcessOrThrow(['ip', '-n', namespace, 'route', 'replace', subnet, 'via', host.address]);
    return await act();
  } finally {
    for (const subnet of subnets) for (const namespace of namespaces) await runProcess(['ip', '-n', namespace, 'route', 'del', subnet]);
  }
}
