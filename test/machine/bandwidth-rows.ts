import type { BandwidthLimit } from '../../shared/domain/bandwidth';
import type { NicSpec } from '../../shared/domain/machine-intent';
import { nicSpecOf } from '../../shared/domain/machine-xml/nic-spec-of';
import { isAddressed, isAttached } from '../../shared/domain/network-kinds';
import { addressed } from '../integration-lab/plan-lab';
import { same, type KindGroup } from './kind-row';
import { guest, type KindsLab, type Shaping } from './kinds-lab';

type Bandwidth = NicSpec['bandwidth'];

/** NICs that the machine is given while it runs. */
const second = '52:54:00:aa:00:02';
const switched = '52:54:00:aa:00:03';
const own = '10.150.1.1';
const limit = (averageKBps: number, peakKBps: number | null = null, burstKiB: number | null = null): BandwidthLimit => ({ averageKBps, peakKBps, burstKiB });
const free: Bandwidth = { inbound: null, outbound: null };

export const bandwidthRows: KindGroup = {
  title: 'Limits',
  about: `In and out as machines see it, in kilobytes (1000 bytes) per second: of the network \`limited\` (NAT) or of a NIC on it. “tc” is what the kernel holds. “sent” is UDP at full
speed for ten seconds, between the host and a neighbour on the bridge, or from the host to the machine's tap: it must keep to the limit, and come to more
than three times the highest one without. What a NIC sends is policed at its tap, too, but not measured: no guest runs that would send. Open vSwitch's own words
show that libvirt gives it what machines receive on average as a \`min-rate\` alone: without a peak (\`max-rate\`) that is no limit, and the app says so.`,
  rows: [
    {
      name: 'network made with in 100 (peak 200, burst 64), out 50',
      run: async (lab) => {
        const spec = { ...addressed(lab.services.drafts.propose('h', 'nat').spec), name: 'limited', bandwidth: { inbound: limit(100, 200, 64), outbound: limit(50) } };
        await lab.create({ ...spec, ipv4: { ...spec.ipv4!, address: own, prefix: 24, dhcp: null } });
        same('The app', (await lab.network('limited')).bandwidth, { inbound: limit(100, 200, 64), outbound: limit(50) });
        const bridge = await bridgeOf(lab);
        return [await shaped(lab, bridge, { in: 100, out: 50 }), await carried(lab, 'in', [100, 200]), await carried(lab, 'out', [50, 50])].join('; ');
      },
    },
    {
      name: 'while a machine runs on it: in 60, out no limit; its NIC stays plugged in',
      run: async (lab) => {
        await lab.startMachine('limited');
        await editNetwork(lab, { inbound: limit(60), outbound: null });
        const kernel = await shaped(lab, await bridgeOf(lab), { in: 60, out: null });
        same('Its bridge', (await lab.host.execOrThrow(`basename $(readlink /sys/class/net/${await tapOf(lab, guest.mac)}/master)`)).trim(), await bridgeOf(lab));
        return [kernel, await carried(lab, 'in', [60, 60]), await carried(lab, 'out', null)].join('; ');
      },
    },
    {
      name: 'and no limit at all',
      run: async (lab) => {
        await editNetwork(lab, free);
        same('The app', (await lab.network('limited')).bandwidth, undefined);
        return [await shaped(lab, await bridgeOf(lab), { in: null, out: null }), await carried(lab, 'in', null), await delivered(lab, null)].join('; ');
      },
    },
    {
      name: 'its NIC, while it runs: in 40 (peak 60, burst 20)',
      run: async (lab) => {
        const wanted = { inbound: limit(40, 60, 20), outbound: null };
        await changeNic(lab, wanted);
        await isLimited(lab, guest.mac, wanted, { 'inbound.average': 40, 'inbound.peak': 60, 'inbound.burst': 20 });
        return [await shaped(lab, await tapOf(lab, guest.mac), { in: 40, out: null }), await delivered(lab, [40, 60])].join('; ');
      },
    },
    {
      name: 'its NIC, while it runs: in no limit, out 70',
      run: async (lab) => {
        const wanted = { inbound: null, outbound: limit(70) };
        await changeNic(lab, wanted);
        await isLimited(lab, guest.mac, wanted, { 'outbound.average': 70 });
        return [await shaped(lab, await tapOf(lab, guest.mac), { in: null, out: 70 }), await delivered(lab, null)].join('; ');
      },
    },
    {
      name: 'another NIC, plugged in while it runs: in 50, out 80',
      run: async (lab) => {
        const bandwidth = { inbound: limit(50), outbound: limit(80) };
        await attach(lab, { source: { kind: 'network', network: 'limited', portgroup: null }, mac: second, model: 'virtio', linkUp: true, bandwidth });
        await isLimited(lab, second, bandwidth, { 'inbound.average': 50, 'outbound.average': 80 });
        return shaped(lab, await tapOf(lab, second), { in: 50, out: 80 });
      },
    },
    {
      name: 'a NIC in a port group of an Open vSwitch network, plugged in while it runs: in 125 without a peak, out 250',
      run: async (lab) => {
        const { spec } = lab.services.drafts.propose('h', 'ovs');
        if (!isAttached(spec)) throw new Error(`It is ${spec.kind}`);
        const bandwidth = { inbound: limit(125), outbound: limit(250) };
        await lab.create({ ...spec, name: 'switch', portgroups: [{ name: 'slow', isDefault: false, vlan: { mode: 'access', tag: 10 }, bandwidth }] });
        same('The app', (await lab.network('switch')).portgroups[0]?.bandwidth, bandwidth);
        await attach(lab, { source: { kind: 'network', network: 'switch', portgroup: 'slow' }, mac: switched, model: 'virtio', linkUp: true, bandwidth: free });
        const nic = await lab.nic(switched);
        same('The app', [nic.bandwidth.inbound?.averageKBps, nic.bandwidth.outbound?.averageKBps, nic.pending], [125, 250, null]);
        const tap = await tapOf(lab, switched);
        const said = await lab.host.execOrThrow(`ovs-vsctl get interface ${tap} ingress_policing_rate; ovs-vsctl get qos $(ovs-vsctl get port ${tap} qos) other_config:max-rate; ovs-vsctl --columns=other_config --format=csv --no-headings list queue; tc class show dev ${tap}; tc filter show dev ${tap} parent ffff:`);
        return said.trim().split('\n').map((line) => line.trim()).join(' / ');
      },
    },
  ],
};

