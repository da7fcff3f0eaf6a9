import { pictureOfLab } from '../../../shared/domain/labs/lab-picture';
import type { LabPicture } from '../../../shared/domain/labs/lab-picture';
import { labsOnHost } from '../../../shared/domain/labs/labs-on-host';
import { networkKindLabel } from '../../../shared/domain/network-kinds';
import type { Network } from '../../../shared/domain/network';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { assignNetworkColours } from '../../ui/network-colour';
import { networkState } from '../../ui/state-marks';
import type { StateText } from '../../ui/state-marks';
import { coloursOf } from './lab-colours';

/** A lab of a host with what takes counting. */
export interface LabFacts {
  name: string;
  picture: LabPicture;
  colours: ReadonlyMap<string, string>;
  /** `prefix`: the part of the name that all its networks share. */
  networks: { network: Network; prefix: string; rest: string; colour: number | undefined; state: StateText; kind: string; address: string; machines: string[] }[];
  /** `2 networks, 1 inactive; 3 machines plugged in`. */
  summary: string;
  /** One of its networks doesn't run. */
  isStopped: boolean;
}

export function labFactsOf(snapshot: HostSnapshot): LabFacts[] {
  const uuids = snapshot.networks.map((network) => network.uuid);
  const colours = assignNetworkColours(uuids);
  return labsOnHost(snapshot).map(({ lab, networks }) => {
    const picture = pictureOfLab(networks, snapshot.machines);
    const plugged = new Set(picture.boxes.filter((box) => box.kind === 'machine').map((box) => box.id));
    const inactive = networks.filter((network) => !network.active).length;
    return {
      name: lab, picture, colours: coloursOf(picture, networks, uuids), isStopped: inactive > 0,
      summary: `${count(networks.length, 'network')}${inactive > 0 ? `, ${inactive} inactive` : ''}; ${plugged.size === 0 ? 'no machine plugged in' : `${count(plugged.size, 'machine')} plugged in`}`,
      networks: networks.map((network) => ({
        network, ...splitName(network.name, lab), colour: colours.get(network.uuid), state: networkState(network), kind: networkKindLabel[network.kind],
        address: network.ips[0] ? `${network.ips[0].address}/${network.ips[0].prefix}` : network.portgroups.length > 0 ? count(network.portgroups.length, 'port group') : 'no host here',
        machines: snapshot.machines.filter((machine) => machine.nics.some((nic) => nic.network === network.name)).map((machine) => machine.name),
      })),
    };
  });
}

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

function splitName(name: string, lab: string): { prefix: string; rest: string } {
  return name.startsWith(`${lab}-`) ? { prefix: lab, rest: name.slice(lab.length) } : { prefix: '', rest: name };
}
