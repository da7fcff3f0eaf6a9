import type { HostSnapshot } from './snapshot';

/** Every name that an interface has, or will have as soon as a defined network starts. */
export function takenInterfaceNames(snapshot: HostSnapshot): Set<string> {
  return new Set([
    ...snapshot.interfaces.map((device) => device.name),
    ...snapshot.networks.flatMap((network) => network.bridge?.name ?? []),
    ...snapshot.ovsBridges.map((bridge) => bridge.name),
  ]);
}

/** `base`, or the first of `base-2`, `base-3`, … that is free. */
export function freeName(base: string, taken: readonly string[]): string {
  let name = base;
  for (let n = 2; taken.includes(name); n += 1) name = `${base}-${n}`;
  return name;
}

/** libvirt's own habit: virbr0, virbr1, … */
export function freeBridge(taken: ReadonlySet<string>): string {
  let n = 0;
  while (taken.has(`virbr${n}`)) n += 1;
  return `virbr${n}`;
}
