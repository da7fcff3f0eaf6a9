import { describe, expect, it } from 'vitest';
import { parseSshPrompt } from './prompt-text';

describe('parseSshPrompt', () => {
  it.each([
    ['Enter passphrase for key \'/home/mara/.ssh/id_ed25519\': ', { kind: 'passphrase', keyPath: '/home/mara/.ssh/id_ed25519' }],
    ['Enter passphrase for /home/mara/my key: ', { kind: 'passphrase', keyPath: '/home/mara/my key' }],
    ['mara@rack\'s password: ', { kind: 'password', server: 'mara@rack' }],
    ['(mara@10.0.0.4) Password: ', { kind: 'password', server: 'mara@10.0.0.4' }],
    ['(mara@10.0.0.4) Verification code: ', { kind: 'question', server: 'mara@10.0.0.4', label: 'Verification code:' }],
    ['Enter PIN for ED25519-SK key /home/mara/.ssh/id_ed25519_sk: ', { kind: 'question', server: null, label: 'Enter PIN for ED25519-SK key /home/mara/.ssh/id_ed25519_sk:' }],
    ['Please type \'yes\', \'no\' or the fingerprint: ', { kind: 'host-key-again' }],
  ])('%s', (text, expected) => {
    expect(parseSshPrompt(text)).toEqual(expected);
  });

  it.each([
    ['rack (10.0.0.12)', 'rack', 22], ['[rack]:2222 ([10.0.0.12]:2222)', 'rack', 2222], ['[2001:db8::4]:2222 ([2001:db8::4]:2222)', '2001:db8::4', 2222], ['2001:db8::4 (2001:db8::4)', '2001:db8::4', 22],
    ['rack (<no hostip for proxy command>)', 'rack', 22],
  ])('an unknown key of %s', (shown, address, port) => {
    const text = `The authenticity of host '${shown}' can't be established.\nED25519 key fingerprint is SHA256:abc/def+9.\n`
      + 'This key is not known by any other names.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? ';
    expect(parseSshPrompt(text)).toEqual({ kind: 'host-key', address, port, algorithm: 'ED25519', fingerprint: 'SHA256:abc/def+9' });
  });
});
