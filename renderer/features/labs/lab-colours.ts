import type { LabPicture } from '../../../shared/domain/labs/lab-picture';
import type { Network } from '../../../shared/domain/network';
import { assignNetworkColours, networkColourCount, networkColourVariable } from '../../ui/network-colour';

/** Colours of a picture's networks by their keys: those on the host have theirs, the others each the next of the palette. */
export function coloursOf(picture: LabPicture, onHost: readonly Network[], allUuids: readonly string[]): Map<string, string> {
  const known = assignNetworkColours(allUuids);
  let next = 0;
  return new Map(picture.networks.map(({ key }) => {
    const network = onHost.find((item) => item.lab?.key === key);
    if (network) return [key, networkColourVariable(known.get(network.uuid))];
    next += 1;
    return [key, `var(--n${((next - 1) % networkColourCount) + 1})`];
  }));
}
