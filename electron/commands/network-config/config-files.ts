import type { ConfigFile } from '../../../shared/domain/conversion/facts';
import type { GatheredFile } from '../gathered-files';

/** Every file in which a stack may keep what it configures. They may hold passwords: only a conversion reads them. */
export const configGlobs: readonly string[] = [
  '/lib/netplan/*.yaml', '/etc/netplan/*.yaml', '/run/netplan/*.yaml',
  '/etc/systemd/network/*', '/etc/systemd/network/*.d/*.conf', '/run/systemd/network/*', '/run/systemd/network/*.d/*.conf',
  '/usr/lib/systemd/network/*.network', '/usr/lib/systemd/network/*.d/*.conf', '/usr/local/lib/systemd/network/*', '/usr/local/lib/systemd/network/*.d/*.conf',
  '/etc/network/*', '/etc/network/interfaces.d/*', '/etc/network/[a-hj-z]*/*', '/run/netwright/interfaces',
  '/etc/NetworkManager/system-connections/*', '/run/NetworkManager/system-connections/*', '/usr/lib/NetworkManager/system-connections/*',
  '/etc/NetworkManager/conf.d/*', '/run/NetworkManager/conf.d/*',
  '/etc/sysconfig/network/ifcfg-*', '/etc/sysconfig/network/ifroute-*', '/etc/sysconfig/network-scripts/ifcfg-*',
  '/etc/cloud/cloud.cfg.d/*',
];

const folders = [...new Set(configGlobs.map((glob) => glob.replace(/\/[^/]*[*[].*$/, '').replace(/\/interfaces$/, '')))];

/** `MODE PATH`, a file a line; exits 1 where some of the folders aren't there. */
export const modesArgv: readonly string[] = ['find', ...folders, '-type', 'f', '-exec', 'stat', '-c', '%a %n', '{}', '+'];

export function joinModes(files: readonly GatheredFile[], modes: string): ConfigFile[] {
  const known = new Map(modes.split('\n').flatMap((line): [string, number][] => {
    const [, mode, path] = /^([0-7]{1,4}) (\/.+)$/.exec(line) ?? [];
    return mode && path ? [[path, Number.parseInt(mode, 8)]] : [];
  }));
  // Two patterns may find the same file. A link is read as what it leads to; its own mode says nothing.
  return files.filter(({ path }, at) => files.findIndex((file) => file.path === path) === at).map(({ path, content }) => ({ path, content, mode: known.get(path) ?? 0o600 }));
}
