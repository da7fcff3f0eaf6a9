import { newHostProfile } from '../../../shared/domain/host';
import { describe, expect, it } from 'vitest';
import { draftFromEntry, draftOf, emptyDraft, fieldOfError, spreadAddress, toHost } from './host-draft';

describe('host draft', () => {
  it('spreads a pasted address, and proposes sudo for a user other than root', () => {
    expect(spreadAddress(emptyDraft, 'mara@attic:2222')).toMatchObject({ address: 'attic', user: 'mara', port: '2222', useSudo: true });
    expect(spreadAddress(emptyDraft, 'attic')).toMatchObject({ address: 'attic', user: 'root', port: '22', useSudo: false });
  });

  it('becomes a profile, named after its address when no name was given', () => {
    expect(toHost({ ...emptyDraft, address: ' 10.0.0.12 ' })).toMatchObject({ ok: true, host: { name: '10.0.0.12', group: null, connection: { kind: 'ssh', address: '10.0.0.12', port: 22, user: 'root', keyPath: null } } });
  });

  it('says what is wrong, field by field', () => {
    const result = toHost({ ...emptyDraft, address: 'a b', port: '70000', user: '-x', auth: 'key', keyPath: 'id_rsa' });
    expect(result).toMatchObject({ ok: false, problems: { address: expect.stringMatching(/host name/), port: expect.stringMatching(/65535/), user: expect.stringMatching(/user name/), keyPath: expect.stringMatching(/full path/) } });
    expect(toHost({ ...emptyDraft, address: 'attic', port: '22x' })).toMatchObject({ ok: false, problems: { port: expect.any(String) } });
  });

  it('forgets the key file when another way to log in is chosen', () => {
    expect(toHost({ ...emptyDraft, address: 'attic', auth: 'agent', keyPath: '~/.ssh/id' })).toMatchObject({ ok: true, host: { connection: { keyPath: null } } });
  });

  it('round-trips profiles of both kinds, with their place in the rail', () => {
    const connection = { kind: 'ssh' as const, address: 'attic', port: 2222, user: 'mara', auth: 'key' as const, keyPath: '~/.ssh/id', sshConfigAlias: 'attic', useSudo: true, proxyJump: 'mara@gate:2222', client: 'system' as const };
    const place = { group: 'Rack', colour: 'teal' as const };
    expect(toHost(draftOf({ ...newHostProfile('1', 'Attic', connection), ...place }))).toEqual({ ok: true, host: { name: 'Attic', connection, ...place } });
    const local = { kind: 'local' as const, rights: 'pkexec' as const };
    expect(toHost(draftOf(newHostProfile('2', 'Desk', local)))).toEqual({ ok: true, host: { name: 'Desk', connection: local, group: null, colour: null } });
  });

  it('calls this computer so where no name was typed', () => {
    expect(toHost({ ...emptyDraft, kind: 'local' })).toMatchObject({ ok: true, host: { name: 'This computer', connection: { kind: 'local', rights: 'sudo' } } });
  });

  it('says what is wrong with hosts on the way, and with a group', () => {
    expect(toHost({ ...emptyDraft, address: 'attic', proxyJump: 'gate:x', group: 'g'.repeat(41) })).toMatchObject({
      ok: false, problems: { proxyJump: expect.stringMatching(/commas/), group: expect.stringMatching(/40/) },
    });
    expect(toHost({ ...emptyDraft, address: 'attic', proxyJump: ' mara@gate:2222,[fd00::1]:22 ' })).toMatchObject({ ok: true, host: { connection: { proxyJump: 'mara@gate:2222,[fd00::1]:22' } } });
  });

  it('takes over an entry of ~/.ssh/config without losing a name that was typed', () => {
    const entry = { alias: 'rack', address: 'rack.home.arpa', port: 2222, user: null, keyPath: '~/.ssh/rack', proxyJump: null, unsupported: [] };
    expect(draftFromEntry({ ...emptyDraft, name: 'Mine' }, entry)).toMatchObject({ name: 'Mine', address: 'rack.home.arpa', port: '2222', user: 'root', auth: 'auto', keyPath: '', sshConfigAlias: 'rack' });
  });

  it('finds the field of an error of main', () => {
    expect([fieldOfError('connection.keyPath'), fieldOfError('name'), fieldOfError('hostId'), fieldOfError(undefined)]).toEqual(['keyPath', 'name', null, null]);
  });
});
