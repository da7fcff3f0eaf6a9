import type { RehearsalFault } from '../../../../shared/domain/rehearsal-fault';
import { askAgain } from '../linux/ifup';
import { plugCable } from '../linux/interfaces';
import { renewLease } from '../linux/lan';
import { findInterface } from '../linux/link-state';
import { cutPower, restorePower } from '../system/power';
import type { World } from '../world';
import { isStruck } from './faults';
import { uplinkOf, whyLost } from './reach';
import { shapeOf } from './shape';
import { pendingTransaction } from './transaction-state';

/** How long it lasts when nobody mends it; null: until the conversion has ended. Long enough for the host to have gone back. */
const lastsMs: Readonly<Record<RehearsalFault, number | null>> = { cable: 60_000, gateway: 60_000, app: null, power: 20_000, dhcp: null, firewall: null };

/** Makes something go wrong now, or with the next conversion. Null, or why it can't. */
export function strike(world: World, fault: RehearsalFault): string | null {
  const { state } = world;
  if (isStruck(state, fault)) return null;
  const conversion = pendingTransaction(state);
  if (fault === 'app' && !conversion) return 'No conversion is under way: begin one, then close the app.';
  const uplink = uplinkOf(state);
  if (!uplink) return 'No NIC of this host carries your connection.';
  const lasts = lastsMs[fault];
  state.rehearsal = [...state.rehearsal ?? [], { fault, nic: uplink.name, until: lasts === null ? null : world.now() + lasts }];
  if (fault === 'cable') plugCable(world, uplink, false);
  if (fault === 'power') cutPower(world);
  const target = conversion ? findInterface(state, shapeOf(conversion).target) : null;
  if (fault === 'dhcp' && target) renewLease(world, target);
  scheduleMend(world, fault);
  if (whyLost(state) !== null) world.cutConnections();
  return null;
}

/** Puts it right again. */
export function mend(world: World, fault: RehearsalFault): null {
  const { state } = world;
  const mended = state.rehearsal?.find((active) => active.fault === fault);
  if (!mended) return null;
  state.rehearsal = (state.rehearsal ?? []).filter((active) => active !== mended);
  if (fault === 'power') restorePower(world);
  const nic = findInterface(state, mended.nic);
  if (fault === 'cable' && nic) {
    plugCable(world, nic, true);
    askAgain(world);
  }
  return null;
}

/** For a host that was put away in the middle of a rehearsal. */
export function scheduleMends(world: World): void {
  for (const { fault } of world.state.rehearsal ?? []) scheduleMend(world, fault);
}

function scheduleMend(world: World, fault: RehearsalFault): void {
  const until = world.state.rehearsal?.find((active) => active.fault === fault)?.until ?? null;
  if (until === null) return;
  world.later(Math.max(0, until - world.now()), () => {
    // Mended by hand, and made to happen again: that one lasts longer.
    if (world.state.rehearsal?.some((active) => active.fault === fault && active.until === until)) mend(world, fault);
  });
}
