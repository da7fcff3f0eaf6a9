import type { CommonOptions } from '../arguments';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { formatHosts } from '../print';

/** `netwright hosts`: what the app knows, without connecting to any. */
export function showHosts({ core, print }: CliContext, options: CommonOptions): number {
  const views = core.sessions.views();
  print(options.json ? JSON.stringify(views.map(({ profile }) => profile), null, 2) : formatHosts(views));
  return exitCode.ok;
}