/** The kernel's limits of a device, as they should be; resolves to them in words. */
async function shaped(lab: KindsLab, device: string, expected: Shaping): Promise<string> {
  const seen = await lab.shaping(device);
  same(`tc of ${device}`, seen, expected);
  return `tc of ${device}: in ${seen.in ?? 'free'}, out ${seen.out ?? 'free'}`;
}

/** What comes through must be near to the average at least, and to the peak at most, a burst aside; without a limit it is more than three times the highest one here. */
function kept(what: string, rate: number, range: readonly [average: number, peak: number] | null): string {
  if (range === null ? rate < 3 * 100 : rate < range[0] * 0.4 || rate > range[1] * 1.3) throw new Error(`${what}: ${rate} kB/s, with ${range === null ? 'no limit' : `a limit of ${range.join(' to ')}`}`);
  return `${what}: ${rate}`;
}

const carried = async (lab: KindsLab, way: 'in' | 'out', range: readonly [number, number] | null): Promise<string> =>
  kept(`sent ${way}`, await lab.carried(await bridgeOf(lab), way, own, '10.150.1.50'), range);
const delivered = async (lab: KindsLab, range: readonly [number, number] | null): Promise<string> =>
  kept('sent to the tap', await lab.delivered(await bridgeOf(lab), await tapOf(lab, guest.mac), '10.150.1.60'), range);

async function editNetwork(lab: KindsLab, bandwidth: Bandwidth): Promise<void> {
  const { uuid } = await lab.network('limited');
  const { spec } = await lab.services.drafts.draft('h', uuid);
  if (!isAddressed(spec)) throw new Error(`It is ${spec.kind}`);
  await lab.apply({ kind: 'network.edit', uuid, spec: { ...spec, bandwidth }, when: 'now' });
}

async function changeNic(lab: KindsLab, bandwidth: Bandwidth): Promise<void> {
  const spec = nicSpecOf(await lab.nic(guest.mac))!;
  await lab.apply({ kind: 'machine.change-nic', uuid: await lab.guestUuid(), extent: 'both', mac: guest.mac, nic: { ...spec, bandwidth } });
}

async function attach(lab: KindsLab, nic: NicSpec): Promise<void> {
  await lab.apply({ kind: 'machine.attach', uuid: await lab.guestUuid(), extent: 'both', nic });
}

/** The app and libvirt say the same of a NIC that runs, and its definition has it, too. @param tuned domiftune's values but for zeros */
async function isLimited(lab: KindsLab, mac: string, bandwidth: Bandwidth, tuned: Record<string, number>): Promise<void> {
  const nic = await lab.nic(mac);
  same('The app', [nic.bandwidth, nic.pending], [bandwidth, null]);
  const said = await lab.host.execOrThrow(['virsh', '-q', 'domiftune', guest.name, mac]);
  same('domiftune', Object.fromEntries([...said.matchAll(/^(\S+)\s*:\s*([1-9]\d*)$/gm)].map(([, name, value]) => [name!, Number(value)])), tuned);
}

const bridgeOf = async (lab: KindsLab): Promise<string> => /Bridge:\s+(\S+)/.exec(await lab.host.execOrThrow(['virsh', 'net-info', 'limited']))![1]!;
const tapOf = async (lab: KindsLab, mac: string): Promise<string> => (await lab.host.execOrThrow(`virsh -q domiflist ${guest.name} | awk -v mac=${mac} '$5 == mac { print $1 }'`)).trim();
