import { AppError } from '../../errors/app-error';
import type { NetworkIntent } from '../intent';
import { networkKindLabel } from '../network-kinds';
import { checkNetworkXml } from '../network-xml/check-network-xml';
import { readIdentity, withIdentity } from '../network-xml/network-identity';
import { parseNetwork } from '../network-xml/parse-network';
import type { NetworkState, Plan } from '../plan';
import type { XmlProblem } from '../xml-problem';
import { stateOf } from './network-state';
import type { PlanningContext } from './planning-context';
import { listNames, machinesOn } from './plugged-machines';
import type { Proposal } from './proposal';

type DefineIntent = Extract<NetworkIntent, { kind: 'network.define' }>;

/**
 * A definition as it was typed: of a new network, or in place of the one there is. The document goes to libvirt as it is, but for a
 * UUID where it names none. Throws AppError `plan.invalid` (field `xml`), `plan.stale` when the definition is no longer the one it
 * was made from, `not-found`.
 */
export function defineNetworkXml(intent: DefineIntent, context: PlanningContext): Proposal {
  const before = stateOf(intent.uuid, context);
  const edited = before === null ? null : intent.uuid;
  const problems = checkNetworkXml(intent.xml, { snapshot: context.snapshot, used: context.used, uuid: edited });
  const error = problems.find((problem) => problem.severity === 'error');
  if (error) throw invalid('The definition can\'t be used like this', placed(error));
  const xml = withUuid(intent);
  const name = readIdentity(xml).name ?? '';
  const proposal = before === null ? createFrom(intent, xml, name) : replace(intent, before, xml, name, context);
  return { ...proposal, notices: [...noticesOf(problems), ...proposal.notices ?? []] };
}

function createFrom(intent: DefineIntent, xml: string, name: string): Proposal {
  if (intent.basedOn !== null) throw new AppError('not-found', 'No such network', 'It is not on this host any more; perhaps it was deleted in the meantime.');
  const before: NetworkState = { uuid: intent.uuid, name, xml: null, active: false, autostart: false };
  const definition = parseNetwork(xml);
  return {
    title: `Create the network ${name}`,
    summary: `A network of the kind ${networkKindLabel[definition.kind]}, as the document says.`,
    transitions: [{ before, after: { ...before, xml, active: intent.start, autostart: intent.autostart }, restart: false }],
  };
}

function replace(intent: DefineIntent, before: NetworkState, xml: string, name: string, context: PlanningContext): Proposal {
  if (intent.basedOn === null) throw invalid('The network exists already', `“${before.name}” has this UUID. Edit it, or give the document another UUID.`);
  if (before.persistent === false || before.xml === null) {
    throw invalid('A transient network', `“${before.name}” has no definition, so it can't be changed. It is gone once it is stopped.`);
  }
  if (before.xml.trim() !== intent.basedOn.trim()) {
    throw new AppError('plan.stale', 'The definition has changed on the host', `Somebody changed “${before.name}” since you opened it. Nothing was done.`, {
      hint: 'Compare the two, and choose what to keep.', field: 'xml',
    });
  }
  const isRenamed = name !== before.name;
  if (isRenamed) refuseRename(intent, before, name, context);
  const isChanged = isRenamed || xml.trim() !== before.xml.trim();
  const after: NetworkState = { ...before, name, xml: isChanged ? xml : before.xml, active: before.active || intent.start, autostart: intent.autostart };
  const restart = before.active && isChanged && intent.when === 'now';
  return {
    title: isRenamed ? `Rename the network ${before.name} to ${name}` : `Change the network ${before.name}`,
    summary: isRenamed ? renameSummary(before, context)
      : restart ? 'The new definition is in force at once: the network is stopped and started.'
        : before.active && isChanged ? 'The new definition waits for the network\'s next start; until then nothing changes for the machines on it.'
          : 'The new definition is in force when the network starts.',
    transitions: [{ before, after, restart }],
    notices: isRenamed ? renameNotices(before, context) : [],
  };
}

function renameSummary({ name }: NetworkState, { snapshot }: PlanningContext): string {
  const { running, stopped } = machinesOn(snapshot, name);
  const users = [...running, ...stopped];
  const moved = users.length === 0 ? '' : ` Machines refer to a network by its name: the NICs of ${listNames(users)} are moved to the new one.`;
  return `libvirt can't rename a network: it is removed, and defined again under the new name with the same UUID.${moved}`;
}

function renameNotices({ name, active }: NetworkState, { snapshot }: PlanningContext): Plan['notices'] {
  if (!active) return [];
  const { running } = machinesOn(snapshot, name);
  return running.length === 0 ? [{ severity: 'info', text: `${name} is stopped for a moment.` }]
    : [{ severity: 'warning', text: `${name} is stopped for a moment: ${listNames(running)} ${running.length === 1 ? 'loses its' : 'lose their'} connection until the new one runs, and ${running.length === 1 ? 'keeps its NIC and its' : 'keep their NICs and'} addresses.` }];
}

/** Running machines stay plugged in where libvirt changes nothing but the name: on a Linux bridge (seen with libvirt 9.0). */
function refuseRename(intent: DefineIntent, before: NetworkState, name: string, { snapshot }: PlanningContext): void {
  const { running } = machinesOn(snapshot, before.name);
  const kind = before.xml === null ? null : parseNetwork(before.xml).kind;
  if (running.length > 0 && (kind === 'ovs' || kind === 'macvtap' || kind === 'sriov')) {
    throw new AppError('plan.invalid', 'Running machines use this network by its name', `${listNames(running)} ${running.length === 1 ? 'has a NIC' : 'have NICs'} on “${before.name}”, and libvirt would have to plug ${running.length === 1 ? 'it' : 'them'} in anew to know it as “${name}”.`, {
      hint: 'Shut them down, rename the network (their NICs are moved to the new name), and start them again.', field: 'xml',
    });
  }
  if (before.active && intent.when === 'next-start') {
    throw new AppError('plan.invalid', 'A running network can\'t be renamed', `“${before.name}” has to be stopped for it.`, { hint: 'Choose to restart it now, or stop it first.', field: 'xml' });
  }
}

function withUuid(intent: DefineIntent): string {
  const { uuid } = readIdentity(intent.xml);
  if (uuid === intent.uuid) return intent.xml;
  if (uuid !== null) throw invalid('The UUID does not fit', `The document says ${uuid}, and the network is ${intent.uuid}.`);
  return withIdentity(intent.xml, { uuid: intent.uuid });
}

function noticesOf(problems: readonly XmlProblem[]): Plan['notices'] {
  return problems.flatMap((problem) => (problem.severity === 'error' ? [] : [{ severity: problem.severity, text: placed(problem) }]));
}

function placed({ line, message }: XmlProblem): string {
  return line === null ? message : `Line ${line}: ${message}`;
}

function invalid(title: string, detail: string): AppError {
  return new AppError('plan.invalid', title, detail, { field: 'xml' });
}
