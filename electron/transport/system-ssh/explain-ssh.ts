import { AppError, type ErrorCode } from '../../../shared/errors/app-error';

/** What ssh(1) said for a person: its -v lines and its version left out. */
export function readableLines(log: string): string {
  return log.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^(debug\d:|OpenSSH_|OpenSSL |Authenticated to |Transferred: |Bytes per second: )/.test(line)).join('\n');
}

/** What the server said last when it would not connect somewhere: "connect failed: Connection refused". */
export function lastOpenFailure(log: string): string {
  return [...log.matchAll(/^channel \d+: open failed: (.*?)\r?$/gm)].pop()?.[1] ?? 'refused';
}

interface Explanation {
  code: ErrorCode;
  title: string;
  detail: (host: string, match: RegExpExecArray) => string;
  hint?: string;
}

/** The first that fits; ssh's own sentences, which are not translated. */
const explanations: [RegExp, Explanation][] = [
  [/REVOKED HOST KEY|marked as revoked/, {
    code: 'hostkey.revoked', title: 'The host\'s key is revoked', detail: (host) => `The key that ${host} showed is marked as revoked.`, hint: 'Ask whoever looks after the host.',
  }],
  [/HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i, {
    code: 'hostkey.changed', title: 'The host\'s key has changed', detail: (host) => `${host} shows another key than the one that known_hosts holds: it was set up anew, or another machine answers in its place.`,
    hint: 'If you know that it was set up anew, remove the old line as ssh says below, and connect again.',
  }],
  [/No (\S+) host key is known for (\S+)/, {
    code: 'hostkey.unknown', title: 'The host\'s key is not known', detail: (host) => `The configuration asks for strict checking (StrictHostKeyChecking yes), and no key of ${host} is in known_hosts.`,
    hint: 'Add it with ssh-keyscan after comparing fingerprints.',
  }],
  [/Host key verification failed/, { code: 'hostkey.rejected', title: 'The host\'s key was not accepted', detail: (host) => `Nothing was sent to ${host}.` }],
  [/Bad configuration option: (.*)|terminating, \d+ bad configuration|Bad owner or permissions on (.*)|keyword .* argument/i, {
    code: 'ssh.config-broken', title: 'ssh refuses its configuration', detail: () => 'ssh stopped at a line of its configuration.', hint: 'Mend the line that it names, and connect again.',
  }],
  [/Could not resolve hostname ([^:]+)/i, {
    code: 'ssh.unreachable', title: 'The name is not known', detail: (_host, match) => `No address was found for “${match[1]}”.`, hint: 'Check the spelling, or use the IP address.',
  }],
  [/Connection refused/, {
    code: 'ssh.refused', title: 'Nothing answers there', detail: (host) => `${host} refused the connection.`, hint: 'Is an SSH server running on the host, and is the port right?',
  }],
  [/No route to host|Network is unreachable|Host is down/, {
    code: 'ssh.unreachable', title: 'The host can\'t be reached', detail: (host) => `There is no way to ${host} from here.`, hint: 'Is the host switched on, and are you in the same network or VPN?',
  }],
  [/timed out|Timeout, server/i, {
    code: 'ssh.timeout', title: 'The host does not answer', detail: (host) => `${host} gave no answer in time.`, hint: 'Is the host switched on, and does a firewall let SSH through?',
  }],
  [/no matching (.+?) found/i, {
    code: 'ssh.no-common-algorithm', title: 'The server and ssh have no algorithm in common', detail: (host, match) => `ssh and ${host} know no common ${match[1]}.`,
    hint: 'ssh_config(5) can allow older ones for this host.',
  }],
  [/Too many authentication failures/, {
    code: 'auth.failed', title: 'The server refused the login', detail: (host) => `${host} closed the connection after too many attempts.`, hint: 'An agent with many keys uses up the attempts: name one with IdentityFile and IdentitiesOnly yes.',
  }],
  [/Permission denied(?: \((.*)\))?/, {
    code: 'auth.failed', title: 'The login was refused', detail: (host, match) => `${host} accepted nothing that ssh offered${match[1] ? ` (it takes: ${match[1].replace(/,/g, ', ')})` : ''}.`,
    hint: 'Does ssh log in to it from a terminal? What works there works here.',
  }],
];

/** Why ssh(1) ended before the login was complete. @param log all it wrote to stderr. */
export function explainSshFailure(log: string, host: string): AppError {
  const stderr = readableLines(log).slice(0, 4096);
  for (const [pattern, { code, title, detail, hint }] of explanations) {
    const match = pattern.exec(stderr);
    if (match) return new AppError(code, title, detail(host, match), { stderr, ...(hint ? { hint } : {}) });
  }
  return new AppError('ssh.closed', 'The connection ended early', `ssh could not log in to ${host}.`, {
    stderr, hint: 'Does ssh log in to it from a terminal? What works there works here.',
  });
}

export function sshMissing(): AppError {
  return new AppError('command.not-found', 'There is no ssh here', 'This computer has no program named ssh.', {
    hint: 'Install OpenSSH\'s client (openssh-client; on Windows: Optional features), or use the built-in client for this host.',
  });
}
