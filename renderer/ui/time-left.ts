/** "41 min left", "2 h left", "3 days left", "expired"; "no end" for a lease without one. `now`: milliseconds since the epoch. */
export function timeLeft(expiresAt: string | null, now: number): string {
  if (expiresAt === null) return 'no end';
  const minutes = Math.ceil((Date.parse(expiresAt) - now) / 60_000);
  if (minutes <= 0) return 'expired';
  if (minutes < 100) return `${minutes} min left`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h left` : `${Math.round(hours / 24)} days left`;
}
