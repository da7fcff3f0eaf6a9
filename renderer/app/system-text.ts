import type { HostSystem } from '../../shared/domain/snapshot';

/** "Debian 12" from "Debian GNU/Linux 12 (bookworm)": the words of os-release without what everybody knows. */
export function shortOsName(osName: string): string {
  return osName.replace('GNU/Linux ', '').replace(/\s*\([^)]*\)$/, '');
}

/** `9.0` of `9.0.0`. */
export const shortVersion = (version: string): string => version.split('.').slice(0, 2).join('.');

/** One line for the top bar: system, libvirt, Open vSwitch, who manages the network. */
export function systemLine(system: HostSystem): string {
  return [
    shortOsName(system.osName),
    system.libvirtVersion ? `libvirt ${shortVersion(system.libvirtVersion)}` : 'no libvirt',
    ...(system.ovsVersion ? [`Open vSwitch ${shortVersion(system.ovsVersion)}`] : []),
    ...system.networkStacks.slice(0, 1),
  ].join(' · ');
}

/** Everything about the system in lines, for the rail's hint. */
export function describeSystem(system: HostSystem): string[] {
  return [
    system.osName, `${system.architecture}, Linux ${system.kernel}`,
    [system.libvirtVersion ? `libvirt ${system.libvirtVersion}` : 'no libvirt', system.ovsVersion ? `Open vSwitch ${system.ovsVersion}` : 'no Open vSwitch'].join(', '),
    ...(system.networkStacks.length > 0 ? [system.networkStacks.join(', ')] : []),
  ];
}
