import type { Plan, PlanStep } from '../plan';
import { makeRouterHostKey, makeRouterImage, removeRouterHostKey, removeRouterImage, routerImage } from '../router/router-image';
import type { RouterState } from '../router/router-state';
import { sameRouter } from '../router/router-state';
import { filesOfRouter } from '../router/router-xml';
import { hasRoot } from '../privilege';
import type { HostSnapshot } from '../snapshot';
import { forceMachineOff, startMachine } from './machine-commands';
import type { PlanDraft } from './planning-context';
import { defineRouter, readRules, setRouterAutostart, undefineRouter } from './router-commands';

/** A router with the state it has and the one it shall have. */
export interface RouterTransition {
  before: RouterState;
  after: RouterState;
  /** It runs, and has to boot anew for the change to be in force. */
  restart: boolean;
}

type Part = Omit<PlanDraft, 'title' | 'summary'>;
type Step = Omit<PlanStep, 'id'>;

const imageMs = 120_000;
const startMs = 60_000;

/**
 * Routers that go, for before the networks they are plugged into go, and those that are made or changed, for after theirs are there. The image they
 * boot is made after the first definition and removed before the last is gone, and the same with a jump box's own host key: cut off anywhere, nothing is there
 * that no lab knows.
 */
export function planRouters(transitions: readonly RouterTransition[], snapshot: HostSnapshot): { going: Part; coming: Part } {
  const going = transitions.filter(({ before, after }) => before.xml !== null && after.xml === null);
  const coming = transitions.filter((transition) => transition.after.xml !== null && changes(transition));
  const leaving = going.map(({ before }) => before.uuid);
  const stays = transitions.some(({ after }) => after.xml !== null) || snapshot.machines.some((machine) => machine.labRouter !== undefined && !leaving.includes(machine.uuid));
  const imageGoes = !stays && hasRoot(snapshot);
  const first = coming.find(boots);
  return {
    going: {
      steps: going.flatMap(({ before }, at) => removal(before, imageGoes && at === going.length - 1 ? leaving : null)),
      checks: going.filter(({ before }) => before.active).map(({ before }) => ({
        title: `The router ${before.name} no longer runs`, check: { kind: 'machine-state', uuid: before.uuid, state: 'shut-off', patienceMs: 10_000 },
      })),
      changes: going.map(({ before }) => ({ title: before.name, language: 'xml', before: before.xml, after: null })),
      notices: [
        ...going.flatMap(({ before }): Plan['notices'] => (isJumpBox(before) ? [{ severity: 'info', text: `The host key of ${before.name} goes with it: made again, it has another, and ssh says so to those who know this one.` }] : [])),
        ...going.flatMap(({ before }): Plan['notices'] => (before.active ? [{ severity: 'info', text: `What went through the router ${before.name} goes nowhere then, and the leases it handed out are forgotten.` }] : [])),
        ...going.length > 0 && !stays && !imageGoes ? [{ severity: 'info' as const, text: `What routers boot stays in ${routerImage.base}.*: it takes root to remove it.` }] : [],
      ],
    },
    coming: {
      steps: coming.flatMap((transition) => change(transition, transition === first)),
      checks: coming.filter(boots).map(({ after }) => ({
        title: `The router ${after.name} runs`, check: { kind: 'machine-state', uuid: after.uuid, state: 'running', patienceMs: 10_000 },
      })),
      changes: coming.filter(({ before, after }) => before.xml !== after.xml).map(({ before, after }) => ({ title: after.name, language: 'xml', before: before.xml, after: after.xml })),
      notices: coming.flatMap(({ before, restart }): Plan['notices'] => (restart ? [{ severity: 'warning', text: `The router ${before.name} boots anew: for some ten seconds nothing goes through it.` }] : [])),
    },
  };
}

const boots = ({ before, after, restart }: RouterTransition): boolean => after.active && (restart || !before.active);

