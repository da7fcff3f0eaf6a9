import type { ConversionFacts } from '../facts';
import { sourcedBy } from './interfaces-files';
import type { InterfacesFile } from './interfaces-files';
import { formatInterfaces } from './parse-interfaces';
import type { InterfacesStanza } from './parse-interfaces';

/** Where ifupdown reads everything from while a change is on trial. */
export const trialPath = '/run/netwright/interfaces';

/** The main file with each sourced file's text in place of the line that reads it. */
export function flatten(facts: Pick<ConversionFacts, 'files'>, files: readonly InterfacesFile[]): string {
  const textOf = (file: InterfacesFile): string => file.stanzas.map((stanza) => {
    const sourced = sourcedBy(facts.files, file.path, stanza);
    const kind = stanza.head?.words[0] ?? '';
    if (!kind.startsWith('source')) return formatInterfaces([stanza]);
    const inner = sourced.map((path) => textOf(files.find((other) => other.path === path)!));
    return `${inner.join('\n')}\n${formatInterfaces([{ head: null, body: stanza.body } satisfies InterfacesStanza])}`;
  }).join('');
  return files[0] ? textOf(files[0]) : '';
}
