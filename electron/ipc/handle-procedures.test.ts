import { describe, expect, it } from 'vitest';
import { procedureChannel, procedures, type ProcedureName } from '../../shared/contract/procedures';
import { AppError } from '../../shared/errors/app-error';
import { handleProcedures, type IpcEventLike, type ProcedureHandlers } from './handle-procedures';

const page: IpcEventLike = { senderFrame: { url: 'app://netwright/index.html' } };

function setUp(handlers: Partial<ProcedureHandlers>, trusted = true) {
  const channels = new Map<string, (event: IpcEventLike, payload: unknown) => Promise<unknown>>();
  const unexpected: unknown[] = [];
  const all = Object.fromEntries((Object.keys(procedures) as ProcedureName[]).map((name) => [name, () => undefined]));
  handleProcedures(
    { handle: (channel, listener) => void channels.set(channel, listener) },
    { ...all, ...handlers } as ProcedureHandlers, () => trusted, (_name, error) => unexpected.push(error),
  );
  return { call: (name: ProcedureName, payload: unknown) => channels.get(procedureChannel(name))?.(page, payload), channels, unexpected };
}

describe('handleProcedures', () => {
  it('serves every procedure of the contract and nothing else', () => {
    const { channels } = setUp({});
    expect([...channels.keys()].sort()).toEqual((Object.keys(procedures) as ProcedureName[]).map(procedureChannel).sort());
  });

  it('refuses a call from another frame before its payload is looked at', async () => {
    let called = false;
    const { call } = setUp({ 'hosts.list': () => { called = true; return []; } }, false);
    expect(await call('hosts.list', undefined)).toMatchObject({ ok: false, error: { code: 'input.invalid', title: 'Not allowed' } });
    expect(called).toBe(false);
  });

  it('refuses a payload that does not fit, naming the field', async () => {
    const { call } = setUp({});
    const reply = await call('hosts.add', { name: 'x', connection: { kind: 'ssh', address: 'a b', port: 70000 } });
    expect(reply).toMatchObject({ ok: false, error: { code: 'input.invalid', field: 'connection.address' } });
  });

  it('drops keys the contract does not know', async () => {
    let seen: unknown;
    const { call } = setUp({ 'sessions.connect': (input) => { seen = input; } });
    await call('sessions.connect', { hostId: 'h1', extra: 'rm -rf /' });
    expect(seen).toEqual({ hostId: 'h1' });
  });

  it('answers an AppError as its data and an unexpected error as internal, without a stack', async () => {
    const { call, unexpected } = setUp({
      'sessions.connect': () => { throw new AppError('ssh.refused', 'Refused', 'No.'); },
      'sessions.disconnect': () => { throw new TypeError('boom'); },
    });
    expect(await call('sessions.connect', { hostId: 'h' })).toEqual({ ok: false, error: { code: 'ssh.refused', title: 'Refused', detail: 'No.' } });
    expect(await call('sessions.disconnect', { hostId: 'h' })).toEqual({
      ok: false, error: { code: 'internal', title: 'Something unexpected went wrong', detail: 'boom' },
    });
    expect(unexpected).toHaveLength(1);
  });
});
