import type { ConversionFacts } from './facts';
import { ifupdownNames } from './ifupdown/interfaces-files';
import type { StackName } from './transaction';

/**
 * The stacks that claim an interface, the one that configures it now first. One is well; none or several is a matter for preflight.
 * netplan only writes for the others, which shows in where their file stands.
 */
export function ownersOf(facts: ConversionFacts, name: string): StackName[] {
  const owners: StackName[] = [];
  const device = facts.networkManager[name];
  if (device && /^(connected|connecting)/.test(device.state) && !/externally/.test(device.state)) {
    owners.push(/\/netplan-[^/]*$/.test(device.file ?? '') ? 'netplan-NetworkManager' : 'NetworkManager');
  }
  const link = facts.networkd[name];
  if (link?.file && link.state !== 'unmanaged') {
    owners.push(/\/run\/systemd\/network\/[^/]*-netplan-[^/]*$/.test(link.file) ? 'netplan-networkd' : 'systemd-networkd');
  }
  if (ifupdownNames(facts.files).includes(name)) owners.push(facts.tools.includes('ifreload') ? 'ifupdown2' : 'ifupdown');
  if (facts.units['wicked.service'] === 'active' && facts.files.some((file) => file.path === `/etc/sysconfig/network/ifcfg-${name}`)) owners.push('wicked');
  return owners;
}
