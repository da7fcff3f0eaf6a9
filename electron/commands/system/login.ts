/** The user of the session, and the groups it began with. Source: id(1). */
export const userNameArgv: readonly string[] = ['id', '-un'];
export const sessionGroupsArgv: readonly string[] = ['id', '-nG'];

/** One line of group(5), from whatever sources nsswitch.conf(5) names; exits 2 when there is no such group. */
export const groupArgv = (group: string): readonly string[] => ['getent', 'group', group];

/** useradd(8): what a plan may put into a command. */
const userName = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}\$?$/;

/** Null when it is no name of a user. */
export function parseUserName(stdout: string): string | null {
  const name = stdout.trim();
  return userName.test(name) ? name : null;
}

export const parseGroups = (stdout: string): string[] => stdout.split(/\s+/).filter(Boolean);

/** Members that the group's line names (those whose primary group it is are not there); null when there is no line. */
export function parseGroupMembers(stdout: string): string[] | null {
  const fields = stdout.split('\n')[0]?.split(':') ?? [];
  return fields.length >= 4 ? (fields[3] ?? '').split(',').map((name) => name.trim()).filter(Boolean) : null;
}
