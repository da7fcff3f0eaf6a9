import { AppError } from '../../../../shared/errors/app-error';
import type { HostState, InterfaceState } from '../host-state';
import { findInterface, hasCarrier, portsOf } from '../linux/link-state';
import { bridgeOfPort } from '../ovs/database';
import { isStruck } from './faults';
import { shapeOf } from './shape';
import { hasConcluded, pendingTransaction } from './transaction-state';

/** Throws `ssh.unreachable` when no new connection can be made. */
export function refuseUnreachable(state: HostState): void {
  const why = whyLost(state) ?? whyFiltered(state);
  if (why !== null) throw new AppError('ssh.unreachable', 'The host can\'t be reached', why, { hint: 'This is a rehearsal: it comes back by itself.' });
}

/** Why nothing gets through between the user and the host; null: it does. A conversion can come in the way, and what is rehearsed. */
export function whyLost(state: HostState): string | null {
  if (isStruck(state, 'power')) return 'Connection timed out: the host has no power.';
  if (isStruck(state, 'app')) return 'The app counts as closed: the host hears nothing of it until it has gone back.';
  const unplugged = state.rehearsal?.find(({ fault }) => fault === 'cable')?.nic;
  if (unplugged !== undefined) return `No route to host: the cable of ${unplugged} is out.`;
  const transaction = pendingTransaction(state);
  // Where the addresses are what changes, the user is taken to wherever the host is.
  if (!transaction || hasConcluded(transaction) || !state.lan || transaction.settings['goal'] === 'address') return null;
  const device = deviceOf(state, state.lan.login);
  return device && hasCarrier(state, device) ? null : `No route to host: nobody has the address ${state.lan.login} just now.`;
}

/** A connection that is there lives on. */
function whyFiltered(state: HostState): string | null {
  const transaction = pendingTransaction(state);
  if (!transaction || hasConcluded(transaction) || !state.lan || !isStruck(state, 'firewall')) return null;
  const { source, target } = shapeOf(transaction);
  if (transaction.settings['goal'] === 'address') return ['APPLYING', 'TRIAL', 'VERIFIED'].includes(transaction.state) ? `Connection timed out: the host's firewall lets no SSH in at its new address.` : null;
  const device = deviceOf(state, state.lan.login)?.name;
  return source !== target && device === target ? `Connection timed out: the host's firewall lets no SSH in by ${target}.` : null;
}

/** Where the user's address is no more, that of the interface which carries the network now is the one to log in by. */
export function moveLogin(state: HostState, device: string): void {
  const { lan } = state;
  if (!lan || deviceOf(state, lan.login)) return;
  lan.login = findInterface(state, device)?.addresses.find(({ family }) => family === 'inet')?.address ?? lan.login;
}

function deviceOf(state: HostState, address: string): InterfaceState | null {
  return state.interfaces.find(({ addresses }) => addresses.some((own) => own.address === address)) ?? null;
}

/** The NIC that the user's connections come in by; null: none does. */
export function uplinkOf(state: HostState): InterfaceState | null {
  const converted = pendingTransaction(state)?.settings['nic'];
  if (converted !== undefined) return findInterface(state, converted);
  const device = state.lan ? deviceOf(state, state.lan.login) : null;
  if (!device || device.kind === 'physical') return device;
  const { ovs } = state;
  const ports = device.kind === 'ovs' && ovs ? state.interfaces.filter(({ name }) => bridgeOfPort(ovs, name)?.['name'] === device.name) : portsOf(state, device.name);
  return ports.find(({ kind }) => kind === 'physical') ?? null;
}
