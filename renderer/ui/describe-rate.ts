import type { NicRate } from '../../shared/domain/machine';

/** "10,000 kB/s, peak 20,000, burst 512 KiB"; null without a limit. */
export function describeRate(rate: NicRate | null): string | null {
  if (rate === null || rate.averageKBps === null) return null;
  const number = (value: number): string => value.toLocaleString('en');
  return [
    `${number(rate.averageKBps)} kB/s`, rate.peakKBps === null ? null : `peak ${number(rate.peakKBps)}`, rate.burstKiB === null ? null : `burst ${number(rate.burstKiB)} KiB`,
  ].filter(Boolean).join(', ');
}
