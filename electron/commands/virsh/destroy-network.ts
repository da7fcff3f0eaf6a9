import type { Command } from '../../../shared/domain/plan';
import { virshCommand } from './connection';

/** Stops a network (libvirt's word is destroy); its definition stays if it is persistent. Source: virsh(1), net-destroy. */
export function destroyNetwork(uuid: string): Command {
  return virshCommand(['net-destroy', uuid]);
}
