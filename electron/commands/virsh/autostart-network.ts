import type { Command } from '../../../shared/domain/plan';
import { virshCommand } from './connection';

/** Sets whether the network starts with the host. Source: virsh(1), net-autostart. */
export function autostartNetwork(uuid: string, enabled: boolean): Command {
  return virshCommand(enabled ? ['net-autostart', uuid] : ['net-autostart', '--disable', uuid]);
}
