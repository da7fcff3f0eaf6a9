import type { BandwidthLimit } from '../../shared/domain/bandwidth';
import { same, type KindGroup } from './kind-row';
import { guest, type KindsLab, type Shaping } from './kinds-lab';

/** NICs that the guest is given while it runs. */
const macs = { second: '52:54:00:aa:00:02', switched: '52:54:00:aa:00:03' } as const;
const limit = (averageKiBps: number, peakKiBps: number | null = null, burstKiB: number | null = null): BandwidthLimit => ({ averageKiBps, peakKiBps, burstKiB });

const switchXml = `<network>
  <name>switch</name>
  <forward mode='bridge'/>
  <bridge name='ovs0'/>
  <virtualport type='openvswitch'/>
  <portgroup name='slow'><vlan><tag id='10'/></vlan><bandwidth><inbound average='50'/><outbound average='100'/></bandwidth></portgroup>
</network>
`;

export const bandwidthRows: KindGroup = {
  title: 'Limits',
  about: `A guest that runs on the machine is pinged with 1400 bytes as fast as it answers; what comes back is counted. The limit that is the lower one must hold
(a burst passes at once), and without one far more must come.`,
  rows: [
    {
      name: '`create nat … limited --inbound 400,800,64 --outbound 200`',
      run: async (lab) => {
        await lab.change('create nat', 'limited', '--subnet', '10.150.1.0/24', '--inbound', '400,800,64', '--outbound', '200');
        same('The app', (await lab.network('limited')).bandwidth, { inbound: limit(400, 800, 64), outbound: limit(200) });
        return shaped(lab, await bridgeOf(lab, 'limited'), { in: 400, out: 200 });
      },
    },
    {
      name: 'a guest runs on it',
      run: async (lab) => {
        await lab.host.startGuest(guest.name, 'limited', 'hotplug', `<mac address='${guest.mac}'/>`);
        return carries(lab, await lab.addressOf(guest.mac, 'limited'), 200);
      },
    },
    {
      name: '`edit … limited --inbound 50 --outbound none --when now`, under the guest',
      run: async (lab) => {
        await lab.change('edit', 'limited', '--inbound', '50', '--outbound', 'none', '--when', 'now');
        same('The app', (await lab.network('limited')).bandwidth, { inbound: limit(50), outbound: null });
        const kernel = await shaped(lab, await bridgeOf(lab, 'limited'), { in: 50, out: null });
        return `${kernel}; ${await carries(lab, await lab.addressOf(guest.mac, 'limited'), 50)}`;
      },
    },
    {
      name: '`edit … limited --inbound none --when now`',
      run: async (lab) => {
        await lab.change('edit', 'limited', '--inbound', 'none', '--when', 'now');
        const kernel = await shaped(lab, await bridgeOf(lab, 'limited'), { in: null, out: null });
        return `${kernel}; ${await carries(lab, await lab.addressOf(guest.mac, 'limited'), null)}`;
      },
    },
    {
      name: `\`limit … ${guest.name} MAC --outbound 40\`, while it runs`,
      run: async (lab) => {
        await lab.change('limit', guest.name, guest.mac, '--outbound', '40');
        same('The app', (await lab.nic(guest.mac)).bandwidth, { inbound: null, outbound: limit(40) });
        same('domiftune', await tuned(lab, guest.mac), { 'outbound.average': 40 });
        const kernel = await shaped(lab, await lab.tapOf(guest.mac), { in: null, out: 40 });
        return `${kernel}; ${await carries(lab, await lab.addressOf(guest.mac, 'limited'), 40)}`;
      },
    },
    {
      name: `\`limit … ${guest.name} MAC --inbound 30,60,20 --outbound none\``,
      run: async (lab) => {
        await lab.change('limit', guest.name, guest.mac, '--inbound', '30,60,20', '--outbound', 'none');
        same('The app', await lab.nic(guest.mac).then(({ bandwidth, pending }) => ({ bandwidth, pending })), { bandwidth: { inbound: limit(30, 60, 20), outbound: null }, pending: null });
        same('domiftune', await tuned(lab, guest.mac), { 'inbound.average': 30, 'inbound.peak': 60, 'inbound.burst': 20 });
        return shaped(lab, await lab.tapOf(guest.mac), { in: 30, out: null });
      },
    },
    {
      name: `\`attach … ${guest.name} --network limited --inbound 50 --outbound 60\`, while it runs`,
      run: async (lab) => {
        await lab.change('attach', guest.name, '--network', 'limited', '--mac', macs.second, '--inbound', '50', '--outbound', '60');
        same('The app', await lab.nic(macs.second).then(({ bandwidth, pending }) => ({ bandwidth, pending })), { bandwidth: { inbound: limit(50), outbound: limit(60) }, pending: null });
        return shaped(lab, await lab.tapOf(macs.second), { in: 50, out: 60 });
      },
    },
    {
      name: 'a port group of an Open vSwitch network limits: `import`, then `attach … --portgroup slow`',
      run: async (lab) => {
        await lab.host.execOrThrow(['ovs-vsctl', 'add-br', 'ovs0']);
        await lab.change('import', lab.file('switch.xml', switchXml));
        same('The app', (await lab.network('switch')).portgroups[0]?.bandwidth, { inbound: limit(50), outbound: limit(100) });
        await lab.change('attach', guest.name, '--network', 'switch', '--portgroup', 'slow', '--mac', macs.switched);
        return `${await lab.tapOf(macs.switched)}`;
      },
    },
  ],
};

const words = ({ in: inbound, out }: Shaping): string => `in ${inbound ?? 'free'}, out ${out ?? 'free'}`;

/** The kernel's limits of a device, as they should be; resolves to them in words. */
async function shaped(lab: KindsLab, device: string, expected: Shaping): Promise<string> {
  const seen = await lab.shaping(device);
  same(`tc of ${device}`, seen, expected);
  return `${device}: ${words(seen)}`;
}

/** Pings, with a limit that they must come near to and not get past, or with none. */
async function carries(lab: KindsLab, address: string, most: number | null): Promise<string> {
  const seen = await lab.carried(address);
  if (most === null ? seen < 150 : seen > most * 1.4 || seen < most * 0.3) throw new Error(`Pings carry ${seen} kB/s, with ${most === null ? 'no limit' : `a limit of ${most}`}`);
  return `pings carry ${seen} kB/s`;
}

async function bridgeOf(lab: KindsLab, network: string): Promise<string> {
  return /Bridge:\s+(\S+)/.exec(await lab.host.execOrThrow(['virsh', 'net-info', network]))![1]!;
}

/** What libvirt says of a running NIC's limits, but for zeros. */
async function tuned(lab: KindsLab, mac: string): Promise<Record<string, number>> {
  const said = await lab.host.execOrThrow(['virsh', '-q', 'domiftune', guest.name, mac]);
  return Object.fromEntries([...said.matchAll(/^(\S+)\s*:\s*([1-9]\d*)$/gm)].map(([, name, value]) => [name!, Number(value)]));
}
