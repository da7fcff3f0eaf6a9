import { randomUUID } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import type { HostProfile } from '../../../shared/domain/host';
import type { Intent } from '../../../shared/domain/intent';
import { importIntent } from '../../../shared/domain/network-xml/import-intent';
import { longestDocument } from '../../../shared/domain/xml-problem';
import { AppError } from '../../../shared/errors/app-error';
import type { ChangeOptions, CommonOptions, ImportOptions } from '../arguments';
import type { CliContext } from '../main';
import { applyIntent } from './apply-intent';

/** `netwright import HOST FILE [--as NAME | --replace]`. */
export async function importNetwork(context: CliContext, host: HostProfile, file: string, options: CommonOptions & ChangeOptions & ImportOptions): Promise<number> {
  const xml = await readDocument(file);
  await context.connect(host.id);
  const held = context.core.inventory.get(host.id);
  if (!held) throw new AppError('internal', 'Nothing was read', `${host.name} was reached, but there is no snapshot of it.`);
  const { snapshot } = held;
  const choice = options.replace ? { kind: 'replace' as const } : options.as === undefined ? { kind: 'new' as const } : { kind: 'as' as const, name: options.as };
  const found = importIntent(xml, choice, snapshot, randomUUID());
  const current = found.replaces === null ? null : await context.core.inventory.xml(host.id, 'network', found.replaces.uuid);
  const intent: Intent = {
    kind: 'network.define', uuid: found.uuid, xml: found.xml, basedOn: current?.persistent ?? null, when: options['restart-now'] ? 'now' : 'next-start',
    start: found.replaces === null && !options['no-start'], autostart: !options['no-autostart'] && (found.replaces?.autostart ?? true),
  };
  return applyIntent(context, host, intent, options);
}

async function readDocument(file: string): Promise<string> {
  try {
    if (file === '-') return await readFile('/dev/stdin', 'utf8');
    if ((await stat(file)).size > longestDocument) throw new AppError('input.invalid', 'The file is too long', 'A network\'s definition has some hundred lines. More than 1 MB is not read.');
    const handle = await open(file);
    try {
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('input.invalid', 'The file can\'t be read', (error as Error).message);
  }
}
