/** Seconds since the epoch and the offset from UTC, as `1795478232 +0100`. Source: date(1). */
export const clockArgv: readonly string[] = ['date', '+%s %z'];

export interface HostClock {
  epochSeconds: number;
  utcOffsetMinutes: number;
}

/** Null when the output isn't that. */
export function parseClock(stdout: string): HostClock | null {
  const found = /^(\d{1,12}) ([+-])(\d\d)(\d\d)$/.exec(stdout.trim());
  if (!found) return null;
  const offset = Number(found[3]) * 60 + Number(found[4]);
  return { epochSeconds: Number(found[1]), utcOffsetMinutes: found[2] === '-' ? -offset : offset };
}
