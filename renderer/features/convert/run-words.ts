import type { ConversionRun } from '../../../shared/domain/conversion/conversion-run';
import { reasonOf } from './run-timeline';

/** In the engine's own words, but for what this app has asked it for. */
const toldReasons: Readonly<Record<string, string>> = { 'asked to go back': 'It was asked to go back.', 'by hand': 'It was asked to go back.', 'nobody confirmed in time': 'Nobody confirmed it in time.' };

const capital = (text: string): string => (text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`);

const inWords = (reason: string): string => toldReasons[reason] ?? capital(reason);

/** What is going on, as a heading's second half. */
export function phaseWord(run: ConversionRun): string {
  if (run.phase === 'preparing') return 'being prepared';
  if (run.phase === 'unknown') return 'out of reach';
  switch (run.transaction?.state) {
    case undefined: case 'UNKNOWN': return 'it never began';
    case 'STAGED': return 'staged';
    case 'ARMED': return 'armed, about to begin';
    case 'APPLYING': return 'changing over';
    case 'TRIAL': return 'on trial';
    case 'VERIFIED': return 'on trial, and reached';
    case 'COMMITTING': return 'being made lasting';
    case 'DONE': return 'kept';
    case 'REVERTING': return 'going back';
    case 'REVERTED': return 'the old network is back';
    case 'REVERT_FAILED': return 'the old network is not whole';
  }
}

/** What it means, and what comes next. */
export function phaseSentence(run: ConversionRun, host: string): string {
  const { keep, isOwn, transaction, phase } = run;
  if (phase === 'preparing') return `${host} gets everything it needs to do this alone, and to take it back.`;
  if (phase === 'unknown') return `${host} has not answered for longer than it needs to go back. Connect to it again, and this page says what it did.`;
  const reason = transaction ? inWords(reasonOf(transaction) ?? '') : '';
  switch (transaction?.state) {
    case undefined: case 'UNKNOWN': return `Nothing on ${host} has changed.`;
    case 'STAGED': case 'ARMED': return `Everything stands ready to bring the old network back. ${host} begins in a moment.`;
    case 'APPLYING': return `${applying(run, host)} It may fall silent for a moment; that is expected.`;
    case 'TRIAL': return isOwn ? `${onTrial(run, host)} It goes back by itself unless Netwright reaches it ${placeOf(run)} over a new connection.` : `${onTrial(run, host)} Somebody else began this, from another Netwright or the command line; you see what ${host} says of it.`;
    case 'VERIFIED': return `${host} was reached ${placeOf(run)} over a new connection, and ${keep === 'verified' ? 'is told to keep it so' : `waits for ${isOwn ? 'your' : 'somebody’s'} word to keep it so`}.`;
    case 'COMMITTING': return `The files go to where they last, and ${host} looks once more whether all is well.`;
    case 'DONE': return done(run, host);
    case 'REVERTING': return `${reason} ${host} is putting the old network back.`;
    case 'REVERTED': return transaction.journal.some(({ state }) => state === 'APPLYING') ? `The change did not last. ${reason}` : `It did not begin. ${reason}`;
    case 'REVERT_FAILED': return `${reason} ${host} could not restore all of what it had. What was kept stays in /var/lib/netwright/tx/${transaction.id}; try again, or restart ${host}.`;
  }
}

/** Where the host is to be found while it is on trial. */
const placeOf = ({ movesTo }: ConversionRun): string => (movesTo === null ? 'on its old address' : `at ${movesTo}`);

type Goal = ConversionRun['goal'];
type Sentence = (run: ConversionRun, host: string) => string;
const byGoal = (words: Record<Goal, Sentence>): Sentence => (run, host) => words[run.goal](run, host);

const applying = byGoal({
  bridge: ({ nic, bridge }, host) => `${host} makes ${nic} a port of ${bridge} now.`,
  unbridge: ({ nic, bridge }, host) => `${host} gives ${nic} its addresses back and takes ${bridge} away now.`,
  unport: ({ nic, bridge }, host) => `${host} takes ${nic} out of ${bridge} now.`,
  address: ({ nic }, host) => `${host} gives ${nic} its new settings now.`,
});
const onTrial = byGoal({
  bridge: (_run, host) => `${host} is running on the new bridge.`,
  unbridge: ({ nic, bridge }, host) => `${host} is running on ${nic}, without ${bridge}.`,
  unport: ({ nic, bridge }, host) => `${host} is running on ${bridge} without ${nic}.`,
  address: ({ nic }, host) => `${host} is running with the new settings of ${nic}.`,
});
const done = byGoal({
  bridge: ({ bridge }, host) => `${bridge} is there to stay: ${host} is reached as before, and machines can be plugged in.`,
  unbridge: ({ nic, bridge }, host) => `${bridge} is gone for good: ${host} is reached as before, on ${nic}.`,
  unport: ({ nic, bridge }, host) => `${nic} is out of ${bridge} for good, and has no addresses: ${host} is reached as before.`,
  address: ({ nic, movesTo }, host) => (movesTo === null ? `The new settings of ${nic} are there to stay.` : `${host} is at ${movesTo} to stay.`),
});
