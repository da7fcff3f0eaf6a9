import type { Command } from '../../../shared/domain/plan';
import { virshCommand } from './connection';

/** Makes or replaces the persistent definition; a running network keeps its own until its next start. Source: virsh(1), net-define. */
export function defineNetwork(name: string, xml: string): Command {
  return virshCommand(['net-define', '/dev/stdin'], { name: `${name}.xml`, text: xml });
}
