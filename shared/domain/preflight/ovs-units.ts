import { isUp } from './facts';
import type { PreflightFacts } from './facts';

type Units = Pick<PreflightFacts, 'units'>;

/**
 * The unit by which Open vSwitch is switched on: Debian's and Ubuntu's `openvswitch-switch`, `openvswitch` of Fedora and
 * openSUSE, Arch's `ovs-vswitchd`, which needs `ovsdb-server`. Null: none is installed.
 */
export function ovsUnit({ units }: Units): string | null {
  return ['openvswitch-switch.service', 'openvswitch.service', 'ovs-vswitchd.service'].find((unit) => units[unit] !== undefined) ?? null;
}

/** Daemons that should run and don't: by the units of each, else by the one that stands for both. */
export function stoppedOvsDaemons(facts: Units): string[] {
  const daemons = ['ovsdb-server.service', 'ovs-vswitchd.service'].filter((unit) => facts.units[unit] !== undefined);
  return (daemons.length > 0 ? daemons : [ovsUnit(facts)].filter((unit) => unit !== null)).filter((unit) => !isUp(facts, unit));
}
