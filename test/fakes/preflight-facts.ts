import type { PreflightFacts, UnitFacts } from '../../shared/domain/preflight/facts';

export const unitOn: UnitFacts = { enabled: 'enabled', active: 'active' };
export const unitOff: UnitFacts = { enabled: 'disabled', active: 'inactive' };
/** Enabled, and started by the first who asks. */
export const unitWaiting: UnitFacts = { enabled: 'enabled', active: 'inactive' };

const libvirtd = (state: UnitFacts): Record<string, UnitFacts> =>
  Object.fromEntries(['libvirtd.socket', 'libvirtd-ro.socket', 'libvirtd-admin.socket', 'libvirtd.service'].map((name) => [name, state]));

/** libvirtd and its sockets, all in one state. */
export const monolithicUnits = libvirtd;

/** The modular daemons with their sockets, all in one state. */
export const modularUnits = (state: UnitFacts, drivers = ['qemu', 'network', 'nodedev']): Record<string, UnitFacts> => Object.fromEntries(
  drivers.flatMap((driver) => [`virt${driver}d.socket`, `virt${driver}d-ro.socket`, `virt${driver}d-admin.socket`, `virt${driver}d.service`]).map((name) => [name, state]));

/** A Debian 12 on which everything is as it should be, seen by root. */
export function makeFacts(more: Partial<PreflightFacts> = {}): PreflightFacts {
  return {
    os: { id: 'debian', like: [], name: 'Debian GNU/Linux 12 (bookworm)', ostree: false },
    architecture: 'x86_64', systemd: true,
    tools: ['apt-get', 'dnsmasq', 'gpasswd', 'ip', 'iptables', 'nft', 'ovs-vsctl', 'qemu-system-x86_64', 'ss', 'virsh'],
    emulators: ['qemu-system-x86_64'],
    units: { ...libvirtd(unitOn), 'openvswitch-switch.service': unitOn, 'ovsdb-server.service': { enabled: 'static', active: 'active' }, 'ovs-vswitchd.service': { enabled: 'static', active: 'active' } },
    user: 'root', sessionGroups: ['root'], libvirtMembers: [], privilege: 'root',
    kvm: { device: { mode: '660', group: 'kvm' }, cpu: 'vmx', inside: null },
    dnsSockets: [], ipForward: true, dnsmasq: { readsFolder: true, bridgesFile: null }, libvirtZone: false, forwardPolicy: 'ACCEPT',
    versions: { libvirt: '9.0.0', iproute: '6.1.0' }, routedNetworks: ['default'], bridges: ['virbr0'], problems: [],
    ...more,
  };
}

/** The same, logged in as mara, who has sudo. */
export const makeUserFacts = (more: Partial<PreflightFacts> = {}): PreflightFacts =>
  makeFacts({ user: 'mara', sessionGroups: ['mara', 'sudo'], privilege: 'sudo', libvirtMembers: [], ...more });
