import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { plainOptions } from '../../../shared/domain/addressed-spec';
import type { AddressedSpec } from '../../../shared/domain/addressed-spec';
import type { Intent } from '../../../shared/domain/intent';
import type { HistoryEntry, PlanRun } from '../../../shared/domain/plan';
import { FakePlanHost } from '../../../test/fakes/fake-plan-host';
import { defaultUuid, defaultXml } from '../../../test/fakes/snapshot-fixture';
import { HistoryService } from '../history/history-service';
import { PlanService } from './plan-service';

const spec: AddressedSpec = {
  ...plainOptions, kind: 'nat', name: 'lab-web', bridge: 'virbr6',
  ipv4: { address: '10.20.30.1', prefix: 24, dhcp: { ranges: [{ start: '10.20.30.100', end: '10.20.30.199' }], hosts: [], bootp: null }, tftpRoot: null },
  ipv6: null, autostart: true,
};
const create: Intent = { kind: 'network.create', uuid: '0f0f0f0f-1111-4222-8333-444444444444', spec, start: true };

/** Applies the plan on a host whose session is cut at one of its commands and stands again a second later. */
async function applyWithCut(command: string, when: 'before' | 'after'): Promise<{ run: PlanRun; host: FakePlanHost; before: string }> {
  const host = new FakePlanHost();
  host.networks.set(defaultUuid, { persistent: defaultXml, running: defaultXml, autostart: true });
  const before = host.state();
  let now = Date.parse('2026-01-01T12:00:00Z');
  let lostAt: number | null = null;
  host.disturb = (line, carryOut) => {
    if (lostAt !== null || !line.includes(command)) return null;
    lostAt = now;
    if (when === 'after') carryOut();
    return host.cut();
  };
  const kept = new Map<string, HistoryEntry>();
  const plans = new PlanService({
    inventory: host.inventory,
    history: new HistoryService({ load: async () => ({ entries: [...kept.values()], setAside: [] }), save: async (entry) => { kept.set(entry.id, entry); } }),
    preflight: { facts: () => Promise.reject(new Error('No plan of networks asks for these')) },
    hosts: { get: (id) => ({ name: id }), list: () => [{ id: 'attic', name: 'attic' }] },
    now: () => new Date(now), newId: () => 'run', sha256: (text) => createHash('sha256').update(text).digest('hex'), reconnectWaitMs: 30_000,
    sleep: async (ms) => {
      now += ms;
      if (!host.connected && lostAt !== null && now - lostAt >= 1_000) host.reconnect();
    },
  });
  const plan = await plans.preview('attic', create);
  const { id } = await plans.apply('attic', create, plan.digest);
  return { run: await plans.finished(id), host, before };
}

describe('a plan whose session is lost and comes back', () => {
  const cuts = ['net-define', 'net-autostart', 'net-start'].flatMap((command) => [[command, 'before'], [command, 'after']] as const);

  it.each(cuts)('sends nothing twice: cut at %s, %s it took effect', async (command, when) => {
    const { run, host, before } = await applyWithCut(command, when);
    const writes = host.ran.filter((line) => /net-(define|undefine|start|destroy|autostart)/.test(line));
    expect(new Set(writes).size).toBe(writes.length);
    // What became of the step was looked at, so all of it could be taken back.
    expect([run.phase, run.outcome, host.state()]).toEqual(['ended', 'rolled-back', before]);
  });
});
