export const osReleaseArgv: readonly string[] = ['cat', '/etc/os-release'];

/** One value, unquoted as a shell would. Source: os-release(5). */
export function osReleaseValue(stdout: string, key: string): string | undefined {
  const line = new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1]?.trim();
  if (!line) return undefined;
  const quoted = /^(["'])(.*)\1$/.exec(line);
  return quoted ? quoted[2]!.replace(/\\(["$`\\])/g, '$1') : line;
}

/** PRETTY_NAME, else NAME, else `Linux`. */
export function parseOsName(stdout: string): string {
  return osReleaseValue(stdout, 'PRETTY_NAME') ?? osReleaseValue(stdout, 'NAME') ?? 'Linux';
}
