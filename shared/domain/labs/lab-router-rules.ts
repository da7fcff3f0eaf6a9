import { rangeContains, sameAddress } from '../subnet';
import { isAddressedLabNetwork } from './lab-file';
import type { LabFile } from './lab-file';
import { labError } from './lab-problem';
import type { LabIssue } from './lab-problem';
import { routerNameOf } from './lab-router';
import type { LabRouter } from './lab-router';
import { subnetOf } from './lab-rules';
import { nearestWord } from './nearest-word';

/** Rules between the routers of a lab and its networks, whatever the host. */
export function checkLabRouters(file: LabFile): LabIssue[] {
  const routers = Object.entries(file.routers);
  return routers.flatMap(([key, router], at) => {
    const name = routerNameOf(file.name, key, router);
    const [other] = routers.slice(0, at).find(([earlier, { name: said }]) => routerNameOf(file.name, earlier, { name: said }) === name) ?? [];
    return [
      ...other === undefined ? [] : [labError(['routers', key], `“${other}” is called “${name}” already.`)],
      ...router.interfaces.flatMap((_, index) => checkInterface(file, key, router, index)),
    ];
  });
}

function checkInterface(file: LabFile, key: string, { interfaces }: LabRouter, index: number): LabIssue[] {
  const item = interfaces[index];
  if (!item) return [];
  const issue = (field: string, message: string): LabIssue => labError(['routers', key, 'interfaces', index, field], message);
  const network = Object.hasOwn(file.networks, item.network) ? file.networks[item.network] : undefined;
  if (!network) {
    const near = nearestWord(item.network, Object.keys(file.networks));
    return [issue('network', `This lab has no network “${item.network}”. ${near ? `Is it “${near}”?` : `It has: ${Object.keys(file.networks).join(', ')}.`}`)];
  }
  const found: LabIssue[] = [];
  const groups = 'portgroups' in network ? network.portgroups ?? [] : [];
  if (item.portgroup !== null && !groups.some((group) => group.name === item.portgroup)) {
    found.push(issue('portgroup', `“${item.network}” has no portgroup “${item.portgroup}”.${groups.length > 0 ? ` It has: ${groups.map((group) => group.name).join(', ')}.` : ''}`));
  }
  const host = isAddressedLabNetwork(network) && typeof network.ipv4 === 'object' && network.ipv4.address !== 'auto' ? network.ipv4.address : null;
  const own = item.address.split('/')[0] ?? '';
  if (host !== null && item.address.includes('/')) {
    if (!rangeContains(subnetOf(host), own)) found.push(issue('address', `The host is in ${subnetOf(host)} on “${item.network}”: the router has to be, too.`));
    else if (sameAddress(host.split('/')[0] ?? '', own)) found.push(issue('address', `${own} is the host's own address on “${item.network}”.`));
  }
  if (item.address === 'auto' && (item.vlan !== null || !(isAddressedLabNetwork(network) ? network.ipv4 !== 'none' : network.kind === 'bridged' || network.kind === 'macvtap'))) {
    found.push(issue('address', 'Say the router\'s address here: the host has none beside which one could be found.'));
  }
  if (typeof item.dhcp === 'object' && isAddressedLabNetwork(network) && network.ipv4 !== 'none' && !(typeof network.ipv4 === 'object' && network.ipv4.dhcp === 'none')) {
    found.push(issue('dhcp', `The host hands out addresses on “${item.network}” already: two servers would quarrel.`));
  }
  return found;
}
