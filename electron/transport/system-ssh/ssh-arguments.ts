/** How one host is named to ssh(1). Everything that is not here comes from the user's own ssh_config(5). */
export interface SystemSshTarget {
  /** An alias of the configuration, a name, or an address. */
  destination: string;
  user: string;
  /** Null: what the configuration says. */
  port: number | null;
  /** As for -J; null: what the configuration says. */
  proxyJump: string | null;
  /** A key file that alone is to be used; null: what the configuration says. */
  identityFile: string | null;
  /** Instead of the configuration's; null: that. */
  knownHostsFile: string | null;
  /** Instead of ~/.ssh/config and the system's; for tests. */
  configFile?: string;
}

const option = (text: string): string[] => ['-o', text];

/** Words that reach and log in to the target, whatever is wanted there. */
function reach({ user, port, proxyJump, identityFile, knownHostsFile, configFile }: SystemSshTarget): string[] {
  return [
    ...(configFile === undefined ? [] : ['-F', configFile]),
    '-l', user,
    ...(port === null ? [] : ['-p', String(port)]),
    ...(proxyJump === null ? [] : ['-J', proxyJump]),
    ...(identityFile === null ? [] : ['-i', identityFile, ...option('IdentitiesOnly=yes')]),
    ...(knownHostsFile === null ? [] : option(`UserKnownHostsFile="${knownHostsFile}"`)),
    // What the user's own sessions forward and run is theirs: a second listener on the same port would only fail.
    ...option('ClearAllForwardings=yes'), ...option('RemoteCommand=none'), ...option('PermitLocalCommand=no'),
    ...option('ServerAliveInterval=15'), ...option('ServerAliveCountMax=3'), ...option('ConnectTimeout=20'),
  ];
}

/**
 * The connection itself, without a command (-N). With `socket` others join it (ControlMaster).
 * @param interactive false: nobody is asked anything (BatchMode).
 */
export function masterArguments(target: SystemSshTarget, socket: string | null, interactive: boolean): string[] {
  return [
    '-v', '-N', '-T', ...reach(target), ...option(`BatchMode=${interactive ? 'no' : 'yes'}`),
    ...(socket === null ? option('ControlMaster=no') : ['-M', '-S', socket, ...option('ControlPersist=no')]),
    // A name that begins with a dash is no option.
    '--', target.destination,
  ];
}

/** What a channel is for. `pty`: the terminal that ssh itself runs in goes on at the host. */
export type ChannelPurpose =
  | { kind: 'exec'; command: string }
  | { kind: 'pty'; command: string | null }
  | { kind: 'forward'; address: string; port: number };

/**
 * One channel. Over the master's socket it needs no configuration, and must never connect by itself: a proxy command that
 * fails sees to that. Without a socket it is a connection of its own, that asks nobody.
 */
export function channelArguments(target: SystemSshTarget, socket: string | null, purpose: ChannelPurpose): string[] {
  const way = socket === null
    ? [...reach(target), ...option('ControlMaster=no'), ...option('ControlPath=none'), ...option('BatchMode=yes')]
    : ['-F', 'none', '-S', socket, ...option('ProxyCommand=false')];
  const host = ['--', socket === null ? target.destination : 'host'];
  switch (purpose.kind) {
    // -v tells when the server has opened the session; nothing else is said over a master.
    case 'exec': return [...(socket === null ? [] : ['-v']), '-T', ...way, ...host, purpose.command];
    case 'pty': return ['-tt', ...option('LogLevel=ERROR'), ...option('EscapeChar=none'), ...way, ...host, ...(purpose.command === null ? [] : [purpose.command])];
    case 'forward': return [socket === null ? '-vv' : '-v', '-W', `${purpose.address.includes(':') ? `[${purpose.address}]` : purpose.address}:${purpose.port}`, ...way, ...host];
  }
}
