import { bridgesFilePath } from '../../../shared/domain/preflight/system-item';

/** Lines by which the installed service reads a folder: its own option, or Debian's CONFIG_DIR. Source: dnsmasq(8). */
export const dnsmasqFolderArgv: readonly string[] = ['grep', '-hsE', '^[[:space:]]*(conf-dir|CONFIG_DIR)=', '/etc/dnsmasq.conf', '/etc/default/dnsmasq'];
export const bridgesFileArgv: readonly string[] = ['cat', bridgesFilePath];

export const readsFolder = (stdout: string): boolean => /=["']?\/etc\/dnsmasq\.d(?:[,/"'\s]|$)/m.test(stdout);
