/** firewalld's zones are files, the distribution's and the administrator's. Source: firewalld.zone(5). */
export const libvirtZoneArgv: readonly string[] = ['ls', '-1', '/usr/lib/firewalld/zones/libvirt.xml', '/etc/firewalld/zones/libvirt.xml'];

export const hasLibvirtZone = (stdout: string): boolean => stdout.includes('libvirt.xml');
