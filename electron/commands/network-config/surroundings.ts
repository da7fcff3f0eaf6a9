import type { ConversionFacts } from '../../../shared/domain/conversion/facts';

/** To be read by parseSshConnection. */
export const sessionArgv: readonly string[] = ['printenv', 'SSH_CONNECTION'];

export const rulesArgv = (family: 'ipv4' | 'ipv6'): readonly string[] => ['ip', family === 'ipv4' ? '-4' : '-6', 'rule', 'show'];

/** Beyond those that every host has: tables local, main and default. */
export function parseRules(stdout: string): string[] {
  return stdout.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^(0|32766|32767):\s+from all lookup (local|main|default)$/.test(line));
}

/** Source: systemctl(1). */
export const systemdVersionArgv: readonly string[] = ['systemctl', '--version'];
export function parseSystemdVersion(stdout: string): number | null {
  const version = /^systemd (\d+)/m.exec(stdout)?.[1];
  return version === undefined ? null : Number(version);
}

export const mountsArgv: readonly string[] = ['cat', '/proc/mounts'];
/** Source: proc(5), fstab(5): spaces are written `\040`. */
export function parseMounts(stdout: string): ConversionFacts['mounts'] {
  return stdout.split('\n').flatMap((line) => {
    const [source, target, type, options] = line.split(' ');
    if (!source || !target || !type || options === undefined) return [];
    return [{ source, target: target.replaceAll('\\040', ' '), type, readOnly: options.split(',').includes('ro') }];
  });
}

/** Kilobytes; the asked-for paths come in this order. Source: df(1), POSIX. */
export const spacePaths = ['/etc', '/var', '/run'] as const;
export const spaceArgv: readonly string[] = ['df', '-Pk', ...spacePaths];
export function parseSpace(stdout: string): Record<string, number> {
  const rows = stdout.trim().split('\n').slice(1).map((line) => /\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s+\//.exec(line)?.[2]);
  return Object.fromEntries(spacePaths.flatMap((path, at): [string, number][] => (rows[at] === undefined ? [] : [[path, Number(rows[at])]])));
}

export const iscsiArgv: readonly string[] = ['ls', '-1', '/sys/class/iscsi_session'];
/** The lock of the engine on the host: a link to the transaction under way. */
export const pendingArgv: readonly string[] = ['readlink', '/var/lib/netwright/pending'];
export const pendingStateArgv: readonly string[] = ['cat', '/var/lib/netwright/pending/state'];

/** Null: nobody has the lock, or one that has ended, whose things are being cleared away: the engine waits for that. */
export function parsePending(link: string, state: string): string | null {
  return ['DONE', 'REVERTED'].includes(state.trim()) ? null : link.trim() || null;
}
/** There once Open vSwitch has loaded its datapath; without it, its bridges are tap devices of ovs-vswitchd(8). */
export const switchDatapathArgv: readonly string[] = ['ls', '-d', '/sys/module/openvswitch'];
export const switchNamesArgv: readonly string[] = ['ovs-vsctl', '--timeout=3', 'list-br'];
/** `BRIDGE PORT`, a port a line. */
export const switchPortsArgv: readonly string[] = ['sh', '-c', 'for b in $(ovs-vsctl --timeout=3 list-br); do for p in $(ovs-vsctl --timeout=3 list-ports "$b"); do echo "$b $p"; done; done'];
export function parseSwitchPorts(stdout: string): Record<string, string[]> {
  const ports: Record<string, string[]> = {};
  for (const line of words(stdout)) {
    const [bridge, port] = line.split(' ');
    if (bridge && port) (ports[bridge] ??= []).push(port);
  }
  return ports;
}
export const words = (stdout: string): string[] => stdout.split('\n').map((line) => line.trim()).filter(Boolean);

export const activeZonesArgv: readonly string[] = ['firewall-cmd', '--get-active-zones'];
export const defaultZoneArgv: readonly string[] = ['firewall-cmd', '--get-default-zone'];
/** Interfaces that were put into a zone other than the default one. Source: firewall-cmd(1). */
export function parseZones(active: string, defaultZone: string): Record<string, string> {
  const zones: Record<string, string> = {};
  let zone = '';
  for (const line of active.split('\n')) {
    zone = /^(\S+)(\s+\(.*\))?$/.exec(line)?.[1] ?? zone;
    for (const name of /^\s+interfaces:\s*(.*)$/.exec(line)?.[1]?.split(/\s+/) ?? []) if (name !== '' && zone !== defaultZone.trim()) zones[name] = zone;
  }
  return zones;
}
