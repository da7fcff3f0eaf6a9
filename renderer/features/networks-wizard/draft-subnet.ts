import { ipv4Schema } from '../../../shared/domain/address';
import { addressToNumber, boundsOf, numberToAddress, rangeContains } from '../../../shared/domain/subnet';
import { parseSubnet } from './addressed-draft';
import type { AddressedDraft } from './addressed-draft';

/**
 * The draft moved to another subnet: every address that lay in the old one keeps its place in the new one (`.100`
 * stays `.100`), so that neither ranges nor static leases have to be typed again. Addresses that don't fit, or never lay
 * in the old subnet, stay as they are and are found by validation.
 */
export function moveToSubnet(draft: AddressedDraft, from: string, to: string): AddressedDraft {
  const old = parseSubnet(from);
  const next = parseSubnet(to);
  if (!old || !next) return { ...draft, subnet: to };
  const move = (text: string): string => moveAddress(text, old.cidr, next.cidr);
  return {
    ...draft,
    subnet: to,
    address: move(draft.address),
    ranges: draft.ranges.map((row) => ({ ...row, start: move(row.start), end: move(row.end) })),
    leases: draft.leases.map((row) => ({ ...row, ip: move(row.ip) })),
    records: draft.records.map((row) => ({ ...row, ip: move(row.ip) })),
  };
}

function moveAddress(text: string, old: string, next: string): string {
  const address = text.trim();
  if (!ipv4Schema.safeParse(address).success || !rangeContains(old, address)) return text;
  const moved = boundsOf(next).first + addressToNumber(address) - boundsOf(old).first;
  return moved > boundsOf(next).last ? text : numberToAddress(moved, 'ipv4');
}
