export const osReleaseArgv: readonly string[] = ['cat', '/etc/os-release'];

/** PRETTY_NAME, else NAME, else `Linux`, unquoted as a shell would. Source: os-release(5). */
export function parseOsName(stdout: string): string {
  const value = (key: string): string | undefined => {
    const line = new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1]?.trim();
    if (!line) return undefined;
    const quoted = /^(["'])(.*)\1$/.exec(line);
    return quoted ? quoted[2]!.replace(/\\(["$`\\])/g, '$1') : line;
  };
  return value('PRETTY_NAME') ?? value('NAME') ?? 'Linux';
}
