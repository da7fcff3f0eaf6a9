import { isOn } from '../machine-state';
import { isFromPool } from '../machine-xml/is-from-pool';
import { nicDocument, nicDocuments } from '../machine-xml/nic-documents';
import { placeOf } from '../machine-xml/nic-place';
import { parseMachine } from '../machine-xml/parse-machine';
import type { NicInXml } from '../machine-xml/parse-machine';
import { readRoleMarksXml } from '../machine-xml/role-marks-xml';
import type { Command } from '../plan';
import type { Observation } from './command-effect';

/** Whether a machine is as this command of `machine-commands.ts` would leave it; null for any other. */
export function machineEffectHolds({ argv, stdin }: Command, { snapshot, machineXmlOf }: Observation): boolean | null {
  const [verb, uuid = ''] = argv.slice(3);
  const machine = snapshot.machines.find((item) => item.uuid === uuid);
  switch (verb) {
    case 'start': return machine !== undefined && isOn(machine);
    case 'destroy': return machine === undefined || !isOn(machine);
    // A guest that was asked may be on its way: only one that is off, or going, shows that the request came through.
    case 'shutdown': return machine === undefined || !isOn(machine) || machine.state === 'shutting-down';
    case 'metadata': return marksHold(argv, machineXmlOf(uuid));
    case 'attach-device': case 'detach-device': case 'update-device': case 'domif-setlink': break;
    default: return null;
  }
  const xml = machineXmlOf(uuid);
  const text = argv.includes('--config') ? xml?.persistent : xml?.running;
  const nics = text ? nicDocuments(text).map(({ nic }) => nic) : [];
  if (verb === 'domif-setlink') return nics.some((nic) => nic.mac === argv[5]?.toLowerCase() && nic.link === argv[6]);
  const wanted = nicDocument(stdin?.text ?? '').nic;
  const held = nics.find((nic) => nic.mac === wanted.mac);
  if (verb === 'detach-device') return held === undefined;
  return held !== undefined && says(held, wanted);
}

/** On each side that it was to be written on. */
function marksHold(argv: readonly string[], xml: { running: string | null; persistent: string | null } | null): boolean {
  const wanted = argv.includes('--set') ? readRoleMarksXml(argv[argv.indexOf('--set') + 1] ?? '<roles/>') : [];
  const texts = [argv.includes('--config') ? xml?.persistent : null, argv.includes('--live') ? xml?.running : null].filter((text) => typeof text === 'string');
  return texts.length > 0 && texts.every((text) => JSON.stringify(parseMachine(text).labRoles) === JSON.stringify(wanted));
}

/** All that a command could have changed in place. */
function says(held: NicInXml, wanted: NicInXml): boolean {
  return (placeOf(held) === placeOf(wanted) || isFromPool(held, wanted)) && held.link === wanted.link && (wanted.model === null || held.model === wanted.model)
    && JSON.stringify(held.bandwidth) === JSON.stringify(wanted.bandwidth);
}
