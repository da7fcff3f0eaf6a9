import { isEnabled, isUp } from './facts';
import type { PreflightFacts } from './facts';
import type { SystemItem } from './system-item';

/**
 * libvirt runs as one daemon, libvirtd, or as one for each driver. Only one of the two kinds may be enabled: both would
 * look after the same machines. Source: libvirt.org, “Libvirt Daemons”, switching to modular daemons.
 */
export type DaemonKind = 'monolithic' | 'modular';

/** Drivers the app talks to; `nodedev` is what virt-manager and NIC pickers read. */
const drivers = ['qemu', 'network', 'nodedev'] as const;
const socketsOf = (daemon: string): string[] => [`${daemon}.socket`, `${daemon}-ro.socket`, `${daemon}-admin.socket`];

export const daemonUnits: Record<DaemonKind, readonly string[]> = {
  monolithic: [...socketsOf('libvirtd'), 'libvirtd.service'],
  modular: drivers.flatMap((driver) => [...socketsOf(`virt${driver}d`), `virt${driver}d.service`]),
};

/** Those without which the kind is not there. */
const mainServices: Record<DaemonKind, readonly string[]> = { monolithic: ['libvirtd.service'], modular: ['virtqemud.service'] };

type Units = Pick<PreflightFacts, 'units'>;

export const isInstalled = ({ units }: Units, kind: DaemonKind): boolean => mainServices[kind].every((unit) => units[unit] !== undefined);

/** Runs or waits for a caller. */
export const answers = (facts: Units, kind: DaemonKind): boolean => mainServices[kind].every((unit) => isUp(facts, unit));

/** Something of it starts with the host, or runs now. */
export function isInUse(facts: Units, kind: DaemonKind): boolean {
  return daemonUnits[kind].some((unit) => isEnabled(facts, unit) || facts.units[unit]?.active === 'active');
}

/** The kind that a stopped host is to run: the one that was chosen before, else what the distribution ships. */
export function preferredKind(facts: PreflightFacts): DaemonKind {
  if (!isInstalled(facts, 'modular')) return 'monolithic';
  if (!isInstalled(facts, 'monolithic')) return 'modular';
  const modular = isInUse(facts, 'modular');
  if (modular !== isInUse(facts, 'monolithic')) return modular ? 'modular' : 'monolithic';
  return shippedKind(facts);
}

/**
 * Fedora since 35, RHEL since 9, openSUSE and SLES since 15 SP5 start the modular ones; Debian, Ubuntu, Arch and Alpine
 * libvirtd. Sources: Fedora change “LibvirtModularDaemons”; SLES 15 SP5 release notes; the packages' own presets.
 */
export function shippedKind({ os }: Pick<PreflightFacts, 'os'>): DaemonKind {
  const ids = [os.id, ...os.like];
  return ids.some((id) => ['fedora', 'rhel', 'centos', 'suse', 'opensuse', 'sles'].includes(id)) ? 'modular' : 'monolithic';
}

/** Sockets and services of a kind, on and running, as far as they are installed. */
export function unitsOn(facts: Units, units: readonly string[]): SystemItem[] {
  return units.filter((unit) => facts.units[unit] !== undefined)
    .map((unit) => ({ kind: 'unit', unit, enabled: 'enabled', active: true }));
}

/** Off and not running: only what is on now. */
export function unitsOff(facts: Units, units: readonly string[]): SystemItem[] {
  return units.filter((unit) => isEnabled(facts, unit) || facts.units[unit]?.active === 'active')
    .map((unit) => ({ kind: 'unit', unit, enabled: 'disabled', active: false }));
}

/** Drivers of the modular kind whose daemon is not installed, and those that are installed but neither run nor wait. */
export function modularGaps(facts: PreflightFacts): { missing: string[]; stopped: string[] } {
  const services = drivers.map((driver) => `virt${driver}d.service`);
  return {
    missing: services.filter((unit) => facts.units[unit] === undefined),
    stopped: services.filter((unit) => facts.units[unit] !== undefined && !isUp(facts, unit)),
  };
}

export const unitsOfService = (service: string): string[] => [...socketsOf(service.replace(/\.service$/, '')), service];

/** Every unit whose state preflight reads. */
export const watchedUnits: readonly string[] = [
  ...daemonUnits.monolithic, ...daemonUnits.modular,
  'dnsmasq.service', 'systemd-resolved.service', 'firewalld.service', 'docker.service',
  'openvswitch-switch.service', 'openvswitch.service', 'ovsdb-server.service', 'ovs-vswitchd.service',
];
