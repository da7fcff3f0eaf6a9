/**
 * libvirt's network format as a table, for completion and for saying what a document holds that libvirt won't read.
 * Made by hand after https://libvirt.org/formatnetwork.html and network.rng (libvirt 9.0 and 11). The host's own libvirt
 * has the last word; this only knows names.
 */
export interface ElementSchema {
  /** One line for the list of completions. */
  about: string;
  /** Attributes with the values they take; null: anything. */
  attributes?: Record<string, readonly string[] | null>;
  children?: Record<string, ElementSchema>;
  /** What is inside is the user's own. */
  open?: true;
  /** The libvirt that first keeps it, where hosts in use may be older. */
  since?: string;
}

const yesNo = ['yes', 'no'] as const;
const family = ['ipv4', 'ipv6'] as const;
const text = (about: string): ElementSchema => ({ about });

const bandwidthRates = { average: null, peak: null, burst: null };
const bandwidth: ElementSchema = {
  about: 'Quality of service: limits per direction',
  children: {
    // `floor` is in the schema, and refused by the parser (kind-problems.ts says so).
    inbound: { about: 'What machines receive: kB/s, burst in KiB', attributes: { ...bandwidthRates, floor: null } },
    outbound: { about: 'What machines send: kB/s, burst in KiB', attributes: bandwidthRates },
  },
};

const virtualPort: ElementSchema = {
  about: 'How machines are connected to a switch',
  attributes: { type: ['openvswitch', '802.1Qbg', '802.1Qbh', 'midonet'] },
  children: {
    parameters: { about: 'Parameters of the port', attributes: { interfaceid: null, profileid: null, managerid: null, typeid: null, typeidversion: null, instanceid: null } },
  },
};

const vlan: ElementSchema = {
  about: 'VLAN tags (Open vSwitch and SR-IOV)', attributes: { trunk: yesNo },
  children: { tag: { about: 'One VLAN, 1 to 4094', attributes: { id: null, nativeMode: ['tagged', 'untagged'] } } },
};

const lease: ElementSchema = { about: 'How long an address is lent', attributes: { expiry: null, unit: ['seconds', 'minutes', 'hours'] } };
const pciAddress = { type: ['pci'], domain: null, bus: null, slot: null, function: null, connections: null } as const;

const forward: ElementSchema = {
  about: 'How the network is connected to the LAN; none: isolated',
  attributes: { mode: ['nat', 'route', 'open', 'bridge', 'private', 'vepa', 'passthrough', 'hostdev'], dev: null, managed: yesNo },
  children: {
    nat: {
      about: 'How addresses are translated', attributes: { ipv6: yesNo },
      children: {
        address: { about: 'Public addresses to go out under', attributes: { start: null, end: null } },
        port: { about: 'Ports to go out from', attributes: { start: null, end: null } },
      },
    },
    interface: { about: 'A NIC of the host', attributes: { dev: null, connections: null } },
    pf: { about: 'The physical function whose virtual functions are dealt out', attributes: { dev: null } },
    address: { about: 'PCI address of a virtual function', attributes: pciAddress },
    driver: { about: 'Driver for device assignment', attributes: { name: ['vfio', 'kvm'], model: null } },
  },
};

const dns: ElementSchema = {
  about: 'The network’s own DNS server', attributes: { enable: yesNo, forwardPlainNames: yesNo },
  children: {
    forwarder: { about: 'Where questions are sent on to', attributes: { addr: null, domain: null } },
    host: { about: 'Names of an address', attributes: { ip: null }, children: { hostname: text('One name') } },
    txt: { about: 'A TXT record', attributes: { name: null, value: null } },
    srv: { about: 'An SRV record', attributes: { service: null, protocol: ['tcp', 'udp'], domain: null, target: null, port: null, priority: null, weight: null } },
  },
};

const ip: ElementSchema = {
  about: 'The host’s own address on the network',
  attributes: { family, address: null, netmask: null, prefix: null, localPtr: yesNo },
  children: {
    dhcp: {
      about: 'Addresses handed out',
      children: {
        range: { about: 'From … to …', attributes: { start: null, end: null }, children: { lease } },
        host: { about: 'A fixed address for a machine', attributes: { mac: null, id: null, name: null, ip: null }, children: { lease } },
        bootp: { about: 'Network boot (PXE)', attributes: { file: null, server: null } },
      },
    },
    tftp: { about: 'TFTP server for network boot', attributes: { root: null } },
  },
};

export const networkSchemaTable: ElementSchema = {
  about: 'A virtual network', attributes: { ipv6: yesNo, trustGuestRxFilters: yesNo, connections: null },
  children: {
    name: text('What machines are plugged into'),
    uuid: text('The identity of the network'),
    title: { about: 'A remark of one line', since: '9.7.0' },
    description: { about: 'A longer remark', since: '9.7.0' },
    metadata: { about: 'Other tools’ own data, in their namespaces', open: true },
    bridge: { about: 'The bridge of the host', attributes: { name: null, stp: ['on', 'off'], delay: null, macTableManager: ['kernel', 'libvirt'], zone: null } },
    mtu: { about: 'Largest packet, in bytes', attributes: { size: null } },
    domain: { about: 'DNS domain of the machines', attributes: { name: null, localOnly: yesNo, register: yesNo } },
    forward, bandwidth, vlan, dns, ip,
    port: { about: 'Whether machines reach one another', attributes: { isolated: yesNo } },
    virtualport: virtualPort,
    portgroup: {
      about: 'A class of connections that machines choose', attributes: { name: null, default: yesNo, trustGuestRxFilters: yesNo },
      children: { vlan, virtualport: virtualPort, bandwidth },
    },
    route: { about: 'A static route of the host into this network', attributes: { family, address: null, netmask: null, prefix: null, gateway: null, metric: null } },
    mac: { about: 'MAC address of the bridge', attributes: { address: null } },
  },
};

/** The element at a path below the root, such as `['network', 'ip', 'dhcp']`; null when libvirt knows none there. */
export function schemaAt(path: readonly string[]): ElementSchema | null {
  const [root, ...below] = path;
  if (root !== 'network') return null;
  let at: ElementSchema = networkSchemaTable;
  for (const name of below) {
    const next = at.children?.[name];
    if (!next) return null;
    at = next;
  }
  return at;
}
