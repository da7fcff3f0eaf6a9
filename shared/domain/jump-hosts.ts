/** One host on the way, as it is written: `user` and `port` are null where only the configuration knows them. */
export interface JumpHost {
  user: string | null;
  /** A name, an alias of `~/.ssh/config`, or an address; IPv6 without brackets, a zone after `%`. */
  host: string;
  port: number | null;
}

/**
 * Hosts on the way, as `ssh -J` and ProxyJump take them (ssh_config(5)): `user@host:port,…` or `ssh://user@host:port`,
 * the first being reached first. `none` and nothing at all are no hosts. Null when the text is not of that form.
 */
export function parseJumpHosts(text: string): JumpHost[] | null {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.toLowerCase() === 'none') return [];
  const hosts = trimmed.split(',').map((part) => parseJumpHost(part.trim()));
  return hosts.some((host) => host === null) ? null : hosts as JumpHost[];
}

/**
 * One server: `host`, `user@host`, `user@host:port`, `user@[IPv6]:port`, a bare IPv6 address, or the same after `ssh://`
 * (there `%25` begins a zone, RFC 6874). Null when it is none of these.
 */
export function parseJumpHost(text: string): JumpHost | null {
  const uri = /^ssh:\/\//i.test(text);
  const rest = uri ? text.slice('ssh://'.length).replace(/\/$/, '') : text;
  const at = rest.lastIndexOf('@');
  const user = at < 0 ? null : decode(rest.slice(0, at), uri);
  const place = rest.slice(at + 1);
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(place) ?? /^([^:[\]]+)(?::(\d+))?$/.exec(place) ?? /^([0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(?:%[^[\]:]+)?)$/i.exec(place);
  const host = decode(match?.[1] ?? '', uri);
  if (!match || user === '' || !isHostName(host) || (user !== null && !isUserName(user))) return null;
  const port = match[2] === undefined ? null : Number(match[2]);
  return port !== null && (port < 1 || port > 65535) ? null : { user, host, port };
}

/** The text that `parseJumpHosts` reads back. */
export function formatJumpHosts(hosts: readonly JumpHost[]): string {
  return hosts.map(({ user, host, port }) => {
    const place = port === null ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return user === null ? place : `${user}@${place}`;
  }).join(',');
}

/** Neither blanks nor what would be read as an option, a user or a path. */
const isHostName = (host: string): boolean => /^[^\s@/,?#[\]\p{Cc}-][^\s@/,?#[\]\p{Cc}]*$/u.test(host);
const isUserName = (user: string): boolean => /^[^\s:@/,\p{Cc}-][^\s:@/,\p{Cc}]*$/u.test(user);

function decode(text: string, uri: boolean): string {
  if (!uri) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // a percent sign that begins nothing: no address either
  }
}
