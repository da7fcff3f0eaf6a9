import type { BridgeKind } from '../../shared/domain/conversion/transaction';
import { LAN_GATEWAY, type LabStack } from '../lab/lab';

/** A column of the table: who configures the host's NIC, and what bridge it becomes a port of. */
export interface StackSetup {
  title: string;
  lab: LabStack;
  kind: BridgeKind;
  /** What the stack keeps for good: put back whole between two faults, and compared with mode and owner. */
  folders: readonly string[];
  /** What it keeps while it runs; compared by names, modes and owners. */
  liveFolders: readonly string[];
  /** The unit that may be restarted while a change is on trial. */
  service: string | null;
  /** Fixed addresses: `ADDRESS` is of IPv4, the other one of IPv6 ends in `HOST`. */
  fixed: { path: string; mode: number; text: string };
}

/** Where hosts with fixed addresses have theirs of IPv6. */
export const lanPrefix6 = 'fd70:77:1';
/** Less than the LAN's: a bridge that doesn't take it over shows. */
export const fixedMtu = 1400;

const networkdFile = {
  path: '/etc/systemd/network/10-enp1s0.network', mode: 0o644,
  text: `[Match]
Name=enp1s0

[Link]
MTUBytes=${fixedMtu}

[Network]
Address=ADDRESS/24
Address=${lanPrefix6}::HOST/64
Gateway=${LAN_GATEWAY}
DNS=${LAN_GATEWAY}
`,
};
const profile = {
  path: '/etc/NetworkManager/system-connections/enp1s0.nmconnection', mode: 0o600,
  text: `[connection]
id=enp1s0
uuid=6d5a2f0a-3c8e-4e0a-9a0f-5f4a0c1d2e3f
type=ethernet
interface-name=enp1s0

[ethernet]
mtu=${fixedMtu}

[ipv4]
method=manual
address1=ADDRESS/24,${LAN_GATEWAY}
dns=${LAN_GATEWAY};

[ipv6]
method=manual
address1=${lanPrefix6}::HOST/64
`,
};
const netplanFile = (renderer: string) => ({
  path: '/etc/netplan/01-lab.yaml', mode: 0o600,
  text: `network:
  version: 2
  renderer: ${renderer}
  ethernets:
    enp1s0:
      mtu: ${fixedMtu}
      addresses: [ADDRESS/24, "${lanPrefix6}::HOST/64"]
      routes:
        - to: default
          via: ${LAN_GATEWAY}
      nameservers:
        addresses: [${LAN_GATEWAY}]
`,
});
const interfaces = {
  path: '/etc/network/interfaces', mode: 0o644,
  text: `auto lo
iface lo inet loopback

auto enp1s0
iface enp1s0 inet static
  address ADDRESS/24
  gateway ${LAN_GATEWAY}
  mtu ${fixedMtu}

iface enp1s0 inet6 static
  address ${lanPrefix6}::HOST/64
`,
};

const networkd = { lab: 'networkd', folders: ['/etc/systemd/network'], liveFolders: ['/run/systemd/network'], service: 'systemd-networkd', fixed: networkdFile } as const;
const networkManager = { lab: 'nm', folders: ['/etc/NetworkManager'], liveFolders: ['/run/NetworkManager/system-connections'], service: 'NetworkManager', fixed: profile } as const;
const netplanLive = ['/run/netplan', '/run/systemd/network', '/run/NetworkManager/system-connections'];
const netplanFolders = ['/etc/netplan', '/etc/systemd/network', '/etc/NetworkManager'];

const netplan = { lab: 'netplan', folders: netplanFolders, liveFolders: netplanLive, service: 'systemd-networkd', fixed: netplanFile('networkd') } as const;
const ifupdown = { lab: 'ifupdown', folders: ['/etc/network'], liveFolders: [], service: null, fixed: interfaces } as const;

/** Tried on the full machine alone (full-machine.mjs). */
const machineStacks = {
  'nm-ovs': { ...networkManager, title: 'NetworkManager, Open vSwitch', kind: 'ovs' },
  'netplan-ovs': { ...netplan, title: 'netplan, Open vSwitch', kind: 'ovs' },
  'ifupdown-ovs': { ...ifupdown, title: 'ifupdown, Open vSwitch', kind: 'ovs' },
} as const;

export const conversionStacks = {
  'networkd': { ...networkd, title: 'networkd', kind: 'linux' },
  'nm': { ...networkManager, title: 'NetworkManager', kind: 'linux' },
  'netplan': { ...netplan, title: 'netplan, networkd', kind: 'linux' },
  'netplan-nm': { title: 'netplan, NetworkManager', kind: 'linux', lab: 'netplan-nm', folders: netplanFolders, liveFolders: netplanLive, service: 'NetworkManager', fixed: netplanFile('NetworkManager') },
  'ifupdown': { ...ifupdown, title: 'ifupdown', kind: 'linux' },
  'networkd-ovs': { ...networkd, title: 'networkd, Open vSwitch', kind: 'ovs' },
  ...machineStacks,
} as const satisfies Record<string, StackSetup>;

export type ConversionStack = keyof typeof conversionStacks;
export const machineStackNames = Object.keys(conversionStacks) as ConversionStack[];
/** Those that lab hosts are tried with. */
export const stackNames = machineStackNames.filter((stack) => !(stack in machineStacks));
