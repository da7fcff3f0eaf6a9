import type { Settings } from '../../../shared/contract/app';
import type { SecretStore } from '../../storage/secret-store';
import type { CommandRunner } from '../../transport/command-runner';

const quarterHourMs = 15 * 60_000;

/** For the transport: after so long sudo's password is asked for anew. Undefined: it stays for the session. */
export const sudoPasswordKeptMs = (kept: Settings['sudoPasswordKept']): number | undefined => (kept === '15-minutes' ? quarterHourMs : undefined);

/**
 * Forgets the typed sudo password as the user chose. One that the keychain was told to remember stays there: that is
 * the later and the plainer wish.
 */
export function keepSudoPassword({ kept, secrets, hostId, runner, beside = false }: {
  kept: Settings['sudoPasswordKept']; secrets: Pick<SecretStore, 'release'>; hostId: string; runner: Pick<CommandRunner, 'onClose'>;
  /** The connection stands beside the host's session, which the password was typed for. */
  beside?: boolean;
}): void {
  if (beside) return;
  switch (kept) {
    case 'until-quit': return;
    // The transport holds its own copy for as long as it may.
    case '15-minutes': return secrets.release(hostId, 'sudo-password');
    case 'until-disconnect':
      runner.onClose((error) => {
        // A lost connection comes back by itself, and is the same session to the user.
        if (error === null) secrets.release(hostId, 'sudo-password');
      });
  }
}
