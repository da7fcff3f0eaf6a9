export const ipForwardKey = 'net.ipv4.ip_forward';

/** The gather script's `sysctls` builtin: lines `key=value`. */
export function parseSysctls(stdout: string): ReadonlyMap<string, string> {
  return new Map(stdout.split('\n').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : [];
  }));
}
