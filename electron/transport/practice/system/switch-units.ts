import type { UnitState } from '../host-state';
import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';

/** Verbs of systemctl(1) that change a unit; `--now` comes with enable, disable and mask. */
export const unitVerbs = ['enable', 'disable', 'start', 'stop', 'restart', 'mask', 'unmask'] as const;
type UnitVerb = (typeof unitVerbs)[number];

export const isUnitVerb = (verb: string): verb is UnitVerb => (unitVerbs as readonly string[]).includes(verb);

/** Exit codes and messages as of systemd 252. */
export function switchUnits({ state }: World, verb: UnitVerb, names: readonly string[], now: boolean): ToolResult {
  let messages = '';
  for (const name of names) {
    const unit = state.units.find((each) => each.name === name && each.load === 'loaded');
    if (!unit) return missing(verb, name);
    if (verb === 'enable' && unit.file === 'masked') return fail(1, `${messages}Failed to enable unit: Unit file /etc/systemd/system/${name} is masked.\n`);
    if (['start', 'restart'].includes(verb) && unit.file === 'masked') return fail(1, `${messages}Failed to ${verb} ${name}: Unit ${name} is masked.\n`);
    messages += change(unit, verb, now);
  }
  return { ...succeed(), stderr: messages };
}

function missing(verb: UnitVerb, name: string): ToolResult {
  switch (verb) {
    case 'start': case 'restart': return fail(5, `Failed to ${verb} ${name}: Unit ${name} not found.\n`);
    case 'stop': return fail(5, `Failed to stop ${name}: Unit ${name} not loaded.\n`);
    default: return fail(1, `Failed to ${verb} unit: Unit file ${name} does not exist.\n`);
  }
}

/** What it says about it, on stderr. */
function change(unit: UnitState, verb: UnitVerb, now: boolean): string {
  const place = unit.name.endsWith('.socket') ? 'sockets.target' : 'multi-user.target';
  const link = `/etc/systemd/system/${place}.wants/${unit.name}`;
  switch (verb) {
    case 'enable': {
      if (now) run(unit, true);
      if (unit.file !== 'disabled') return '';
      unit.file = 'enabled';
      return `Created symlink ${link} → /lib/systemd/system/${unit.name}.\n`;
    }
    case 'disable': {
      if (now) run(unit, false);
      if (unit.file !== 'enabled') return '';
      unit.file = 'disabled';
      return `Removed "${link}".\n`;
    }
    case 'mask': {
      if (now) run(unit, false);
      const known = unit.file === 'masked';
      unit.file = 'masked';
      return known ? '' : `Created symlink /etc/systemd/system/${unit.name} → /dev/null.\n`;
    }
    case 'unmask': {
      if (unit.file !== 'masked') return '';
      unit.file = 'disabled';
      return `Removed "/etc/systemd/system/${unit.name}".\n`;
    }
    case 'start': case 'restart': run(unit, true); return '';
    case 'stop': run(unit, false); return '';
  }
}

function run(unit: UnitState, active: boolean): void {
  unit.active = active ? 'active' : 'inactive';
  unit.sub = !active ? 'dead' : unit.name.endsWith('.socket') ? 'listening' : 'running';
}

/** True when libvirtd runs, or wakes because its socket listens, as asking it does. Hosts without such units have one that always runs. */
export function wakesLibvirt({ state }: World): boolean {
  const service = state.units.find((unit) => unit.name === 'libvirtd.service');
  if (!service || service.active === 'active') return true;
  const socket = state.units.find((unit) => unit.name === 'libvirtd.socket');
  if (socket?.active !== 'active') return false;
  run(service, true);
  return true;
}

/** Open vSwitch's database answers while its unit is on. */
export function runsOvs({ state }: World): boolean {
  return state.units.find((unit) => unit.name === 'openvswitch-switch.service')?.active !== 'inactive';
}
