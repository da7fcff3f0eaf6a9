import type { HostProfile } from '../../../shared/domain/host';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { networkOn } from './network-on';
import { writeNew } from './write-new';

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
  await writeNew(file, `${xml}\n`);
  return exitCode.ok;
}
