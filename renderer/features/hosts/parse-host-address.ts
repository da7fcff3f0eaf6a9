/** What a person pasted into the address field, taken apart; parts they didn't give are null. */
export interface HostAddressParts {
  user: string | null;
  address: string;
  port: number | null;
}

/**
 * Reads `10.0.0.12`, `root@attic`, `attic:2222`, `[fd00::9]:2222`, `fd00::9`, `ssh://root@attic:22/` and `ssh -p 2222
 * root@attic`, as people copy them from terminals, notes and ssh(1)'s URIs. More than one colon without brackets is an
 * IPv6 address, not a port. What can't be taken apart is returned as the address, for the schema to explain.
 */
export function parseHostAddress(text: string): HostAddressParts {
  let rest = text.trim();
  let port: number | null = null;

  const command = /^ssh\s+(.*)$/i.exec(rest);
  if (command) {
    rest = command[1]!;
    const option = /(^|\s)-p\s*(\d+)(\s|$)/.exec(rest);
    if (option) {
      port = Number(option[2]);
      rest = rest.replace(option[0], ' ').trim();
    }
  }
  rest = rest.replace(/^(ssh|qemu\+ssh):\/\//i, '').replace(/\/.*$/, '');

  const at = rest.lastIndexOf('@');
  const user = at > 0 ? rest.slice(0, at) : null;
  if (at >= 0) rest = rest.slice(at + 1);

  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(rest);
  if (bracketed) return { user, address: bracketed[1]!, port: bracketed[2] === undefined ? port : Number(bracketed[2]) };
  const named = /^([^:]+):(\d+)$/.exec(rest);
  if (named) return { user, address: named[1]!, port: Number(named[2]) };
  return { user, address: rest, port };
}

/** Whether the text holds more than an address, so that the other fields should take their part. */
export function holdsMoreThanAddress(text: string): boolean {
  const { user, address, port } = parseHostAddress(text);
  return user !== null || port !== null || (address !== text.trim() && address !== '');
}
