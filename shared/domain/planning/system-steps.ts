import type { Command, PlanCheck, PlanStep } from '../plan';
import type { SystemItem, SystemItemOf } from '../preflight/system-item';

type Draft = Omit<PlanStep, 'id'>;
type Unit = SystemItemOf<'unit'>;
interface UnitTransition { before: Unit; after: Unit }

/** One thing of the system with the state it has and the one it shall have. */
export interface SystemTransition {
  before: SystemItem;
  after: SystemItem;
}

const systemctl = (verbs: readonly string[], units: readonly string[]): Command => ({ argv: ['systemctl', ...verbs, ...units] });

/**
 * Steps with exact inverses. Units that take the same way go in one command. What is switched off goes first; then all masks
 * fall, for a socket can't start while its service is masked.
 */
export function systemSteps(transitions: readonly SystemTransition[]): Draft[] {
  const units = transitions.filter(isUnit);
  const off = units.filter(({ after }) => !after.active);
  const on = units.filter(({ after }) => after.active);
  const unmask = on.filter(isUnmasked).map(({ before }) => ({ before, after: unmasked(before) }));
  const unmaskedOn = on.map((transition) => (isUnmasked(transition) ? { ...transition, before: unmasked(transition.before) } : transition));
  return [
    ...unitSteps(off.filter(({ after }) => isSocket(after))), ...unitSteps(off.filter(({ after }) => !isSocket(after))),
    ...unitSteps(unmask),
    ...unitSteps(unmaskedOn.filter(({ after }) => isSocket(after))), ...unitSteps(unmaskedOn.filter(({ after }) => !isSocket(after))),
    ...transitions.flatMap(({ before, after }) => otherSteps(before, after)),
  ];
}

const isUnmasked = ({ before, after }: UnitTransition): boolean => before.enabled === 'masked' && after.enabled !== 'masked';
const unmasked = (unit: Unit): Unit => ({ ...unit, enabled: 'disabled' });

function isUnit(transition: SystemTransition): transition is UnitTransition {
  return transition.before.kind === 'unit' && transition.after.kind === 'unit';
}

const isSocket = (unit: Unit): boolean => unit.unit.endsWith('.socket');

/** systemctl(1): sockets and services apart, for a socket can't be started while its service runs without it. */
function unitSteps(transitions: readonly UnitTransition[]): Draft[] {
  const groups = new Map<string, UnitTransition[]>();
  for (const transition of transitions) {
    const { before, after } = transition;
    const key = [before.enabled, before.active, after.enabled, after.active].join(' ');
    groups.set(key, [...groups.get(key) ?? [], transition]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const names = group.map(({ after }) => after.unit);
    return ways(first.before, first.after).map(({ verbs, inverse, title, inverseTitle }): Draft => ({
      title: `${title} ${names.join(', ')}`, command: systemctl(verbs, names),
      inverse: inverse.map((way) => systemctl(way, names)), inverseTitle: `${inverseTitle} ${names.join(', ')}`, timeoutMs: 120_000,
    }));
  });
}

interface Way { verbs: readonly string[]; inverse: readonly (readonly string[])[]; title: string; inverseTitle: string }

/** From one state of a unit to another. */
function ways(before: Unit, after: Unit): Way[] {
  const found: Way[] = [];
  if (isUnmasked({ before, after })) found.push({ verbs: ['unmask'], inverse: [['mask']], title: 'Unmask', inverseTitle: 'Mask' });
  const enables = after.enabled === 'enabled' && before.enabled !== 'enabled' && before.enabled !== 'other';
  const disables = after.enabled !== 'enabled' && before.enabled === 'enabled';
  const starts = after.active && !before.active;
  const stops = !after.active && before.active;
  if (enables && starts) found.push({ verbs: ['enable', '--now'], inverse: [['disable', '--now']], title: 'Enable and start', inverseTitle: 'Disable and stop' });
  else if (disables && stops) found.push({ verbs: ['disable', '--now'], inverse: [['enable', '--now']], title: 'Disable and stop', inverseTitle: 'Enable and start' });
  else {
    if (enables) found.push({ verbs: ['enable'], inverse: [['disable']], title: 'Enable', inverseTitle: 'Disable' });
    if (disables) found.push({ verbs: ['disable'], inverse: [['enable']], title: 'Disable', inverseTitle: 'Enable' });
    if (starts) found.push({ verbs: ['start'], inverse: [['stop']], title: 'Start', inverseTitle: 'Stop' });
    if (stops) found.push({ verbs: ['stop'], inverse: [['start']], title: 'Stop', inverseTitle: 'Start' });
  }
  if (after.enabled === 'masked' && before.enabled !== 'masked') found.push({ verbs: ['mask'], inverse: [['unmask']], title: 'Mask', inverseTitle: 'Unmask' });
  return found;
}

