import type { HostProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import type { CommonOptions } from '../arguments';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { formatSnapshot } from '../print';

/** `netwright inspect HOST`: connects, reads once, prints. Parts that can't be read are named, and don't fail it. */
export async function inspect({ core, print, connect }: CliContext, host: HostProfile, options: CommonOptions): Promise<number> {
  await connect(host.id);
  const held = core.inventory.get(host.id);
  if (!held) throw new AppError('internal', 'Nothing was read', `${host.name} was reached, but there is no snapshot of it.`);
  print(options.json ? JSON.stringify(held.snapshot, null, 2) : formatSnapshot(held.snapshot));
  return exitCode.ok;
}
