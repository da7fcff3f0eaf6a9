import type { PreflightFacts } from './facts';
import { fixOf } from './remedy';
import type { Observed } from './rule';

/** Groups that the distributions' sudoers files let use sudo. */
const sudoGroups = ['sudo', 'wheel', 'admin'];

/** What this user may do, and how it could be more. */
export function rightsRules(facts: PreflightFacts): Observed[] {
  const { user, privilege, libvirtMembers, sessionGroups } = facts;
  if (user === 'root' || privilege === 'root') return [{ passed: 'You are root: everything is allowed' }];
  const listed = libvirtMembers?.includes(user) ?? false;
  const inSession = sessionGroups.includes('libvirt');
  if (listed && !inSession) return [reconnect(facts)];
  if (privilege === 'libvirt-group') return [{ passed: `${user} is in group libvirt: networks and machines can be changed. Packages and services take sudo or root` }];
  if (privilege === 'read-only') return [readOnly(facts)];
  if (libvirtMembers === null || inSession) return [{ passed: `${user} has root's rights by ${privilege === 'doas' || privilege === 'pkexec' ? privilege : 'sudo'}` }];
  return [{
    code: 'rights.not-in-group', severity: 'note', title: `${user} is not in group libvirt`, detail: `Netwright works by ${privilege === 'doas' || privilege === 'pkexec' ? privilege : 'sudo'} on this host; group libvirt has ${libvirtMembers.length === 0 ? 'no members' : `the ${libvirtMembers.length === 1 ? 'member' : 'members'} ${libvirtMembers.join(', ')}`}.`,
    meaning: `Nothing is missing here. virsh and virt-manager without sudo are refused for ${user}.`,
  }];
}

function reconnect({ user, privilege }: PreflightFacts): Observed {
  const limited = privilege === 'read-only';
  return {
    code: 'rights.reconnect', severity: limited ? 'warning' : 'note', title: `${user} is in group libvirt since this session began`,
    detail: 'The host\'s list of groups has it, the session doesn\'t: groups are read at login.',
    meaning: limited ? 'This session may still only read. A new one may change networks and machines.' : 'It is in force with the next session.',
    fix: { kind: 'reconnect', text: 'Connect again to have it.' },
  };
}

function readOnly(facts: PreflightFacts): Observed {
  const { user, libvirtMembers, sessionGroups } = facts;
  const maySudo = sessionGroups.some((group) => sudoGroups.includes(group));
  const fix = libvirtMembers === null ? null : fixOf('rights.not-in-group', facts);
  const text = maySudo
    ? `${user} may use sudo: switch on “Use sudo” for this host. Or add ${user} to group libvirt, and connect again.`
    : 'Run this as root, or as somebody who may use sudo, and connect again.';
  return {
    code: 'rights.read-only', severity: 'warning', title: `${user} may only look`,
    detail: `${user} is not in group libvirt, and this session has no root rights${maySudo ? ' (sudo is switched off for this host)' : ''}. polkit lets such users read libvirt, not change it.`,
    meaning: 'Plans can be looked at and copied, but not applied.',
    fix: { kind: 'manual', text: fix === null && !maySudo ? 'This host has no group libvirt: connect as root, or as a user who may use sudo.' : text, script: fix && fix.kind !== 'reconnect' ? fix.script : null },
  };
}
