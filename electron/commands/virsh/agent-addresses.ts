import type { Privilege } from '../../../shared/domain/snapshot';
import { virshArgv } from './connection';

/** An address that the guest agent names. MAC in lower case. */
export interface AgentAddress { mac: string; address: string }

/** As a process of its own: a guest that doesn't answer would hold up the persistent virsh. Source: virsh(1), domifaddr. */
export const agentAddressesArgv = (uuid: string, privilege: Privilege): string[] => virshArgv(['-q', 'domifaddr', uuid, '--source', 'agent', '--full'], privilege);

/** Its table, without loopback and link-local addresses; lines that are none of its rows are passed over. */
export function parseAgentAddresses(stdout: string): AgentAddress[] {
  return stdout.split('\n').flatMap((line) => {
    const found = /^\s*\S+\s+([0-9a-f]{2}(?::[0-9a-f]{2}){5})\s+ipv[46]\s+([0-9a-f.:]+)\/\d+\s*$/i.exec(line);
    const [, mac = '', address = ''] = found ?? [];
    if (!found || /^(?:127\.|::1$|fe[89ab])/i.test(address)) return [];
    return [{ mac: mac.toLowerCase(), address: address.toLowerCase() }];
  });
}
