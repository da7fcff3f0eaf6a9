import type { HostState, MachineState } from '../host-state';
import { findRow } from '../ovs/database';
import { isWithin } from '../linux/address-math';

/** Who hears each other's frames: a bridge, and the VLAN on a switch. */
export interface Wire { device: string; vlan: number }

export interface RouterPort {
  device: string;
  wire: Wire;
  /** Null: it asks for it, and has none. */
  address: string | null;
  prefix: number;
}

/** What a running router does, by the text that it was booted with: its rules and its network, as shared/domain/router has them. */
export interface PracticeRouter {
  ports: RouterPort[];
  gateway: string | null;
  forwards: boolean;
  accepts(from: RouterPort, to: RouterPort): boolean;
  serves(port: RouterPort): boolean;
  translates(port: RouterPort): boolean;
  /** Ports at which it takes connections there. */
  openAt(port: RouterPort): number[];
}

export function routersOf(state: HostState): PracticeRouter[] {
  return state.machines.flatMap((machine) => (machine.running?.state === 'running' ? routerOf(state, machine.running) ?? [] : []));
}

function routerOf(state: HostState, { boot, nics }: NonNullable<MachineState['running']>): PracticeRouter | null {
  const file = (name: string): string => boot?.files.find(([path]) => path === `opt/netwright/${name}`)?.[1] ?? '';
  const lines = file('network').split('\n').map((line) => line.split(' '));
  const rules = file('rules').split('\n').map((line) => line.trim());
  if (rules.length < 2) return null;
  const said = (word: string): string[][] => lines.filter(([first]) => first === word).map(([, ...rest]) => rest);
  const ports = [...said('address'), ...said('dhcp')].flatMap(([device = '', cidr]): RouterPort[] => {
    const [, tag, parent] = said('vlan').find(([name]) => name === device) ?? [];
    const [mac] = said('nic').find(([, name]) => name === (parent ?? device)) ?? [];
    const nic = nics.find((item) => item.mac === mac);
    if (!nic?.bridge || nic.linkDown) return [];
    const lease = state.networks.flatMap(({ leases }) => leases).find((item) => item.mac === mac && item.family === 'inet');
    const [address = null, prefix = '24'] = cidr?.split('/') ?? [lease?.address];
    return [{ device, wire: { device: nic.bridge, vlan: tag === undefined ? accessVlan(state, nic.target) : Number(tag) }, address: address ?? null, prefix: Number(prefix) }];
  });
  const has = (rule: string): boolean => rules.includes(rule);
  return {
    ports, gateway: said('gateway')[0]?.[0] ?? null, forwards: said('forward').length > 0,
    accepts: (from, to) => has(`iifname ${from.device} oifname ${to.device} accept`),
    serves: ({ device }) => has(`iifname ${device} icmp type echo-request accept`),
    openAt: ({ device }) => [...has(`iifname ${device} tcp dport 53 accept`) ? [53] : [], ...has(`iifname ${device} tcp dport 22 accept`) ? [22] : []],
    translates: ({ device }) => has(`oifname ${device} masquerade`),
  };
}

function accessVlan({ ovs }: HostState, port: string): number {
  const tag = ovs ? findRow(ovs, 'Port', port)?.['tag'] : undefined;
  return typeof tag === 'number' ? tag : 0;
}

/** The port by which a router sends to an address: of its subnet, or to its gateway. */
export function portTowards({ ports, gateway }: PracticeRouter, address: string): { port: RouterPort; next: string } | null {
  const of = (wanted: string): RouterPort | undefined => ports.find((port) => port.address !== null && isWithin(wanted, port.address, port.prefix));
  const own = of(address);
  if (own) return { port: own, next: address };
  const out = gateway === null ? undefined : of(gateway);
  return out && gateway !== null ? { port: out, next: gateway } : null;
}
