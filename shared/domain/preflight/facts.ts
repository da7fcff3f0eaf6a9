import type { HostProblem, Privilege } from '../snapshot';

/** A systemd unit as systemctl(1) shows it: `UnitFileState`, `ActiveState`. */
export interface UnitFacts {
  /** `enabled`, `disabled`, `masked`, `static`, `indirect`, …; empty for one without a file. */
  enabled: string;
  /** `active`, `inactive`, `failed`, `activating`, … */
  active: string;
}

/** Something that listens on port 53; `process` is null where nobody may know. */
export interface DnsSocket {
  protocol: string;
  /** As ss(8) prints it: `0.0.0.0`, `127.0.0.53%lo`, `[::]`, `*`. */
  address: string;
  process: string | null;
}

/** Everything that preflight looks at, as plain data: the rules are functions of it and need no host. */
export interface PreflightFacts {
  os: {
    /** ID and ID_LIKE of os-release(5), lower-case; empty when it says nothing. */
    id: string;
    like: string[];
    /** PRETTY_NAME. */
    name: string;
    /** An image that rpm-ostree manages: packages are there after the next boot only. */
    ostree: boolean;
  };
  /** As uname(1): `x86_64`, `aarch64`. */
  architecture: string;
  /** PID 1 is systemd. */
  systemd: boolean;
  /** Names of tools on PATH. */
  tools: string[];
  /** Emulators that libvirt would start for this architecture, as paths. */
  emulators: string[];
  /** Units that exist on the host. */
  units: Record<string, UnitFacts>;
  /** The user who logged in, and the groups that this session began with. */
  user: string;
  sessionGroups: string[];
  /** Members of group libvirt by the host's database; null: there is no such group. */
  libvirtMembers: string[] | null;
  privilege: Privilege;
  kvm: {
    /** Null: there is no /dev/kvm. */
    device: { mode: string; group: string } | null;
    /** `vmx` or `svm` among the CPU's flags; null where the architecture has other ways to say so. */
    cpu: 'vmx' | 'svm' | 'none' | null;
    /** systemd-detect-virt(1): `kvm`, `lxc`, …; null: a machine of its own, or not known. */
    inside: string | null;
  };
  dnsSockets: DnsSocket[];
  /** Null: not readable. */
  ipForward: boolean | null;
  dnsmasq: {
    /** The installed service reads /etc/dnsmasq.d. */
    readsFolder: boolean;
    /** Text of the file in which the app tells it to leave libvirt's bridges alone; null: there is none. */
    bridgesFile: string | null;
  };
  /** firewalld knows the zone that libvirt puts its bridges into. */
  libvirtZone: boolean;
  /** Policy of the FORWARD chain; null: not readable. */
  forwardPolicy: string | null;
  versions: {
    /** As `9.0.0`; null when it doesn't answer, or is not there. */
    libvirt: string | null;
    /** `ip -V`: `6.1.0`, or a date such as `190708` before 5.5; null: another tool, such as busybox. */
    iproute: string | null;
  };
  /** Active networks of which the host itself is the router. */
  routedNetworks: string[];
  /** Bridges of libvirt's networks. */
  bridges: string[];
  /** What the inventory could not read. */
  problems: Pick<HostProblem, 'area' | 'code' | 'title' | 'detail'>[];
}

/** True for a unit that runs, or that is started by the first who asks for it. */
export function isUp(facts: Pick<PreflightFacts, 'units'>, unit: string): boolean {
  return facts.units[unit]?.active === 'active' || sleeps(facts, unit);
}

/** A service whose socket listens in its place. */
export function sleeps({ units }: Pick<PreflightFacts, 'units'>, unit: string): boolean {
  const service = units[unit];
  return service !== undefined && service.active !== 'active' && units[unit.replace(/\.service$/, '.socket')]?.active === 'active' && unit.endsWith('.service');
}

/** Starts with the host, by itself or by its socket. */
export function isEnabled({ units }: Pick<PreflightFacts, 'units'>, unit: string): boolean {
  return ['enabled', 'enabled-runtime'].includes(units[unit]?.enabled ?? '');
}
