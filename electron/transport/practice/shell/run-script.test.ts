import { expect, it } from 'vitest';
import { createDefaultPracticeHost } from '../default-host';
import { runScript } from './run-script';

const host = createDefaultPracticeHost({ latencyMs: 0 });
const run = (script: string) => runScript(host, script);

it.each([
  ['echo a; echo b\necho c', 'a\nb\nc\n'],
  ['true && echo yes || echo no', 'yes\n'],
  ['false && echo yes || echo no', 'no\n'],
  ['! false && echo yes', 'yes\n'],
  ['! true || echo yes', 'yes\n'],
  ['false || { echo a; ! true || echo b; }; echo c', 'a\nb\nc\n'],
  ['true || { echo a; { echo b; }; }; echo c', 'c\n'],
  ['for p in /proc/[0-9]*; do { read -r c <"$p/comm"; } 2>/dev/null || continue; case $c in a|b) echo "$c";; esac; done; echo after', 'after\n'],
  ['echo \'it\'\\\'\'s\' "a \\"b\\"" c\\ d # what it is', 'it\'s a "b" c d\n'],
  ['echo hidden >/dev/null; ls /nowhere >/dev/null 2>&1 || echo none', 'none\n'],
  ['[ -e /etc/hostname ] && [ ! -d /etc/hostname ] && [ -d /etc/network ] && echo so', 'so\n'],
  ['command -v virsh >/dev/null && echo there; command -v vim >/dev/null || echo "no vim"', 'there\nno vim\n'],
])('%s', (script, stdout) => {
  expect(run(script)).toEqual({ exitCode: 0, stdout, stderr: '' });
});

it('writes files, and settings of the kernel', () => {
  expect(run('echo one >/etc/a; sed \'s/one/two/\' /etc/a >/etc/b; sed -i \'/one/d\' /etc/a; echo 0 >/proc/sys/net/ipv4/ip_forward; cat /etc/a /etc/b; sysctl -n net.ipv4.ip_forward').stdout).toBe('two\n0\n');
});

it('ends with the exit code of the last command', () => {
  expect(run('true; ls /nowhere')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('/nowhere') });
});

it('ends where it does not understand', () => {
  expect(run('echo a; echo b | cat; echo c')).toMatchObject({ exitCode: 2, stdout: 'a\nb\n', stderr: 'sh: 1: Syntax error: "|" unexpected\n' });
});
