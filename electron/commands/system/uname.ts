/** Kernel name, host name, kernel release, machine. Source: uname(1). */
export const unameArgv: readonly string[] = ['uname', '-snrm'];

export interface Uname {
  hostname: string;
  kernel: string;
  architecture: string;
}

/** Null when the output isn't four words. */
export function parseUname(stdout: string): Uname | null {
  const found = /^(\S+) (\S+) (\S+) (\S+)$/.exec(stdout.trim());
  return found ? { hostname: found[2]!, kernel: `${found[1]} ${found[3]}`, architecture: found[4]! } : null;
}
