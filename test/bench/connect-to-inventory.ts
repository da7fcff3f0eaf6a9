import type { Client } from 'ssh2';
import { connectRoute } from '../../electron/transport/ssh/connect-route';
import type { BenchContext } from './bench-context';
import { startDelayProxy } from './delay-proxy';
import { median, noBaseline, spread, times } from './report';
import type { BenchmarkReport } from './report';
import { closeInventory, loginOptions, openInventory } from './ssh-session';
import type { Endpoint } from './ssh-session';

const oneWayMs = 50;
const rounds = 7;
const baselineRounds = 3;

interface Connect {
  handshakeMs: number;
  inventoryMs: number;
}

async function connectOnce(context: BenchContext, target: Endpoint): Promise<Connect> {
  const session = await openInventory(target, context.newFolder('known-hosts'));
  await closeInventory(session);
  return { handshakeMs: session.handshakeMs, inventoryMs: session.inventoryMs };
}

function execOnce(client: Client, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, stream) => {
      if (error) return reject(error);
      let stdout = '';
      stream.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
      stream.stderr.resume();
      stream.on('close', (code: number) => (code === 0 ? resolve(stdout) : reject(new Error(`${command} ended with ${code}`))));
    });
  });
}

/**
 * The plain way: the two lists, then virsh processes for what we show of each object (its document; its state, autostart and
 * persistence; the leases of a network that is up), one after the other over one connection. Milliseconds after the login.
 */
async function onePerObject(context: BenchContext, target: Endpoint): Promise<number> {
  const { client } = await connectRoute(loginOptions(target, context.newFolder('known-hosts')));
  try {
    const startedAt = performance.now();
    const virsh = (args: string): Promise<string> => execOnce(client, `virsh -q -c qemu:///system ${args}`);
    const uuids = async (list: string): Promise<string[]> => (await virsh(`${list} --all --uuid`)).split('\n').filter(Boolean);
    for (const uuid of await uuids('net-list')) {
      await virsh(`net-dumpxml ${uuid}`);
      if (/^Active:\s+yes$/m.test(await virsh(`net-info ${uuid}`))) await virsh(`net-dhcp-leases ${uuid}`);
    }
    for (const uuid of await uuids('list')) {
      await virsh(`dumpxml ${uuid}`);
      await virsh(`dominfo ${uuid}`);
    }
    return performance.now() - startedAt;
  } finally {
    client.end();
  }
}

/** Connect to full inventory of 100 networks and 100 machines: round trips, and against one process per object. */
export async function measureConnect(context: BenchContext): Promise<BenchmarkReport> {
  const { lab } = await context.host();
  const direct: Endpoint = { address: lab.address, port: 22 };
  const proxy = await startDelayProxy(direct, oneWayMs);
  const far: Endpoint = { address: '127.0.0.1', port: proxy.port };
  try {
    const near: Connect[] = [];
    const delayed: Connect[] = [];
    const baseline: number[] = [];
    await connectOnce(context, direct);
    for (let round = 0; round < rounds; round += 1) {
      near.push(await connectOnce(context, direct));
      delayed.push(await connectOnce(context, far));
      if (round < baselineRounds) baseline.push(await onePerObject(context, direct));
    }
    const farBaseline = await onePerObject(context, far);
    const column = (connects: Connect[], key: keyof Connect): number[] => connects.map((each) => each[key]);
    const roundTrips = (key: keyof Connect): number => (median(column(delayed, key)) - median(column(near, key))) / (2 * oneWayMs);
    const ratio = median(baseline) / median(column(near, 'inventoryMs'));
    const farRatio = farBaseline / median(column(delayed, 'inventoryMs'));
    return {
      how: `From the end of the login to the published snapshot, ${rounds} connections each without and with a TCP proxy that holds every byte back for ${oneWayMs} ms each way, by turns. Round trips: the difference of the medians divided by ${2 * oneWayMs} ms. Baseline: over one connection, as fast as it answers, the two lists and then for each object what of it our inventory has too: \`virsh net-dumpxml\` and \`net-info\`, \`net-dhcp-leases\` where it is active, \`dumpxml\` and \`dominfo\`, one process after the other (${baselineRounds} times without the proxy, once with it); interfaces, routes and switches, which our time includes, are not in it.`,
      measurements: [
        { what: 'full inventory: round trips after the login', ours: roundTrips('inventoryMs').toFixed(1), ...noBaseline, goal: '≤ 6', met: roundTrips('inventoryMs') <= 6 },
        { what: 'full inventory, no delay', ours: spread(column(near, 'inventoryMs'), 'ms'), baseline: spread(baseline, 'ms'), ratio: `${times(ratio)} faster`, goal: '≥ 20 ×', met: ratio >= 20 },
        { what: `full inventory, ${oneWayMs} ms each way`, ours: spread(column(delayed, 'inventoryMs'), 'ms'), baseline: spread([farBaseline], 'ms'), ratio: `${times(farRatio)} faster`, goal: '≥ 20 ×', met: farRatio >= 20 },
        { what: 'TCP, key exchange and login: round trips', ours: roundTrips('handshakeMs').toFixed(1), ...noBaseline, goal: '', met: null },
        { what: 'TCP, key exchange and login, no delay', ours: spread(column(near, 'handshakeMs'), 'ms'), ...noBaseline, goal: '', met: null },
      ],
    };
  } finally {
    proxy.close();
  }
}
