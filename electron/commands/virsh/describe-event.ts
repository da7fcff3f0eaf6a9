import { parseMachineEvent } from './machine-events';
import { parseNetworkEvent } from './network-events';

/**
 * A line of virsh's event streams as one sentence for the Activity dock: "Network lab-web: Started". Null for what is
 * no news to a person: clock drift, balloons, lines of other tools.
 */
export function describeVirshEvent(source: string, line: string): string | null {
  const what = /: ([^:]+)$/.exec(line)?.[1];
  if (source === 'network') {
    const name = parseNetworkEvent(line);
    return name === null ? null : `Network ${name}: ${what}`;
  }
  if (source === 'machine') {
    const event = parseMachineEvent(line);
    return event?.changesSnapshot ? `Machine ${event.name}: ${what ?? 'changed'}` : null;
  }
  return null;
}
