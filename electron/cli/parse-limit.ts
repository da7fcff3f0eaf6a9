import type { BandwidthLimit } from '../../shared/domain/bandwidth';
import { wrongWords } from './parse-words';

/** One direction of a limit as it is typed: `none`, or kB/s and KiB as AVERAGE[,PEAK[,BURST]]. Throws AppError `input.invalid` with a sentence. */
export function parseLimit(option: string, text: string): BandwidthLimit | null {
  if (text === 'none') return null;
  const numbers = text.split(',');
  if (numbers.length > 3 || !numbers.every((digits) => /^\d+$/.test(digits))) {
    throw wrongWords(`${option} takes AVERAGE, AVERAGE,PEAK or AVERAGE,PEAK,BURST in kB/s and KiB, or “none”, not “${text}”.`, 'As --inbound 512: 512 kB per second.');
  }
  const [average = 0, peak = null, burst = null] = numbers.map(Number);
  return { averageKBps: average, peakKBps: peak, burstKiB: burst };
}
