import { createDefaultPracticeHost } from '../../electron/transport/practice/default-host';
import type { HostState, MachineState } from '../../electron/transport/practice/host-state';
import { defineNetwork } from '../../electron/transport/practice/libvirt/define-network';

const three = (number: number): string => String(number).padStart(3, '0');
const two = (number: number): string => number.toString(16).padStart(2, '0');

/** Every fifth network is isolated, every seventh attached to a bridge; a third of the machines has two NICs. */
function networkXml(number: number): string {
  const name = `<name>list-${three(number)}</name>`;
  if (number % 7 === 6) return `<network>${name}<forward mode='bridge'/><bridge name='br0'/></network>`;
  const [high, low] = [number >> 8, number & 255];
  return `<network>${name}${number % 5 === 4 ? '' : '<forward mode=\'nat\'/>'}<bridge name='vl${number}'/><ip address='10.${100 + high}.${low}.1' prefix='24'>
<dhcp><range start='10.${100 + high}.${low}.100' end='10.${100 + high}.${low}.199'/></dhcp></ip></network>`;
}

function machine(number: number, uuid: string): MachineState {
  const nic = (at: number): MachineState['nics'][number] => ({
    type: 'network', source: `list-${three((number + 7 * at) % 1000)}`, mac: `52:54:00:${two(at)}:${two(number >> 8)}:${two(number & 255)}`, portgroup: null, model: 'virtio', linkDown: false,
  });
  return {
    uuid, name: `machine-${three(number)}`, title: number % 4 === 0 ? `Number ${number}` : null, memoryKiB: 524_288, vcpus: 1, autostart: false, persistent: true,
    nics: number % 3 === 0 ? [nic(0), nic(1)] : [nic(0)], running: null, sendsHostname: true,
  };
}

/** A practice host with exactly so many networks and machines, none of them running, as practice.json keeps it. */
export function longHostState(count: number): HostState {
  const host = createDefaultPracticeHost();
  host.state.networks = [];
  host.state.machines = [];
  for (let number = 0; number < count; number += 1) defineNetwork(host, networkXml(number));
  for (let number = 0; number < count; number += 1) host.state.machines.push(machine(number, host.newUuid()));
  const state = host.toJSON();
  host.dispose();
  return state;
}
