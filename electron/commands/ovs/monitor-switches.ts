import type { EventSource } from '../command';
import { bridgeColumns, interfaceColumns, portColumns } from './list-switches';

/**
 * One process a table, only the columns a snapshot shows: counters in the others change every five seconds. Without
 * `!initial` each would first print its whole table. Source: ovsdb-client(1), monitor.
 */
export const followSwitches: readonly EventSource[] = [
  ['ovsbridge', 'Bridge', bridgeColumns] as const,
  ['ovsport', 'Port', portColumns] as const,
  ['ovsinterface', 'Interface', interfaceColumns] as const,
].map(([name, table, columns]) => ({
  name,
  argv: ['ovsdb-client', '--format=json', 'monitor', 'Open_vSwitch', table, [...columns.filter((column) => column !== '_uuid'), '!initial'].join(',')],
}));

/** Every JSON line is a change; log lines of the tool itself are not. */
export function isSwitchEvent(line: string): boolean {
  return line.startsWith('{');
}
