import type { ConversionFacts } from './facts';
import { blocker } from './finding';
import type { ConversionFinding } from './finding';

/** Names that a new bridge can't have: of network devices, and of Open vSwitch bridges that have none yet. */
export function takenNames({ links, ovs }: Pick<ConversionFacts, 'links' | 'ovs'>): string[] {
  return [...new Set([...links.map(({ name }) => name), ...ovs.bridges])];
}

/** Why a bridge can't be called this; null: it can. The kernel's limit is 15 bytes (IFNAMSIZ), and the characters are what every stack writes without quoting. */
export function bridgeNameProblem(name: string, taken: readonly string[]): ConversionFinding | null {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,14}$/.test(name)) {
    return blocker('bridge.name', name === '' ? 'The bridge has no name' : `${name} can't be a bridge's name`, 'A name has at most 15 letters, digits, - and _, and begins with a letter.', 'Choose another name, such as br0.');
  }
  if (taken.includes(name)) return blocker('bridge.exists', `There is a ${name} already`, 'The host has a device of that name.', 'Choose another name.');
  return null;
}

/** The first of br0, br1, … that is free. */
export function freeBridgeName(taken: readonly string[]): string {
  let number = 0;
  while (taken.includes(`br${number}`)) number += 1;
  return `br${number}`;
}
