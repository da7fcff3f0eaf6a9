import type { Command } from '../../../shared/domain/plan';
import { quoteArgv } from '../../../shared/domain/shell-quote';
import type { Privilege } from '../../../shared/domain/snapshot';
import { virshArgv } from './connection';

/**
 * A machine's serial console. Without `--force`: a session that someone else has open is left to them. Source: virsh(1),
 * `console`.
 */
export function buildMachineConsole(uuid: string, privilege: Privilege): Command {
  return { argv: virshArgv(['console', uuid], privilege) };
}

/** What the user should know about a console that ended with these last words of virsh; null: virsh said it all. */
export function explainConsoleEnd(lastWords: string, machineName: string, uuid: string): string | null {
  if (/Active console session exists/i.test(lastWords)) {
    const takeOver = quoteArgv(['virsh', '-c', 'qemu:///system', 'console', uuid, '--force']);
    return `Somebody else has this console open. To take it from them, run in a terminal of the host: ${takeOver}`;
  }
  if (/cannot find (?:default )?(?:console|character) device|no (?:default )?console/i.test(lastWords)) {
    return `${machineName} has no serial console. It needs a <serial type="pty"> and a <console> in its definition, and a guest that listens there.`;
  }
  if (/character device .* is not using a PTY/i.test(lastWords)) {
    return `The serial port of ${machineName} is not a PTY, so virsh can't open it.`;
  }
  if (/domain is not running/i.test(lastWords)) return `${machineName} is not running. Start it, then open its console.`;
  return null;
}
