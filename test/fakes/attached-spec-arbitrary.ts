import fc from 'fast-check';
import type { AttachedSpec, PortgroupSpec, VlanSpec } from '../../shared/domain/attached-spec';
import type { BandwidthLimit } from '../../shared/domain/bandwidth';

/** Specs of attached networks of every shape for property tests: each value well-formed, the whole not always sensible. */

const nameText = fc.string({ unit: fc.constantFrom(...'abz 019-&<>\'"_.äß€'), minLength: 1, maxLength: 20 }).map((text) => `n${text}n`);
const deviceName = fc.string({ unit: fc.constantFrom(...'abc019-_.'), minLength: 1, maxLength: 12 }).map((text) => `d${text}`);
const tag = fc.integer({ min: 1, max: 4094 });
const limit: fc.Arbitrary<BandwidthLimit> = fc.record({
  averageKBps: fc.integer({ min: 1, max: 4_294_967 }), peakKBps: fc.option(fc.integer({ min: 1, max: 9999 })), burstKiB: fc.option(fc.integer({ min: 1, max: 9999 })),
});

/** A trunk's tags differ from each other and from the native one. */
export const vlanSpecArbitrary: fc.Arbitrary<VlanSpec> = fc.oneof(
  fc.record({ mode: fc.constant('access' as const), tag }),
  fc.tuple(fc.uniqueArray(tag, { minLength: 1, maxLength: 5 }), fc.option(fc.constantFrom('tagged' as const, 'untagged' as const))).map(([tags, native]): VlanSpec => {
    const [first = 1, ...rest] = tags;
    return native ? { mode: 'trunk', tags: rest, native: { tag: first, mode: native } } : { mode: 'trunk', tags, native: null };
  }),
);

const portgroup: fc.Arbitrary<PortgroupSpec> = fc.record({
  name: nameText, isDefault: fc.boolean(), vlan: fc.option(vlanSpecArbitrary),
  bandwidth: fc.record({ inbound: fc.option(limit), outbound: fc.option(limit) }),
});

const common = {
  name: nameText, title: fc.option(nameText), description: fc.option(nameText), vlan: fc.option(vlanSpecArbitrary),
  portgroups: fc.uniqueArray(portgroup, { maxLength: 4, selector: (group) => group.name }), autostart: fc.boolean(),
};

export const attachedSpecArbitraries = {
  bridged: fc.record({ kind: fc.constant('bridged' as const), ...common, bridge: deviceName, isolatedPorts: fc.boolean() }),
  macvtap: fc.record({
    kind: fc.constant('macvtap' as const), ...common, mode: fc.constantFrom('bridge' as const, 'private' as const, 'vepa' as const, 'passthrough' as const),
    devices: fc.uniqueArray(deviceName, { minLength: 1, maxLength: 4 }),
  }),
  ovs: fc.record({ kind: fc.constant('ovs' as const), ...common, bridge: deviceName, createBridge: fc.constant(null) }),
  sriov: fc.record({ kind: fc.constant('sriov' as const), ...common, device: deviceName, managed: fc.boolean() }),
} satisfies { [K in AttachedSpec['kind']]: fc.Arbitrary<Extract<AttachedSpec, { kind: K }>> };

export const attachedSpecArbitrary: fc.Arbitrary<AttachedSpec> = fc.oneof(...Object.values(attachedSpecArbitraries));
