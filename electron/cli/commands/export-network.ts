import { writeFile } from 'node:fs/promises';
import type { HostProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { networkOn } from './network-on';

/** `netwright export HOST NETWORK [FILE]`: what its next start uses, as libvirt writes it. A file that is there is left alone. */
export async function exportNetwork(context: CliContext, host: HostProfile, name: string, file: string | null): Promise<number> {
  await context.connect(host.id);
  const { uuid } = networkOn(context, host.id, name);
  const { persistent, running } = await context.core.inventory.xml(host.id, 'network', uuid);
  const xml = (persistent ?? running ?? '').trim();
  if (file === null) {
    context.print(xml);
    return exitCode.ok;
  }
  try {
    await writeFile(file, `${xml}\n`, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new AppError('input.invalid', 'Nothing was written', code === 'EEXIST' ? `${file} is there already.` : message, code === 'EEXIST' ? { hint: 'Choose another name, or remove the file.' } : {});
  }
  return exitCode.ok;
}
