import { isOn } from '../../../shared/domain/machine-state';
import type { Machine, MachineNic } from '../../../shared/domain/machine';
import type { NicExtent } from '../../../shared/domain/machine-intent';

/** One way a change of a NIC can last, with what it means for the machine at hand. */
export interface ExtentChoice { value: NicExtent; label: string; hint: string }

const labels: Record<NicExtent, string> = {
  both: 'Now and from the next boot on', running: 'Only while it runs', definition: 'From the next boot on',
};

/** How far a change can go: a machine that is off has a definition only, a transient one nothing but its running self. */
export function possibleExtents(machine: Pick<Machine, 'state' | 'persistent'>, nic: Pick<MachineNic, 'pending'> | null): NicExtent[] {
  if (!isOn(machine)) return ['definition'];
  if (!machine.persistent) return ['running'];
  if (nic?.pending === 'added') return ['definition'];
  if (nic?.pending === 'removed') return ['running'];
  return ['both', 'running', 'definition'];
}

function hintFor(value: NicExtent, machine: Pick<Machine, 'name' | 'state' | 'persistent'>, nic: Pick<MachineNic, 'pending'> | null): string {
  const { name } = machine;
  switch (value) {
    case 'both': return `At once, and ${name} keeps it.`;
    case 'running':
      if (!machine.persistent) return `${name} is transient: it has no definition, and all of it is gone when it stops.`;
      if (nic?.pending === 'removed') return `This NIC is gone from ${name}’s definition already; it has it until it is shut down.`;
      return `At once. When ${name} has been shut down and is started again, it is as before. A reboot inside the guest changes nothing.`;
    case 'definition':
      if (!isOn(machine)) return `${name} is off, so there is only its definition to change; its next start uses it.`;
      if (nic?.pending === 'added') return `${name} gets this NIC only at its next boot, so there is only its definition to change.`;
      return `Nothing happens now. ${name} has to be shut down and started again; a reboot inside the guest is not enough.`;
  }
}

export function extentChoices(machine: Pick<Machine, 'name' | 'state' | 'persistent'>, nic: Pick<MachineNic, 'pending'> | null): ExtentChoice[] {
  return possibleExtents(machine, nic).map((value) => ({ value, label: labels[value], hint: hintFor(value, machine, nic) }));
}

/** How far a change goes when nobody says otherwise: as far as it can. */
export const usualExtent = (machine: Pick<Machine, 'state' | 'persistent'>, nic: Pick<MachineNic, 'pending'> | null): NicExtent => possibleExtents(machine, nic)[0]!;

const placeName = (nic: Pick<MachineNic, 'network' | 'bridge' | 'hostDevice'>): string | null => nic.network ?? nic.bridge ?? nic.hostDevice;

/** How a NIC will be after the machine's next boot, in few words; null when as it is. */
export function describePending(nic: Pick<MachineNic, 'pending' | 'next' | 'network' | 'bridge' | 'hostDevice'>): string | null {
  switch (nic.pending) {
    case null: return null;
    case 'added': return 'from next boot';
    case 'removed': return 'until next boot';
    case 'changed': {
      const next = nic.next && placeName(nic.next);
      return next !== null && next !== placeName(nic) ? `next boot: ${next}` : 'next boot: changes';
    }
  }
}
