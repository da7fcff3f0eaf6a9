/** How a user proves who they are; one of each, and with each right on the host. */
export const authentications = [
  'agent', 'ed25519 key', 'RSA key', 'ECDSA key', 'encrypted key', 'password', 'password and code (PAM)', 'agent with 6 keys, MaxAuthTries 3',
] as const;
export const privileges = ['root', 'group libvirt', 'sudo', 'sudo without password', 'doas'] as const;
export const shells = ['bash', 'fish', 'tcsh', 'bash that prints banners'] as const;
export const paths = ['direct', 'one jump', 'two jumps'] as const;
export const clients = ['builtin', 'system'] as const;

/** One way into a host, and a name for it that is also the user's on the host. */
export interface Way {
  name: string;
  number: number;
  authentication: (typeof authentications)[number];
  privilege: (typeof privileges)[number];
  shell: (typeof shells)[number];
  path: (typeof paths)[number];
  client: (typeof clients)[number];
}

type Factor = Exclude<keyof Way, 'name' | 'number' | 'client'>;
const factors: Record<Factor, readonly string[]> = { authentication: authentications, privilege: privileges, shell: shells, path: paths };

/**
 * Every authentication with every privilege, shells and paths dealt out so that each pair of any two factors occurs; then
 * each authentication once more by the system's ssh.
 * @throws Error when a pair is missing, after one of the lists was changed
 */
export function planWays(): Way[] {
  const pairs = authentications.flatMap((authentication, a) => privileges.map((privilege, p) => ({
    authentication, privilege, shell: pick(shells, a + p), path: pick(paths, a + 2 * p), client: 'builtin' as const,
  })));
  const bySystem = authentications.map((authentication, a) => ({
    authentication, privilege: pick(privileges, a), shell: pick(shells, a), path: pick(paths, a), client: 'system' as const,
  }));
  const missing = missingPairs(pairs);
  if (missing.length > 0) throw new Error(`No way has ${missing.join('; ')}`);
  return [...pairs, ...bySystem].map((way, index) => ({ ...way, number: index + 1, name: `way${String(index + 1).padStart(2, '0')}` }));
}

function missingPairs(ways: readonly Pick<Way, Factor>[]): string[] {
  const names = Object.keys(factors) as Factor[];
  return names.flatMap((one, index) => names.slice(index + 1).flatMap((other) => factors[one].flatMap((value) => factors[other]
    .filter((second) => !ways.some((way) => way[one] === value && way[other] === second)).map((second) => `${value} with ${second}`))));
}

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
