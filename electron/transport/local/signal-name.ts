import { constants } from 'node:os';

/** `SIGHUP` of 1; the number itself where the system has no name for it. */
export function signalName(signal: number): string {
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? `signal ${signal}`;
}
