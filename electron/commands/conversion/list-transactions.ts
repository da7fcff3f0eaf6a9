import type { Command } from '../../../shared/domain/plan';
import { hostTransactionStates, type HostTransaction, type HostTransactionState } from '../../../shared/domain/conversion/host-transaction';
import { transactionGoals } from '../../../shared/domain/conversion/transaction';
import { transactionsFolder } from './engine-commands';

/** Every transaction that the host remembers; anybody may read that, but not into what is kept: of a change that has ended it is there only for an undo. */
export const listTransactionsCommand: Command = {
  argv: ['/bin/sh', '-c', `cd ${transactionsFolder} 2>/dev/null || exit 0
for id in *; do
  [ -f "$id/settings" ] || continue
  echo @; sed 's/^/=/' "$id/settings"
  printf '=state=%s\\n' "$(cat "$id/state" 2>/dev/null)"
  [ "$(readlink ../pending)" != "tx/$id" ] || echo =pending=yes
  [ ! -d "$id/kept" ] || echo =kept=yes
  if read -r deadline 2>/dev/null <"/run/netwright/$id/deadline" && [ ! -d "/run/netwright/$id/decided" ]; then
    read -r up rest </proc/uptime
    printf '=left=%s\\n' "$(((deadline - \${up%.*}\${up#*.}) / 100))"
  fi
  sed 's/^/>/' "$id/journal" 2>/dev/null
done
:`],
};

/** Oldest first. Lines that aren't understood are passed over: another version's engine may have written them. */
export function parseTransactions(stdout: string): HostTransaction[] {
  const transactions: HostTransaction[] = [];
  for (const block of stdout.split(/^@\n/m).slice(1)) {
    const settings = new Map<string, string>();
    const journal: HostTransaction['journal'] = [];
    for (const line of block.split('\n')) {
      const setting = /^=([a-z_]+)=(.*)$/.exec(line);
      if (setting) settings.set(setting[1]!, setting[2]!);
      const entry = /^>(\S+) (\S+) (.*)$/.exec(line);
      if (entry) journal.push({ at: entry[1]!, state: stateOf(entry[2]), text: entry[3]!.trim() });
    }
    const value = (key: string): string => settings.get(key) ?? '';
    if (!value('id')) continue;
    transactions.push({
      id: value('id'), state: stateOf(value('state')), pending: value('pending') === 'yes', stack: value('stack'), kind: value('kind') === 'ovs' ? 'ovs' : 'linux',
      goal: transactionGoals.find((goal) => goal === value('goal')) ?? 'bridge', nic: value('nic'), bridge: value('bridge'),
      ...value('undoes') === '' ? {} : { undoes: value('undoes') }, ...value('leaves') === '' ? {} : { leaves: value('leaves').split(' ') }, ...value('state') === 'DONE' && value('kept') === 'yes' ? { undoable: true } : {},
      secondsLeft: /^-?\d+$/.test(value('left')) ? Math.max(0, Number(value('left'))) : null, journal,
    });
  }
  return transactions;
}

const stateOf = (word: string | undefined): HostTransactionState => hostTransactionStates.find((state) => state === word) ?? 'UNKNOWN';
