import { endsOf, type ConversionRun } from '../../../shared/domain/conversion/conversion-run';

/** What happens if the power fails or this computer is closed at this moment. Null run: nothing has begun. */
export function ifNow(run: ConversionRun | null, host: string): string {
  if (run === null) return `Nothing on ${host} has changed. If the power fails or this window closes now, only what you chose here is lost.`;
  if (run.phase === 'preparing') return `${host} is being prepared, and its network has not been touched. If the power fails or this window closes now, it stays as it is.`;
  if (run.phase === 'unknown') return `${host} does not need this window: what is not confirmed goes back by itself. If its power fails before it was confirmed, the old network comes up.`;
  switch (run.transaction?.state) {
    case undefined: case 'UNKNOWN': return `Nothing on ${host} has changed.`;
    case 'STAGED': case 'ARMED': return `Nothing has changed yet. If the power fails or this window closes now, ${host} stays as it is.`;
    case 'APPLYING': return `If the power fails now, the old network comes back. If this window closes, ${host} goes on by itself, and goes back when the time is up.`;
    case 'TRIAL': case 'VERIFIED': return 'If the power fails or this window closes now, the old network comes back.';
    case 'COMMITTING': return `If the power fails now, ${host} comes up with the old network or with the new one, never with half of either. If this window closes, ${host} finishes by itself.`;
    case 'REVERTING': return `If this window closes now, ${host} finishes by itself. After a power cut the old network comes up.`;
    case 'DONE': return `Nothing is left to happen: ${host} comes up with its network on ${endsOf(run).to} after a restart.`;
    case 'REVERTED': return `Nothing is left to happen: ${host} has its old network, also after a restart.`;
    case 'REVERT_FAILED': return `A restart of ${host} puts its old files back before any network service starts.`;
  }
}
