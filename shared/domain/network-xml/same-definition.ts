import { ownsBridge } from '../used-ranges';
import { parseNetwork } from './parse-network';

/**
 * Whether libvirt holds the definition it was given. It rewrites what it reads: it makes up a bridge name and a MAC, copies
 * `<forward dev>` into an `<interface>`, before 9.7 drops titles, and sorts; all else that we understand must be equal.
 */
export function sameDefinition(given: string, held: string): boolean {
  const wanted = parseNetwork(given);
  const actual = parseNetwork(held);
  if (wanted.mac === null) actual.mac = null;
  if (actual.title === null) wanted.title = null;
  if (wanted.bridge === null && ownsBridge(wanted)) actual.bridge = null;
  if (wanted.uuid === '') actual.uuid = '';
  if (wanted.forward.interfaces.length === 0 && actual.forward.interfaces.every((name) => name === wanted.forward.dev)) actual.forward.interfaces = [];
  return JSON.stringify(wanted) === JSON.stringify(actual);
}
