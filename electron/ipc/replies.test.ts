import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { events } from '../../shared/contract/events';
import type { EventName } from '../../shared/contract/events';
import { procedures } from '../../shared/contract/procedures';
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/procedures';
import { practiceHostId } from '../../shared/domain/practice-host-id';
import { openPracticeCli } from '../../test/fakes/practice-cli';
import type { PracticeCli } from '../../test/fakes/practice-cli';
import type { ConversionDesk } from '../services/conversions/conversion-desk';
import { TerminalService } from '../services/terminals/terminal-service';
import { forwardEvents } from './forward-events';
import type { ProcedureHandlers } from './handle-procedures';
import { createHandlers } from './handlers';
import type { Desktop } from './handlers';

/** The window parses what main says, and shows an error where it doesn't fit: this is the test that it does, on the practice host. */
describe('what main says', () => {
  const hostId = practiceHostId;
  let opened: PracticeCli;
  let handlers: ProcedureHandlers;
  const heard = new Map<EventName, unknown[]>();

  beforeAll(async () => {
    opened = await openPracticeCli();
    const { core } = opened.context;
    const terminals = new TerminalService({
      hosts: core.hosts, sessions: core.sessions, inventory: core.inventory, activity: core.activity, newId: randomUUID,
      local: { listShells: () => Promise.resolve([]), open: () => { throw new Error('not here'); } },
    });
    const conversions = { onProgress: () => () => undefined, onGone: () => () => undefined } as unknown as ConversionDesk;
    handlers = createHandlers(core, {} as Desktop, terminals, conversions);
    forwardEvents(core, terminals, conversions, (name, payload) => {
      heard.set(name, [...heard.get(name) ?? [], payload]);
      return true;
    });
    await core.sessions.connect(hostId);
  });
  afterAll(() => opened.close());

  /** The reply, which fits. */
  async function ask<N extends ProcedureName>(name: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>> {
    const parsed = procedures[name].input.parse(input);
    const reply = await (handlers[name] as (input: unknown) => Promise<ProcedureOutput<N>>)(parsed);
    expect(procedures[name].output.parse(reply), name).toEqual(reply);
    return reply;
  }

  it('fits, of what a host has', async () => {
    const known = await ask('inventory.get', { hostId });
    expect(known?.snapshot.networks.length).toBeGreaterThan(0);
    expect(known?.snapshot.machines.length).toBeGreaterThan(0);
    await ask('hosts.list', undefined);
    await ask('preflight.get', { hostId });
    await ask('networks.usedRanges', { hostId });
    await ask('settings.get', undefined);
    for (const kind of ['nat', 'routed', 'open', 'isolated', 'bridged', 'macvtap', 'ovs'] as const) await ask('networks.propose', { hostId, kind });
  });

  it('fits, of a change from its plan to its history', async () => {
    const { spec } = await ask('networks.propose', { hostId, kind: 'nat' });
    const intent = { kind: 'network.create' as const, uuid: randomUUID(), spec, start: true };
    const { digest } = await ask('plan.preview', { hostId, intent });
    await ask('plan.apply', { hostId, intent, digest });
    await expect.poll(() => ask('plan.running', undefined)).toHaveLength(0);
    const [row] = await ask('history.list', { hostId });
    await ask('history.get', { historyId: row!.id });
    expect(await ask('activity.list', { hostId })).not.toHaveLength(0);
    await ask('networks.draft', { hostId, uuid: intent.uuid });
  });

  it('fits, of what it says unasked', async () => {
    await expect.poll(() => [...heard.keys()]).toEqual(expect.arrayContaining(['hosts.changed', 'inventory.changed', 'plan.progress', 'history.changed', 'activity.appended']));
    for (const [name, payloads] of heard) for (const payload of payloads) expect(events[name].parse(payload), name).toEqual(payload);
  });
});
