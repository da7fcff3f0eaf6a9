import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'ssh2';
import { offeredAlgorithms } from '../../electron/transport/ssh/algorithms';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { LabHost, labKeyPath } from '../lab/lab';
import type { BenchContext } from './bench-context';
import { startDelayProxy } from './delay-proxy';
import { median, noBaseline, spread, times } from './report';
import type { BenchmarkReport } from './report';
import { loginOptions } from './ssh-session';
import type { Endpoint } from './ssh-session';

const oneWayMs = 50;
const rounds = 9;

/** What ssh2 alone takes to log in with the same key and algorithms, host key unchecked, and then for one `true`. Milliseconds. */
async function bareHandshake(target: Endpoint): Promise<{ loginMs: number; trueMs: number }> {
  const client = new Client();
  const startedAt = performance.now();
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve).once('error', reject).once('connect', () => client.setNoDelay(true));
      client.connect({
        host: target.address, port: target.port, username: 'root', privateKey: readFileSync(labKeyPath), algorithms: offeredAlgorithms([]),
        // Its hash is taken, as anybody's must be who compares it.
        hostVerifier: (key: Buffer) => createHash('sha256').update(key).digest().length > 0,
      });
    });
    const readyAt = performance.now();
    await new Promise<void>((resolve, reject) => {
      client.exec('true', (error, stream) => {
        if (error) return reject(error);
        stream.resume().stderr.resume();
        stream.once('close', () => resolve());
      });
    });
    return { loginMs: readyAt - startedAt, trueMs: performance.now() - readyAt };
  } finally {
    client.end();
  }
}

/** Ours: from nothing to a runner that knows the user's rights; then one process over another channel of the connection. */
async function ourConnect(context: BenchContext, target: Endpoint): Promise<{ loginMs: number; openMs: number; secondMs: number }> {
  const startedAt = performance.now();
  let loggedInAt = startedAt;
  const runner = await openSshRunner(loginOptions(target, context.newFolder('known-hosts'), (step) => { if (step === 'reading') loggedInAt = performance.now(); }));
  const openedAt = performance.now();
  try {
    // Whatever connecting itself has set going is over then: a channel for somebody who comes later is measured.
    await delay(20 * oneWayMs);
    const askedAt = performance.now();
    await runner.run({ argv: ['true'] });
    return { loginMs: loggedInAt - startedAt, openMs: openedAt - startedAt, secondMs: performance.now() - askedAt };
  } finally {
    await runner.close();
  }
}

/** The price of a connection, against ssh2 alone. */
export async function measureHandshake(context: BenchContext): Promise<BenchmarkReport> {
  const lab = await LabHost.up('bench-shake');
  const direct: Endpoint = { address: lab.address, port: 22 };
  const proxy = await startDelayProxy(direct, oneWayMs);
  const far: Endpoint = { address: '127.0.0.1', port: proxy.port };
  const roundTripMs = 2 * oneWayMs;
  try {
    const near = { bare: [] as Awaited<ReturnType<typeof bareHandshake>>[], ours: [] as Awaited<ReturnType<typeof ourConnect>>[] };
    const slow = { bare: [] as Awaited<ReturnType<typeof bareHandshake>>[], ours: [] as Awaited<ReturnType<typeof ourConnect>>[] };
    await bareHandshake(direct);
    await ourConnect(context, direct);
    for (let round = 0; round < rounds; round += 1) {
      near.bare.push(await bareHandshake(direct));
      near.ours.push(await ourConnect(context, direct));
      slow.bare.push(await bareHandshake(far));
      slow.ours.push(await ourConnect(context, far));
    }
    const of = <T>(list: readonly T[], key: keyof T): number[] => list.map((each) => Number(each[key]));
    const bareFar = median(of(slow.bare, 'loginMs')) + roundTripMs;
    const farRatio = median(of(slow.ours, 'openMs')) / bareFar;
    const bareNear = median(of(near.bare, 'loginMs')) + median(of(near.bare, 'trueMs'));
    const nearRatio = median(of(near.ours, 'openMs')) / bareNear;
    const secondTrips = (median(of(slow.ours, 'secondMs')) - median(of(near.ours, 'secondMs'))) / roundTripMs;
    return {
      how: `Ours: openSshRunner, from nothing to a runner that has checked the host's key and knows the user's rights. Baseline: ssh2's Client alone with the same key and algorithms, until it is ready, and one round trip (through a TCP proxy that holds every byte back for ${oneWayMs} ms each way: ${roundTripMs} ms; without it: an exec of \`true\`, which is what a round trip to the host's shell costs). ${rounds} times each, by turns. Second channel: \`true\` over the same connection once it is at rest; round trips are the difference of the medians with and without the proxy, whose fractions are the machine's own.`,
      measurements: [
        { what: `connect, ${oneWayMs} ms each way`, ours: spread(of(slow.ours, 'openMs'), 'ms'), baseline: `${Math.round(bareFar)} ms`, ratio: times(farRatio), goal: '≤ 1.2 ×', met: farRatio <= 1.2 },
        { what: 'connect, no delay', ours: spread(of(near.ours, 'openMs'), 'ms'), baseline: `${bareNear.toFixed(1)} ms`, ratio: times(nearRatio), goal: '≤ 1.2 ×', met: nearRatio <= 1.2 },
        { what: '– of it until the login is done', ours: spread(of(near.ours, 'loginMs'), 'ms'), baseline: spread(of(near.bare, 'loginMs'), 'ms'), ratio: times(median(of(near.ours, 'loginMs')) / median(of(near.bare, 'loginMs'))), goal: '', met: null },
        { what: 'second channel: round trips', ours: secondTrips.toFixed(1), ...noBaseline, goal: '≤ 1', met: Math.round(secondTrips) <= 1 },
      ],
    };
  } finally {
    proxy.close();
    await lab.down();
  }
}
