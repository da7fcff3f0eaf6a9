import type { SriovSpec } from '../../shared/domain/attached-spec';
import { toErrorData } from '../../shared/errors/app-error';
import { same, type KindGroup } from './kind-row';
import { guest, type KindsLab } from './kinds-lab';

/** The full machine's last NIC. */
const card = 'enp3s0';
const mac = '52:54:00:aa:00:09';
const functions = ['0000:03:10.0', '0000:03:10.2', '0000:03:10.4', '0000:03:10.6'];

export const functionRows: KindGroup = {
  title: 'Virtual functions',
  about: `The card is ${card}. The machine runs when a function is plugged into it, by VFIO; that the guest does something with it is not looked at.`,
  rows: [
    {
      name: 'the card as it comes: no pool is offered',
      run: async (lab) => {
        same('The app', (await lab.snapshot()).interfaces.find(({ name }) => name === card)?.virtualFunctions, undefined);
        try {
          lab.services.drafts.propose('h', 'sriov');
        } catch (error) {
          return `“${toErrorData(error).detail}”`;
        }
        throw new Error('It is offered');
      },
    },
    {
      name: 'four functions are switched on by the host’s administrator: `echo 4 > …/device/sriov_numvfs`',
      run: async (lab) => {
        await lab.host.execOrThrow(`ip link set ${card} up; echo 4 > /sys/class/net/${card}/device/sriov_numvfs`);
        same('The app', (await lab.snapshot()).interfaces.find(({ name }) => name === card)?.virtualFunctions, 4);
        const { spec } = lab.services.drafts.propose('h', 'sriov');
        same('The proposal', (spec as SriovSpec).device, card);
        return `the app sees 4 and proposes \`${spec.name}\` on ${card}`;
      },
    },
    {
      name: 'a pool is made of them',
      run: async (lab) => {
        await lab.create({ ...lab.services.drafts.propose('h', 'sriov').spec, name: 'pool' });
        const network = await lab.network('pool');
        same('The app', [network.kind, network.active, network.forward.interfaces], ['sriov', true, [card, ...functions]]);
        return `active; libvirt and the app list ${functions.join(', ')}`;
      },
    },
    {
      name: 'a function is plugged into a machine that runs',
      run: async (lab) => {
        await lab.apply({ kind: 'machine.attach', uuid: await lab.guestUuid(), extent: 'both', nic: { source: { kind: 'network', network: 'pool', portgroup: null }, mac, model: 'virtio', linkUp: true, bandwidth: { inbound: null, outbound: null } } });
        const nic = await lab.nic(mac);
        same('The app', [nic.network, nic.type, nic.pending, functions.includes(nic.hostDevice ?? '')], ['pool', 'hostdev', null, true]);
        const driver = (await lab.host.execOrThrow(`basename $(readlink /sys/bus/pci/devices/${nic.hostDevice}/driver)`)).trim();
        same('The driver', driver, 'vfio-pci');
        same('The card', (await lab.host.execOrThrow(['ip', 'link', 'show', card])).includes(mac), true);
        return `the app: on \`pool\`, ${nic.hostDevice}, the same after the next boot; the kernel: ${driver}, its MAC set by ${card}`;
      },
    },
    {
      name: 'the machine is switched off: the function goes back to its driver',
      run: async (lab) => {
        await lab.apply({ kind: 'machine.force-off', uuid: await lab.guestUuid() });
        same('The app', await lab.nic(mac).then(({ network, type, hostDevice, pending }) => [network, type, hostDevice, pending]), ['pool', 'network', null, null]);
        return `all are igbvf's: ${await driversOf(lab)}`;
      },
    },
    {
      name: 'it is switched on with it',
      run: async (lab) => {
        await lab.apply({ kind: 'machine.start', uuid: await lab.guestUuid() });
        const nic = await lab.nic(mac);
        same('The app', [nic.network, nic.type, nic.pending], ['pool', 'hostdev', null]);
        await lab.apply({ kind: 'machine.force-off', uuid: await lab.guestUuid() });
        return `on \`pool\`, ${nic.hostDevice}`;
      },
    },
    {
      name: 'the NIC is taken out of its definition, and the pool is deleted',
      run: async (lab) => {
        await lab.apply({ kind: 'machine.detach', uuid: await lab.guestUuid(), extent: 'both', mac });
        await lab.apply({ kind: 'network.delete', uuid: (await lab.network('pool')).uuid });
        same('The app', (await lab.snapshot()).networks.some(({ name }) => name === 'pool'), false);
        return `${guest.name} has no function, the pool is gone, the card keeps its four: ${await driversOf(lab)}`;
      },
    },
  ],
};

async function driversOf(lab: KindsLab): Promise<string> {
  const drivers = await lab.host.execOrThrow(functions.map((address) => `basename $(readlink /sys/bus/pci/devices/${address}/driver)`).join('; '));
  same('Drivers', [...new Set(drivers.trim().split('\n'))], ['igbvf']);
  return `${drivers.trim().split('\n').length} × igbvf`;
}
