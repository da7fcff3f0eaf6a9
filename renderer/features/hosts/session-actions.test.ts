import { describe, expect, it } from 'vitest';
import { newHostProfile } from '../../../shared/domain/host';
import type { SshProfile } from '../../../shared/domain/host';
import { errorCodes } from '../../../shared/errors/app-error';
import { sentenceFor } from '../../ui/error-text';
import { sessionActions } from './session-actions';

const ssh: SshProfile = { kind: 'ssh', address: 'attic', port: 22, user: 'mara', auth: 'auto', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin' };
const ids = (code: (typeof errorCodes)[number], more: Partial<SshProfile> = {}, kept = false): string[] => sessionActions(code, newHostProfile('1', 'attic', { ...ssh, ...more }), kept).map((action) => action.id);

describe('a session that can’t be had', () => {
  it('has a next step and words for it, whatever the reason', () => {
    for (const code of errorCodes.filter((each) => /^(ssh|hostkey|auth|host)\./.test(each))) {
      expect(ids(code).length, code).toBeGreaterThan(0);
      expect(sentenceFor({ code, title: 'It failed', detail: 'So it did.' }).hint, code).not.toBe('');
    }
  });

  it('offers the system’s ssh for what the built-in client can’t do, once', () => {
    expect(ids('auth.key-unsupported')).toEqual(['system-client', 'connect', 'edit']);
    expect(ids('ssh.no-common-algorithm', { client: 'system' })).toEqual(['connect', 'edit']);
  });

  it('offers sudo to a user without rights, and to forget a kept password that was refused', () => {
    expect(ids('auth.no-privilege')[0]).toBe('use-sudo');
    expect(ids('auth.no-privilege', { useSudo: true })).toEqual(['connect', 'edit']);
    expect(ids('auth.failed', {}, true)).toEqual(['connect', 'forget-and-connect', 'edit']);
    expect(ids('auth.failed')).toEqual(['connect', 'edit']);
  });

  it('says what connecting will do where that is more than trying again', () => {
    expect(sessionActions('auth.secret-needed', { connection: ssh }, false)[0]).toEqual({ id: 'connect', label: 'Connect and log in' });
    expect(sessionActions('ssh.timeout', { connection: { kind: 'practice' } }, false)).toEqual([{ id: 'connect', label: 'Try again' }]);
  });
});
