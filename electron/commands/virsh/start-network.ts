import type { Command } from '../../../shared/domain/plan';
import { virshCommand } from './connection';

/** Source: virsh(1), net-start. */
export function startNetwork(uuid: string): Command {
  return virshCommand(['net-start', uuid]);
}
