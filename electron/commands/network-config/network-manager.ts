import type { NetworkManagerDevice } from '../../../shared/domain/conversion/facts';

/** `running:1.42.4`. Source: nmcli(1), general. */
export const generalArgv: readonly string[] = ['nmcli', '-t', '-f', 'RUNNING,VERSION', 'general'];
/** `DEVICE:STATE:CON-UUID:CONNECTION`, a device a line; the name comes last, for it may hold colons. Source: nmcli(1), device. */
export const devicesArgv: readonly string[] = ['nmcli', '-t', '-e', 'no', '-f', 'DEVICE,STATE,CON-UUID,CONNECTION', 'device'];
/** `UUID:FILENAME`. Source: nmcli(1), connection show. */
export const profilesArgv: readonly string[] = ['nmcli', '-t', '-e', 'no', '-f', 'UUID,FILENAME', 'connection', 'show'];
/** What DHCP agreed on, a paragraph a device. Source: nmcli(1), device show. */
export const dhcpArgv: readonly string[] = ['nmcli', '-t', '-e', 'no', '-f', 'GENERAL.DEVICE,DHCP4', 'device', 'show'];
/** The plugin that makes Open vSwitch devices, wherever the distribution puts it. */
export const ovsPluginArgv: readonly string[] = [
  'find', '/usr/lib', '/usr/lib64', '-maxdepth', '5', '-name', 'libnm-device-plugin-ovs.so',
];

/** Null: it doesn't run. */
export function parseGeneral(stdout: string): string | null {
  return /^running:(\d[\w.~-]*)$/m.exec(stdout)?.[1] ?? null;
}

/** By device. */
export function parseDevices(devices: string, profiles: string): Record<string, NetworkManagerDevice> {
  const files = new Map(profiles.split('\n').flatMap((line): [string, string][] => {
    const [, uuid, file] = /^([0-9a-f-]{36}):(\/.+)$/.exec(line) ?? [];
    return uuid && file ? [[uuid, file]] : [];
  }));
  return Object.fromEntries(devices.split('\n').flatMap((line): [string, NetworkManagerDevice][] => {
    const [, device, state = '', uuid = '', name = ''] = /^([^:]+):([^:]*):([0-9a-f-]*):(.*)$/.exec(line) ?? [];
    return device === undefined ? [] : [[device, { state, uuid: uuid || null, name: name || null, file: files.get(uuid) ?? null }]];
  }));
}

/** DHCP client identifiers as NetworkManager writes them (`01:52:54:…`), by device. */
export function parseClientIds(stdout: string): Record<string, string> {
  const ids: Record<string, string> = {};
  let device = '';
  for (const line of stdout.split('\n')) {
    device = /^GENERAL\.DEVICE:(.+)$/.exec(line)?.[1] ?? device;
    const id = /^DHCP4\.OPTION\[\d+\]:(?:requested_)?dhcp_client_identifier = ([0-9a-f:]+)$/i.exec(line)?.[1];
    if (id !== undefined && id.includes(':')) ids[device] = id.toLowerCase();
  }
  return ids;
}
