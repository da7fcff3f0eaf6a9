import { newHostProfile } from '../../../shared/domain/host';
import { describe, expect, it } from 'vitest';
import { draftFromEntry, draftOf, emptyDraft, fieldOfError, spreadAddress, toProfile } from './host-draft';

describe('host draft', () => {
  it('spreads a pasted address, and proposes sudo for a user other than root', () => {
    expect(spreadAddress(emptyDraft, 'mara@attic:2222')).toMatchObject({ address: 'attic', user: 'mara', port: '2222', useSudo: true });
    expect(spreadAddress(emptyDraft, 'attic')).toMatchObject({ address: 'attic', user: 'root', port: '22', useSudo: false });
  });

  it('becomes a profile, named after its address when no name was given', () => {
    expect(toProfile({ ...emptyDraft, address: ' 10.0.0.12 ' })).toMatchObject({ ok: true, name: '10.0.0.12', connection: { kind: 'ssh', address: '10.0.0.12', port: 22, user: 'root', keyPath: null } });
  });

  it('says what is wrong, field by field', () => {
    const result = toProfile({ ...emptyDraft, address: 'a b', port: '70000', user: '-x', auth: 'key', keyPath: 'id_rsa' });
    expect(result).toMatchObject({ ok: false, problems: { address: expect.stringMatching(/host name/), port: expect.stringMatching(/65535/), user: expect.stringMatching(/user name/), keyPath: expect.stringMatching(/full path/) } });
    expect(toProfile({ ...emptyDraft, address: 'attic', port: '22x' })).toMatchObject({ ok: false, problems: { port: expect.any(String) } });
  });

  it('forgets the key file when another way to log in is chosen', () => {
    expect(toProfile({ ...emptyDraft, address: 'attic', auth: 'agent', keyPath: '~/.ssh/id' })).toMatchObject({ ok: true, connection: { keyPath: null } });
  });

  it('round-trips a profile', () => {
    const connection = { kind: 'ssh' as const, address: 'attic', port: 2222, user: 'mara', auth: 'key' as const, keyPath: '~/.ssh/id', sshConfigAlias: 'attic', useSudo: true, proxyJump: null, client: 'builtin' as const };
    expect(toProfile(draftOf(newHostProfile('1', 'Attic', connection)))).toEqual({ ok: true, name: 'Attic', connection });
  });

  it('takes over an entry of ~/.ssh/config without losing a name that was typed', () => {
    const entry = { alias: 'rack', address: 'rack.home.arpa', port: 2222, user: null, keyPath: '~/.ssh/rack', proxyJump: null, unsupported: [] };
    expect(draftFromEntry({ ...emptyDraft, name: 'Mine' }, entry)).toMatchObject({ name: 'Mine', address: 'rack.home.arpa', port: '2222', user: 'root', auth: 'key', keyPath: '~/.ssh/rack', sshConfigAlias: 'rack' });
  });

  it('finds the field of an error of main', () => {
    expect([fieldOfError('connection.keyPath'), fieldOfError('name'), fieldOfError('hostId'), fieldOfError(undefined)]).toEqual(['keyPath', 'name', null, null]);
  });
});