function otherSteps(before: SystemItem, after: SystemItem): Draft[] {
  if (after.kind === 'member' && before.kind === 'member') {
    const put = (member: boolean): Command => ({ argv: ['gpasswd', member ? '--add' : '--delete', after.user, after.group] });
    const words = (member: boolean): string => (member ? `Add ${after.user} to group ${after.group}` : `Remove ${after.user} from group ${after.group}`);
    return [{ title: words(after.member), command: put(after.member), inverse: [put(before.member)], inverseTitle: words(before.member) }];
  }
  if (after.kind === 'sysctl' && before.kind === 'sysctl') {
    const set = (value: string): Command => ({ argv: ['sysctl', '-w', `${after.key}=${value}`] });
    return [{ title: `Set ${after.key} to ${after.value}`, command: set(after.value), inverse: [set(before.value)], inverseTitle: `Set ${after.key} to ${before.value} again` }];
  }
  if (after.kind === 'file' && before.kind === 'file') {
    const restart = systemctl(['restart'], [after.reader]);
    return [
      { title: after.text === null ? `Remove ${after.path}` : `Write ${after.path}`, command: putFile(after), inverse: [putFile(before)], inverseTitle: before.text === null ? `Remove ${after.path}` : `Write ${after.path} as it was` },
      // Taking back runs backwards: the file is as it was only after this step's own inverse, so it brings the file along.
      { title: `Restart ${after.reader}`, command: restart, inverse: [putFile(before), restart], inverseTitle: `Restart ${after.reader} as it was`, timeoutMs: 120_000 },
    ];
  }
  return [];
}

/** install(1) writes a new file and moves it into place with the mode it shall have. */
function putFile({ path, text }: SystemItemOf<'file'>): Command {
  if (text === null) return { argv: ['rm', '-f', path] };
  return { argv: ['install', '-D', '-m', '0644', '/dev/stdin', path], stdin: { name: path.slice(path.lastIndexOf('/') + 1), text } };
}

/** What must be true once the steps are done. */
export function systemChecks(transitions: readonly SystemTransition[]): Omit<PlanCheck, 'id'>[] {
  return transitions.flatMap(({ after }): Omit<PlanCheck, 'id'>[] => {
    switch (after.kind) {
      case 'unit': {
        const enabled = after.enabled === 'other' || after.enabled === 'absent' ? null : after.enabled === 'enabled';
        return [{
          title: after.active ? `${after.unit} runs${enabled ? ', and starts with the host' : ''}` : `${after.unit} is off`,
          check: { kind: 'unit-state', unit: after.unit, active: after.active, enabled },
        }];
      }
      case 'member': return [{
        title: after.member ? `Group ${after.group} has ${after.user}` : `Group ${after.group} no longer has ${after.user}`,
        check: { kind: 'group-member', group: after.group, user: after.user, member: after.member },
      }];
      case 'sysctl': return [{ title: `${after.key} is ${after.value}`, check: { kind: 'sysctl-value', key: after.key, value: after.value } }];
      case 'file': return [{ title: `${after.reader} runs`, check: { kind: 'unit-state', unit: after.reader, active: true, enabled: null } }];
    }
  });
}
