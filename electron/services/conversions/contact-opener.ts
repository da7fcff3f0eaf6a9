import type { HostProfile } from '../../../shared/domain/host';
import type { HostTransactionState } from '../../../shared/domain/conversion/host-transaction';
import { AppError } from '../../../shared/errors/app-error';
import type { HostOpener } from '../sessions/session-service';
import { HostContact } from './host-contact';

/** `interactive`: the user may be asked for secrets, and has time for that. */
export interface Access { interactive: boolean; root: boolean }

/** How long a connection may take while a host is being watched: it may be out of reach, and is asked again. */
const connectPatienceMs = 5_000;
/** A host that is slow, as by its sshd's look-ups or a jump, has so many times as long as its fastest connection took, up to the most. */
const slowHostFactor = 3;
const mostPatienceMs = 30_000;

/** A host that is moving: it is at one of two addresses. */
interface Move {
  /** Of the profile. Changed by its user since: the move is over. */
  from: string;
  to: string;
  /** Where it is more likely to be just now. */
  there: boolean;
}

/** Opens connections to hosts, each a new one, at the address of the profile or at the one that a host is moving to. */
export class ContactOpener {
  private readonly moves = new Map<string, Move>();
  /** How long the fastest connection to each host took, ms. */
  private readonly fastest = new Map<string, number>();

  constructor(private readonly hosts: { get(id: string): HostProfile }, private readonly opener: HostOpener) {}

  /** Looks for the host there as well. @throws AppError `conversion.refused` where its key could not be checked there */
  expectAt(hostId: string, to: string): void {
    const { connection } = this.hosts.get(hostId);
    // Its user has put it into the settings already: there is nowhere else to look.
    if (connection.kind !== 'ssh' || connection.address === to) return;
    if (connection.client === 'system') {
      throw new AppError('conversion.refused', 'The system\'s ssh can\'t follow the host', 'It does not expect the key of one address at another. Nothing was changed.', { hint: 'Choose the built-in client in the host\'s settings.' });
    }
    this.moves.set(hostId, { from: connection.address, to, there: false });
  }

  /** What was heard of a change on the host, or that it does not answer. */
  note(hostId: string, state: HostTransactionState, reached: boolean): void {
    const move = this.moves.get(hostId);
    if (!move) return;
    if (state === 'REVERTED') this.moves.delete(hostId);
    else move.there = reached ? !['STAGED', 'ARMED', 'REVERTING', 'REVERT_FAILED'].includes(state) : !move.there;
  }

  /** Whether a connection leads to where the host is to be at the end. */
  isAtItsPlace(hostId: string, contact: HostContact): boolean {
    const move = this.moveOf(hostId, this.hosts.get(hostId));
    return move === undefined || contact.place === move.to;
  }

  /** @throws what connecting throws */
  async open(hostId: string, access: Access): Promise<HostContact> {
    const profile = this.hosts.get(hostId);
    const move = this.moveOf(hostId, profile);
    if (!move) return this.openAt(profile, access, null);
    const [first, second] = move.there ? [move.to, null] : [null, move.to];
    try {
      return await this.openAt(profile, { ...access, interactive: false }, first);
    } catch {
      return this.openAt(profile, access, second);
    }
  }

  private moveOf(hostId: string, { connection }: HostProfile): Move | undefined {
    const move = this.moves.get(hostId);
    return connection.kind === 'ssh' && move?.from === connection.address ? move : undefined;
  }

  private async openAt(profile: HostProfile, { interactive, root }: Access, place: string | null): Promise<HostContact> {
    const patience = new AbortController();
    const timer = interactive ? undefined : setTimeout(() => patience.abort(), this.patienceMs(profile.id));
    const startedAt = performance.now();
    try {
      const runner = await this.opener.open(root ? profile : withoutRoot(profile), {
        signal: patience.signal, interactive, beside: true, ...place === null ? {} : { reachAt: place }, onStep: () => undefined, onPasswordSent: () => undefined,
      });
      this.fastest.set(profile.id, Math.min(this.fastest.get(profile.id) ?? Infinity, performance.now() - startedAt));
      return new HostContact(runner, place);
    } finally {
      clearTimeout(timer);
    }
  }

  private patienceMs(hostId: string): number {
    return Math.min(Math.max(connectPatienceMs, slowHostFactor * (this.fastest.get(hostId) ?? 0)), mostPatienceMs);
  }
}

/** sudo has nothing to do where its password is not wanted. */
function withoutRoot(profile: HostProfile): HostProfile {
  const { connection } = profile;
  if (connection.kind === 'ssh') return { ...profile, connection: { ...connection, useSudo: false } };
  return connection.kind === 'local' ? { ...profile, connection: { ...connection, rights: 'none' } } : profile;
}
