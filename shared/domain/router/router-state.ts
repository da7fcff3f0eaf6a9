import { z } from 'zod';
import { isOn } from '../machine-state';
import type { HostSnapshot } from '../snapshot';
import { routerEssence } from './router-xml';

/** A router as a plan finds or leaves it; `xml`: its definition, null: there is none. */
export const routerStateSchema = z.object({ uuid: z.string(), name: z.string(), xml: z.string().nullable(), active: z.boolean(), autostart: z.boolean() });
export type RouterState = z.infer<typeof routerStateSchema>;

interface Observed { snapshot: HostSnapshot; machineXmlOf: (uuid: string) => { running: string | null; persistent: string | null } | null }

/** How the host has a router now; null when it has none of this UUID. */
export function routerStateOf(uuid: string, { snapshot, machineXmlOf }: Observed): RouterState | null {
  const machine = snapshot.machines.find((item) => item.uuid === uuid);
  if (!machine) return null;
  const xml = machineXmlOf(uuid)?.persistent ?? null;
  return { uuid, name: machine.name, xml: xml === null ? null : `${xml.trim()}\n`, active: isOn(machine), autostart: machine.autostart };
}

/** How these routers are now; one that isn't there keeps its name and has no definition. */
export function routerStatesOf(routers: readonly RouterState[], observed: Observed): RouterState[] {
  return routers.map(({ uuid, name }) => routerStateOf(uuid, observed) ?? { uuid, name, xml: null, active: false, autostart: false });
}

/** libvirt adds to a definition what it was not told: only what a router depends on counts. */
export function sameRouter(a: string | null, b: string | null): boolean {
  return a === null || b === null ? a === b : routerEssence(a) === routerEssence(b);
}
