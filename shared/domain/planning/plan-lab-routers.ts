import { routersOfLab } from '../labs/labs-on-host';
import type { LabIntent } from '../intent';
import type { ResolvedRouter } from '../labs/lab-intent';
import { AppError } from '../../errors/app-error';
import type { HistoryEntry } from '../plan';
import { buildRouterXml } from '../router/router-xml';
import { routerStateOf, sameRouter } from '../router/router-state';
import type { RouterState } from '../router/router-state';
import type { HostSnapshot } from '../snapshot';
import type { Intent } from '../intent';
import type { PlanningContext } from './planning-context';
import { planRouters } from './router-transition';
import type { RouterTransition } from './router-transition';

/** The routers that an intent makes, changes or removes, or its undo takes back: their definitions have to be read before it is planned. */
export function touchedRouters(intent: Intent, entry: HistoryEntry | null, snapshot: HostSnapshot): { uuid: string; name: string }[] {
  if (intent.kind === 'undo') return (entry?.routers?.before ?? []).map(({ uuid, name }) => ({ uuid, name }));
  if (intent.kind !== 'lab.apply' && intent.kind !== 'lab.destroy') return [];
  const owned = routersOfLab(intent.lab, snapshot).map(({ uuid, name }) => ({ uuid, name }));
  const wanted = intent.kind === 'lab.apply' ? intent.routers.map(({ uuid, spec }) => ({ uuid, name: spec.name })) : [];
  return [...owned, ...wanted.filter(({ uuid }) => !owned.some((router) => router.uuid === uuid))];
}

/** From the routers that the host has of a lab to those that are wanted. `going` comes before the networks' own steps, `coming` after them. Throws AppError `plan.invalid`. */
export function planLabRouters(intent: LabIntent, context: PlanningContext): ReturnType<typeof planRouters> {
  const wanted = intent.kind === 'lab.apply' ? intent.routers : [];
  const gone = routersOfLab(intent.lab, context.snapshot).filter(({ uuid }) => !wanted.some((router) => router.uuid === uuid));
  const removed = gone.flatMap(({ uuid }): RouterTransition[] => {
    const before = routerStateOf(uuid, context);
    return before ? [{ before, after: { ...before, xml: null, active: false, autostart: false }, restart: false }] : [];
  });
  return planRouters([...removed, ...wanted.map((router) => transitionTo(intent.lab, router, context))], context.snapshot);
}

function transitionTo(lab: string, { key, uuid, spec, autostart }: ResolvedRouter, context: PlanningContext): RouterTransition {
  const { snapshot, machineXmlOf } = context;
  const existing = snapshot.machines.find((machine) => machine.uuid === uuid);
  if (existing && existing.labRouter?.lab !== lab) throw new AppError('plan.invalid', 'A machine of somebody else', `“${existing.name}” has the UUID that this lab wants for a router, and is none of its.`);
  const before = routerStateOf(uuid, context) ?? { uuid, name: spec.name, xml: null, active: false, autostart: false };
  const xml = buildRouterXml(uuid, spec, { lab, key }, { architecture: snapshot.system.architecture, kvm: snapshot.system.kvm === true });
  const running = machineXmlOf(uuid)?.running ?? null;
  return {
    before, after: { ...before, xml: sameRouter(before.xml, xml) ? before.xml : xml, active: true, autostart },
    restart: before.active && !(running !== null && sameRouter(running, xml) && sameRouter(before.xml, xml)),
  };
}

/** Routers back to the state before an entry. Throws `undo.refused` when one is not as the entry left it. */
export function planRoutersUndo(entry: HistoryEntry | null, context: PlanningContext): ReturnType<typeof planRouters> {
  const { before, after } = entry?.routers ?? { before: [], after: [] };
  return planRouters(before.map((wanted, at): RouterTransition => {
    const current = routerStateOf(wanted.uuid, context) ?? { ...wanted, xml: null, active: false, autostart: false };
    const moved = differenceOf(after?.[at] ?? current, current);
    if (moved !== null) throw new AppError('undo.refused', 'This can\'t be undone', `“${entry?.run.plan.title ?? ''}”: ${moved}`);
    return { before: current, after: wanted, restart: current.active && wanted.active && !sameRouter(current.xml, wanted.xml) };
  }), context.snapshot);
}

/** What changed since, in a sentence; null when nothing did. */
export function differenceOf(left: RouterState, current: RouterState): string | null {
  const name = `The router ${left.name}`;
  if (left.xml !== null && current.xml === null) return `${name} was removed in the meantime.`;
  if (left.xml === null && current.xml !== null) return `${name} was made anew in the meantime.`;
  if (!sameRouter(left.xml, current.xml)) return `The definition of ${left.name} was changed in the meantime.`;
  if (left.active !== current.active) return `${name} was ${current.active ? 'started' : 'switched off'} in the meantime.`;
  if (left.autostart !== current.autostart) return `${name} was set to ${current.autostart ? 'start' : 'no longer start'} with the host in the meantime.`;
  return null;
}
