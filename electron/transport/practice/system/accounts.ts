import { fail, succeed } from '../world';
import type { Tool, World } from '../world';

/** Groups that a Debian with libvirt has, and their numbers. */
const groupIds: Record<string, number> = { root: 0, sudo: 27, kvm: 104, libvirt: 111 };

const membersOf = ({ state }: World, group: string): string[] => state.groups?.[group] ?? [];

/** getent(1): `group NAME…`. */
export const getent: Tool = (world, [database, ...names]) => {
  if (database !== 'group') return fail(1, `Unknown database: ${database ?? ''}\n`);
  const found = names.filter((name) => Object.hasOwn(groupIds, name));
  const stdout = found.map((name) => `${name}:x:${groupIds[name]}:${membersOf(world, name).join(',')}\n`).join('');
  return found.length === names.length ? succeed(stdout) : fail(2, '', stdout);
};

/** gpasswd(1): `--add USER GROUP`, `--delete USER GROUP`. The only user is root. */
export const gpasswd: Tool = (world, [option, user = '', group = '']) => {
  if (user !== 'root') return fail(3, `gpasswd: user '${user}' does not exist\n`);
  if (!Object.hasOwn(groupIds, group)) return fail(3, `gpasswd: group '${group}' does not exist in /etc/group\n`);
  const members = membersOf(world, group);
  if (option === '--delete' && !members.includes(user)) return fail(3, `gpasswd: user '${user}' is not a member of '${group}'\n`, `Removing user ${user} from group ${group}\n`);
  world.state.groups = { ...world.state.groups, [group]: option === '--add' ? [...new Set([...members, user])] : members.filter((name) => name !== user) };
  return succeed(option === '--add' ? `Adding user ${user} to group ${group}\n` : `Removing user ${user} from group ${group}\n`);
};
