import { powerMonitor } from 'electron';

/**
 * Calls `listener` when the computer wakes from sleep. Nothing is done when it falls asleep: a short sleep leaves
 * connections whole, and there is no time then to end them well.
 */
export function onWake(listener: () => void): void {
  powerMonitor.on('resume', listener);
}
