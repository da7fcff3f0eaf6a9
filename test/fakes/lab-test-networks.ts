import fc from 'fast-check';
import type { LabTestNetwork } from '../../shared/domain/labs/connectivity/lab-places';
import type { HostInterface, OvsBridge } from '../../shared/domain/host-network';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { address, makeInterface, makeNetwork, makeRoute, makeSnapshot } from './snapshot-fixture';

/** A network of a lab whose definition is what runs; `promised`: another definition than that. */
export function labNetwork(key: string, inner: string, promised: string = inner): LabTestNetwork {
  const xml = (inside: string): string => `<network><name>try-${key}</name><uuid>00000000-0000-4000-8000-${key.padEnd(12, '0').replace(/[^0-9a-f]/g, '0').slice(0, 12)}</uuid>${inside}</network>`;
  return { key, running: makeNetwork(xml(inner)), promised: makeNetwork(xml(promised)) };
}

export const addressedInner = (at: number, mode: string | null, more = ''): string =>
  `${mode === null ? '' : `<forward mode="${mode}"/>`}<bridge name="br-${at}"/>${more}<ip address="10.99.${at}.1" prefix="24"><dhcp><range start="10.99.${at}.100" end="10.99.${at}.199"/></dhcp></ip>`;
export const darkInner = (at: number, more = ''): string => `<bridge name="br-${at}"/>${more}`;
export const vlanInner = (bridge: string, groups: readonly [name: string, vlan: string][]): string =>
  `<forward mode="bridge"/><bridge name="${bridge}"/><virtualport type="openvswitch"/>${groups.map(([name, vlan]) => `<portgroup name="${name}">${vlan}</portgroup>`).join('')}`;
export const access = (tag: number): string => `<vlan><tag id="${tag}"/></vlan>`;

/** The host of a lab, with the bridges of its networks. */
export function labHost(networks: readonly LabTestNetwork[], more: Partial<HostSnapshot> = {}): HostSnapshot {
  const names = [...new Set(networks.map(({ running }) => running.bridge?.name ?? ''))];
  const isSwitch = (name: string): boolean => networks.some(({ running }) => running.kind === 'ovs' && running.bridge?.name === name);
  const bridges = names.map((name): HostInterface => makeInterface(name, isSwitch(name) ? { kind: 'ovs' } : { kind: 'bridge', bridge: { stp: true, forwardDelaySeconds: 2, vlanFiltering: false } }));
  const ovsBridges = names.filter(isSwitch).map((name): OvsBridge => ({ name, datapathType: '', failMode: null, stp: false, ports: [], problem: null }));
  return makeSnapshot({
    interfaces: [makeInterface('eno1', { addresses: [address('10.0.0.5/24')] }), ...bridges], routes: [makeRoute('default', { gateway: '10.0.0.1' })],
    networks: networks.map(({ running }) => running), ovsBridges, ...more,
  });
}

const vlan = fc.oneof(
  fc.constant(''), fc.integer({ min: 10, max: 12 }).map(access),
  fc.constant('<vlan trunk="yes"><tag id="10"/><tag id="11"/></vlan>'), fc.constant('<vlan trunk="yes"><tag id="10"/><tag id="12" nativeMode="untagged"/></vlan>'),
);
const inner = (at: number): fc.Arbitrary<string> => fc.oneof(
  fc.constantFrom('nat', 'route', 'open', null).chain((mode) => fc.boolean().map((apart) => addressedInner(at, mode, apart ? '<port isolated="yes"/>' : ''))),
  fc.boolean().map((apart) => darkInner(at, apart ? '<port isolated="yes"/>' : '')),
  fc.uniqueArray(fc.constantFrom('staff', 'guests', 'all'), { maxLength: 3 }).chain((groups) => fc.tuple(fc.constantFrom('ovs0', 'ovs1'), ...groups.map(() => vlan))
    .map(([bridge, ...vlans]) => vlanInner(bridge, groups.map((name, index) => [name, vlans[index] ?? ''])))),
);

/** Labs with networks of the kinds that a host can try by itself. */
export const labTestNetworksArbitrary: fc.Arbitrary<LabTestNetwork[]> = fc.integer({ min: 1, max: 5 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => inner(at)))).map((inners) => inners.map((text, at) => labNetwork(`n${at}`, text)));
