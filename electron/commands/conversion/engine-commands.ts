import type { Command } from '../../../shared/domain/plan';

/** Folders of the engine on the host; engine.sh finds the first one by where it stands. */
export const transactionsFolder = '/var/lib/netwright/tx';
const liveFolder = '/run/netwright';

const isTransactionId = (id: string): boolean => /^[0-9a-z-]{8,64}$/.test(id);

function folderOf(parent: string, id: string): string {
  if (!isTransactionId(id)) throw new Error(`Not a transaction's id: ${id}`);
  return `${parent}/${id}`;
}

/** Where a transaction stands on the host. Throws for what is no id. */
export const folderOfTransaction = (id: string): string => folderOf(transactionsFolder, id);

/** A subcommand of a transaction's engine, as root: `arm`, `revert` (now). */
export const engineCommand = (id: string, verb: 'arm' | 'revert'): Command => ({ argv: ['/bin/sh', `${folderOfTransaction(id)}/engine.sh`, verb] });

/** The token, for a client that did not begin the transaction: root may read it. */
export const readTokenCommand = (id: string): Command => ({ argv: ['cat', `${folderOfTransaction(id)}/token`] });

/** What the user says to the supervisor. `extend`: the trial lasts so many seconds in all. */
export type InboxWord = { word: 'go' | 'verified' | 'confirm' | 'revert' } | { word: 'extend'; seconds: number };

/** Says a word to the supervisor, as the user who began: no root is needed. Whole at once, by a rename. The token comes by stdin. */
export function sayCommand(id: string, token: string, said: InboxWord): Command {
  const inbox = `${folderOf(liveFolder, id)}/inbox`;
  return {
    argv: ['/bin/sh', '-c', 'umask 077; cat > "$0/.$1" && mv -f "$0/.$1" "$0/$1"', inbox, said.word],
    stdin: { name: 'token', text: `${token}${said.word === 'extend' ? ` ${Math.round(said.seconds)}` : ''}\n` },
  };
}
