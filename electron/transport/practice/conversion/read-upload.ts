import type { StagedFile, StagedStep, TransactionState } from './transaction-state';

/** What an upload stages, without what the host adds to it. */
export type Upload = Pick<TransactionState, 'id' | 'token' | 'settings' | 'files' | 'removes' | 'wantedIpv4' | 'wantedIpv6' | 'newIpv6' | 'wantedRoutes' | 'protects' | 'apply' | 'commit' | 'revert'>;

/** A word as `quoteWord` writes it. */
const word = String.raw`'[^']*'(?:\\''[^']*')*|[\w@%+=:,./-]+`;
const write = new RegExp(String.raw`^printf '%s' (${word}) >(${word})$`, 'gm');

/**
 * Reads the script that stages a conversion (electron/commands/conversion/stage-transaction.ts): it writes one file after the other
 * into the transaction's folder. Null: it is another script, or only half of this one.
 */
export function readUpload(script: string): Upload | null {
  const id = /^main\(\) \{\ndir=\/var\/lib\/netwright\/tx\/([0-9a-z-]{8,64})\n/.exec(script)?.[1];
  if (id === undefined || !script.endsWith('\n}\nmain\n')) return null;
  const written = new Map([...script.matchAll(write)].map(([, text = '', name = '']): [string, string] => [unquote(name), unquote(text)]));
  const lines = (name: string): string[] => (written.get(name) ?? '').split('\n').filter((line) => line !== '');
  const steps = (phase: string): StagedStep[] => [...written.keys()].filter((name) => name.startsWith(`${phase}/`)).sort().map((name) => readStep(written.get(name) ?? ''));
  return {
    id, token: (written.get('token') ?? '').trim(),
    settings: Object.fromEntries(lines('settings').map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
    files: lines('files').map((line) => readFile(line, written)),
    removes: lines('removes').map((line) => ({ when: line.slice(0, line.indexOf('\t')), path: line.slice(line.indexOf('\t') + 1) })),
    wantedIpv4: written.has('wanted/ipv4') ? lines('wanted/ipv4') : null,
    wantedIpv6: written.has('wanted/ipv6') ? lines('wanted/ipv6') : null,
    newIpv6: lines('wanted/new6'), wantedRoutes: lines('wanted/routes'),
    protects: lines('protects'),
    apply: steps('apply'), commit: steps('commit'), revert: steps('revert'),
  };
}

const unquote = (text: string): string => (text.startsWith('\'') ? text.slice(1, -1).replaceAll('\'\\\'\'', '\'') : text);

/** A line of the table: name, permission bits, path on trial or -, path for good or -. */
function readFile(line: string, written: ReadonlyMap<string, string>): StagedFile {
  const [name = '', , trial, lasting] = line.split('\t');
  const path = (text: string | undefined): string | null => (text === undefined || text === '-' ? null : text);
  return { name, content: written.get(`new/${name}`) ?? '', trialPath: path(trial), commitPath: path(lasting) };
}

/** The sentence stands above its command. */
function readStep(text: string): StagedStep {
  const [head = '', ...command] = text.trimEnd().split('\n');
  return { says: head.replace(/^# /, ''), command: command.join('\n') };
}
