import type { WayResult } from './run-way';

/** docs/ways-in.md. */
export function writeWaysTable(results: readonly WayResult[], versions: string): string {
  const failed = results.filter(({ problem }) => problem !== null).length;
  const rows = results.map(({ way, problem }) => {
    const cells = [way.authentication, way.privilege, way.shell, way.path, way.client === 'builtin' ? 'built in' : 'system\'s ssh', problem === null ? '✓' : '✕'];
    return `| ${cells.join(' | ')} |`;
  });
  return `# Ways in

What was tried on real hosts: each line logged in that way from the command line, made a NAT network (\`netwright create nat\`),
saw it on the host, deleted it, and saw it gone. ${failed === 0 ? `All ${results.length} worked.` : `${results.length - failed} of ${results.length} worked.`}
Every authentication is tried with every right; shells and paths are dealt out so that each pair of two choices occurs.

Written by \`node test/matrix/run.mjs\` (root, on Debian; test/lab/README.md). Hosts: ${versions}.
The server allows three attempts (MaxAuthTries 3). The first host on the way takes a key, the second a password; host keys
were unknown and had to be accepted. Odd lines name the way by \`-J\`, even ones by ProxyJump in \`~/.ssh/config\`.

| login | rights | login shell | path | client | |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
