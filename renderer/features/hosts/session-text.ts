import type { HostProfile, HostView, SessionState } from '../../../shared/domain/host';
import type { Privilege } from '../../../shared/domain/snapshot';

/** Shape and word of a session. Shapes differ without colour: filled, dashed ring, ring, cross. */
export interface SessionText {
  shape: 'connected' | 'busy' | 'off' | 'failed';
  word: string;
}

const steps: Record<Extract<SessionState, { phase: 'connecting' }>['step'], string> = {
  reaching: 'reaching the host', 'host-key': 'checking its host key', authenticating: 'logging in', reading: 'reading the host',
};

/** Whole seconds until a moment, never negative. */
export function secondsUntil(moment: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000));
}

/** `now`: milliseconds since the epoch, for the countdown of the next try. */
export function sessionText(session: SessionState, now: number): SessionText {
  switch (session.phase) {
    case 'connected': return { shape: 'connected', word: 'connected' };
    case 'connecting': return { shape: 'busy', word: steps[session.step] };
    case 'reconnecting': {
      const seconds = secondsUntil(session.retryAt, now);
      return { shape: 'busy', word: seconds === 0 ? 'reconnecting' : `reconnecting, ${seconds} s` };
    }
    case 'failed': return { shape: 'failed', word: 'can’t connect' };
    case 'disconnected': return { shape: 'off', word: 'not connected' };
  }
}

/** `user@address`, with the port where it isn't 22; IPv6 in brackets then. */
export function describeAddress(connection: HostProfile['connection']): string {
  if (connection.kind === 'practice') return 'in this app';
  if (connection.kind === 'local') return 'this computer';
  if (connection.port === 22) return connection.address;
  return connection.address.includes(':') ? `[${connection.address}]:${connection.port}` : `${connection.address}:${connection.port}`;
}

export const isPractice = (host: HostView): boolean => host.profile.connection.kind === 'practice';

const privileges: Record<Privilege, string> = {
  root: 'as root', sudo: 'with sudo', 'sudo-without-password': 'with sudo, no password', doas: 'with doas', pkexec: 'with pkexec', 'libvirt-group': 'through the group libvirt', 'read-only': 'read-only',
};

/** How commands get their rights: "as root", "read-only". */
export const describePrivilege = (privilege: Privilege): string => privileges[privilege];
