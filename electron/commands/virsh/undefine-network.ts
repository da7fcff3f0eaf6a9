import type { Command } from '../../../shared/domain/plan';
import { virshCommand } from './connection';

/** Takes the persistent definition away; a running network goes on as a transient one. Source: virsh(1), net-undefine. */
export function undefineNetwork(uuid: string): Command {
  return virshCommand(['net-undefine', uuid]);
}
