import { planToScript } from '../../../shared/domain/plan-script';
import type { CommonOptions } from '../arguments';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { formatEntry, formatHistory } from '../print';

/** `netwright history [HOST]`: newest first. */
export function showHistory({ core, print }: CliContext, options: CommonOptions, hostId: string | null): number {
  const rows = core.history.list(hostId);
  print(options.json ? JSON.stringify(rows, null, 2) : formatHistory(rows));
  return exitCode.ok;
}

/** `netwright history show ENTRY [--script]`. */
export function showEntry({ core, print }: CliContext, historyId: string, script: boolean, options: CommonOptions): number {
  const entry = core.history.get(historyId);
  if (script) print(planToScript(entry.run.plan));
  else print(options.json ? JSON.stringify(entry, null, 2) : formatEntry(entry));
  return exitCode.ok;
}
