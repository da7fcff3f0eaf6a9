import { sameDefinition } from '../network-xml/same-definition';
import { parseNetwork } from '../network-xml/parse-network';
import type { Command } from '../plan';
import { holdsEntry } from './live-updates';
import type { PreflightFacts } from '../preflight/facts';
import type { HostSnapshot } from '../snapshot';
import { seesSwitches } from '../switch-state';
import { machineEffectHolds } from './machine-effect';
import { routerEffectHolds } from './router-commands';
import { systemEffectHolds } from './system-effect';

/** The host as just reread. */
export interface Observation {
  snapshot: HostSnapshot;
  /** Of preflight; only read where a command of the system is in question. */
  facts?: PreflightFacts | null;
  xmlOf: (uuid: string) => { running: string | null; persistent: string | null } | null;
  machineXmlOf: (uuid: string) => { running: string | null; persistent: string | null } | null;
}

/**
 * Whether the host is as this command would leave it, for when its own answer was lost or a failure. Knows the commands
 * of `network-commands.ts`, `machine-commands.ts` and `system-steps.ts`; null for any other. `extent` matters where one command does several things.
 */
export function effectHolds(command: Command, observed: Observation, extent: 'all' | 'any' = 'all'): boolean | null {
  const { argv } = command;
  const ofRouter = routerEffectHolds(command, observed, extent);
  if (ofRouter !== null) return ofRouter;
  if (argv[0] === 'ip') return tapIsPlugged(argv, observed.snapshot);
  if (argv[0] === 'ovs-vsctl') return switchIsThere(argv, observed.snapshot);
  if (argv[0] !== 'virsh') return observed.facts ? systemEffectHolds(command, observed.facts, extent) : null;
  const [verb, reference = ''] = argv.slice(3);
  const ofMachine = machineEffectHolds(command, observed);
  if (ofMachine !== null) return ofMachine;
  const xml = command.stdin?.text;
  if (verb === 'net-define' || verb === 'net-create') return xml === undefined ? null : isDefined(xml, verb === 'net-define', observed);
  const network = observed.snapshot.networks.find((item) => item.uuid === reference || item.name === reference);
  switch (verb) {
    case 'net-undefine': return !network?.persistent;
    case 'net-start': return network?.active === true;
    case 'net-destroy': return network?.active !== true;
    case 'net-update': return network ? updateHolds(argv, observed.xmlOf(network.uuid), network.active) : false;
    case 'net-autostart': return network !== undefined && network.autostart === !argv.includes('--disable');
    default: return null;
  }
}

/** In the definition and, where it runs, in what runs: a command that reached only one of the two did not do its work. */
function updateHolds(argv: readonly string[], xml: { running: string | null; persistent: string | null } | null, active: boolean): boolean | null {
  const [action, section = ''] = argv.slice(5);
  const entry = argv[argv.indexOf('--xml') + 1];
  if (!argv.includes('--xml') || entry === undefined || !xml) return null;
  const documents = [argv.includes('--config') ? xml.persistent : null, active && argv.includes('--live') ? xml.running : null].filter((text) => text !== null);
  return documents.length > 0 && documents.every((text) => holdsEntry(text, section, entry) === (action !== 'delete'));
}

function isDefined(xml: string, persistent: boolean, { snapshot, xmlOf }: Observation): boolean {
  const { uuid, name } = parseNetwork(xml);
  const network = snapshot.networks.find((item) => item.uuid === uuid || item.name === name);
  const held = network ? xmlOf(network.uuid) : null;
  const text = persistent ? held?.persistent : held?.running;
  return typeof text === 'string' && sameDefinition(xml, text);
}

/** Without a look at the bridges themselves nobody can tell. */
function switchIsThere(argv: readonly string[], snapshot: HostSnapshot): boolean | null {
  const at = argv.findIndex((word) => word === 'add-br' || word === 'del-br');
  if (at < 0 || !seesSwitches(snapshot)) return null;
  return snapshot.ovsBridges.some((bridge) => bridge.name === argv[at + 1]) === (argv[at] === 'add-br');
}

function tapIsPlugged(argv: readonly string[], snapshot: HostSnapshot): boolean | null {
  const tap = argv[argv.indexOf('dev') + 1];
  const bridge = argv[argv.indexOf('master') + 1];
  if (!argv.includes('dev') || !argv.includes('master')) return null;
  const device = snapshot.interfaces.find((item) => item.name === tap);
  return device !== undefined && device.controller === bridge && device.adminUp;
}
