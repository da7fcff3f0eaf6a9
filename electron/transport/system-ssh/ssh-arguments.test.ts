import { describe, expect, it } from 'vitest';
import { channelArguments, masterArguments, type SystemSshTarget } from './ssh-arguments';

const target: SystemSshTarget = { destination: 'rack', user: 'mara', port: null, proxyJump: null, identityFile: null, knownHostsFile: null };

describe('the words for ssh', () => {
  it('leave to the configuration what the profile doesn\'t say', () => {
    const words = masterArguments(target, '/run/x/c', true);
    for (const option of ['-p', '-J', '-i', '-F']) expect(words).not.toContain(option);
    expect(words.slice(-2)).toEqual(['--', 'rack']);
    expect(words).toContain('BatchMode=no');
  });

  it('say what it does, and take nothing for an option that is none', () => {
    const words = masterArguments({ ...target, destination: '-oProxyCommand=x', port: 2222, proxyJump: 'a@b,c', identityFile: '~/k', knownHostsFile: '/a b/known' }, null, false);
    expect(words.join(' ')).toContain('-l mara -p 2222 -J a@b,c -i ~/k -o IdentitiesOnly=yes -o UserKnownHostsFile="/a b/known"');
    expect(words.slice(-2)).toEqual(['--', '-oProxyCommand=x']);
    expect(words).toContain('BatchMode=yes');
  });

  it('never let a channel connect by itself when there is a master', () => {
    const words = channelArguments(target, '/run/x/c', { kind: 'exec', command: 'exec true' });
    expect(words).toContain('ProxyCommand=false');
    expect(words.slice(0, 4)).toEqual(['-v', '-T', '-F', 'none']);
    expect(words.slice(-3)).toEqual(['--', 'host', 'exec true']);
  });

  it('bracket IPv6 addresses of forwards, and open login shells without a command', () => {
    expect(channelArguments(target, '/c', { kind: 'forward', address: 'fd00::1', port: 53 })).toContain('[fd00::1]:53');
    expect(channelArguments(target, '/c', { kind: 'pty', command: null }).slice(-2)).toEqual(['--', 'host']);
  });
});
