import type { NatProposal, NatSpec, UsedRange } from './nat-spec';
import { proposeSubnet } from './propose-subnet';
import { proposeUla } from './propose-ula';
import type { HostSnapshot } from './snapshot';
import { addressAt, proposeDhcpRange } from './subnet';

/** What the NAT wizard starts with: everything filled in and free, so that “Next, Next, Apply” works. */
export function proposeNat(snapshot: HostSnapshot, used: readonly UsedRange[], random: () => number): NatProposal {
  const subnet = proposeSubnet(used) ?? '192.168.150.0/24';
  const address = addressAt(subnet, 1n);
  const range = proposeDhcpRange(address, 24);
  const spec: NatSpec = {
    name: freeName('lab-net', snapshot.networks.map((network) => network.name)),
    title: null,
    bridge: freeBridge(takenInterfaceNames(snapshot)),
    ipv4: { address, prefix: 24, dhcp: { ranges: range ? [range] : [], hosts: [] } },
    ipv6: null,
    domain: null,
    dnsHosts: [],
    dnsForwarders: [],
    mtu: null,
    forwardDev: null,
    autostart: true,
  };
  return { spec, ipv6: proposeUla(random), used: [...used] };
}

/** Every name that an interface has, or will have as soon as a defined network starts. */
export function takenInterfaceNames(snapshot: HostSnapshot): Set<string> {
  return new Set([
    ...snapshot.interfaces.map((device) => device.name),
    ...snapshot.networks.flatMap((network) => network.bridge?.name ?? []),
    ...snapshot.ovsBridges.map((bridge) => bridge.name),
  ]);
}

/** `base`, or `base-2`, `base-3`, … */
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