function changes({ before, after, restart }: RouterTransition): boolean {
  return restart || !sameRouter(before.xml, after.xml) || before.active !== after.active || before.autostart !== after.autostart;
}

/** `leaving` null: the image stays. */
function removal(before: RouterState, leaving: readonly string[] | null): Step[] {
  const { uuid, name, xml, active, autostart } = before;
  return [
    ...active ? [off(uuid, name)] : [],
    ...isJumpBox(before) ? [hostKeyGone(uuid, name)] : [],
    ...leaving === null ? [] : [{
      title: 'Remove what routers boot', command: removeRouterImage(leaving), inverse: [makeRouterImage()], inverseTitle: 'Make what routers boot again', timeoutMs: imageMs,
    }],
    {
      title: `Remove the definition of the router ${name}`, command: undefineRouter(uuid),
      inverse: [defineRouter(name, xml ?? ''), ...autostart ? [setRouterAutostart(uuid, true)] : []], inverseTitle: `Define ${name} again`,
    },
  ];
}

function change(transition: RouterTransition, withImage: boolean): Step[] {
  const { before, after, restart } = transition;
  const { uuid, name, xml } = after;
  const isNew = xml !== null && !sameRouter(before.xml, xml);
  // A new definition takes the mark that it starts with the host along, and one that is made has none.
  const marked = before.xml !== null && before.autostart;
  return [
    ...isNew ? [{ title: `Have nft read the rules of ${name}`, command: readRules(xml), inverse: [], inverseTitle: 'Nothing was changed' }] : [],
    ...restart || (before.active && !after.active) ? [off(uuid, name)] : [],
    ...isNew ? [{
      title: before.xml === null ? `Define the router ${name}` : `Change the definition of the router ${name}`, command: defineRouter(name, xml),
      inverse: [before.xml === null ? undefineRouter(uuid) : defineRouter(name, before.xml)], inverseTitle: before.xml === null ? `Remove the definition of ${name}` : `Define ${name} as it was`,
    }] : [],
    ...withImage ? [{
      title: 'Make what routers boot from this host\'s own kernel and programs, if it isn\'t there', command: makeRouterImage(),
      inverse: [removeRouterImage(before.xml === null ? [uuid] : [])], inverseTitle: 'Remove it, if no other router boots it', timeoutMs: imageMs,
    }] : [],
    ...isJumpBox(after) && boots(transition) ? [{
      title: `Make the host key of ${name}, if it isn't there`, command: makeRouterHostKey(uuid),
      inverse: isJumpBox(before) ? [] : [removeRouterHostKey(uuid)], inverseTitle: isJumpBox(before) ? 'It stays' : 'Remove it',
    }] : [],
    ...isJumpBox(before) && !isJumpBox(after) ? [hostKeyGone(uuid, name)] : [],
    ...after.autostart === marked ? [] : [{
      title: after.autostart ? `Start ${name} with the host` : `Don't start ${name} with the host`, command: setRouterAutostart(uuid, after.autostart),
      inverse: [setRouterAutostart(uuid, marked)], inverseTitle: marked ? `Start ${name} with the host` : `Don't start ${name} with the host`,
    }],
    ...boots(transition) ? [{ title: `Start the router ${name}`, command: startMachine(uuid), inverse: [forceMachineOff(uuid)], inverseTitle: `Switch ${name} off`, timeoutMs: startMs }] : [],
  ];
}

const isJumpBox = ({ xml }: RouterState): boolean => xml !== null && filesOfRouter(xml).hostkey !== undefined;

function hostKeyGone(uuid: string, name: string): Step {
  return { title: `Remove the host key of ${name}`, command: removeRouterHostKey(uuid), inverse: [makeRouterHostKey(uuid)], inverseTitle: 'Make a new one' };
}

/** It keeps nothing that a shutdown would save. */
function off(uuid: string, name: string): Step {
  return { title: `Switch the router ${name} off`, command: forceMachineOff(uuid), inverse: [startMachine(uuid)], inverseTitle: `Start ${name} again`, timeoutMs: startMs };
}
