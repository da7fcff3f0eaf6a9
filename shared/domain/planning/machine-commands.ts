import type { RoleMark } from '../labs/role-mark';
import { roleMarksNamespace, roleMarksPrefix, roleMarksXml } from '../machine-xml/role-marks-xml';
import type { Command } from '../plan';

/** The commands that plans for machines are made of. Source: virsh(1), DEVICE COMMANDS and DOMAIN COMMANDS. */

/** One of the two XMLs of a machine. */
export type Side = 'running' | 'definition';

const virsh = (...words: string[]): string[] => ['virsh', '-c', 'qemu:///system', ...words];
const flagOf = (side: Side): string => (side === 'running' ? '--live' : '--config');

function withDevice(verb: string, uuid: string, side: Side, xml: string): Command {
  return { argv: virsh(verb, uuid, '/dev/stdin', flagOf(side)), stdin: { name: 'interface.xml', text: `${xml}\n` } };
}

export const attachDevice = (uuid: string, side: Side, xml: string): Command => withDevice('attach-device', uuid, side, xml);
/** While running it only asks the guest to let go; exit code 0 doesn't say that it did (seen with libvirt 9.0 while a guest boots). */
export const detachDevice = (uuid: string, side: Side, xml: string): Command => withDevice('detach-device', uuid, side, xml);
/** Finds the NIC by its MAC and, where the XML has one, its address. */
export const updateDevice = (uuid: string, side: Side, xml: string): Command => withDevice('update-device', uuid, side, xml);

export const setLink = (uuid: string, side: Side, mac: string, up: boolean): Command => ({
  argv: virsh('domif-setlink', uuid, mac, up ? 'up' : 'down', ...side === 'definition' ? ['--config'] : []),
});

/** Writes which labs a machine is part of; none: takes it out, which does no harm where there is nothing. */
export const setRoleMarks = (uuid: string, sides: readonly Side[], marks: readonly RoleMark[]): Command => ({
  argv: virsh('metadata', uuid, '--uri', roleMarksNamespace, ...marks.length === 0 ? ['--remove'] : ['--key', roleMarksPrefix, '--set', roleMarksXml(marks)], ...sides.map(flagOf)),
});

export const startMachine = (uuid: string): Command => ({ argv: virsh('start', uuid) });
export const shutDownMachine = (uuid: string): Command => ({ argv: virsh('shutdown', uuid) });
export const forceMachineOff = (uuid: string): Command => ({ argv: virsh('destroy', uuid) });
