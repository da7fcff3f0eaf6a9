/** Whether a host's libvirt (`9.0.0`; null: unknown, which counts as old) is at least this version. */
export function isAtLeast(version: string | null, wanted: string): boolean {
  const [have, want] = [version ?? '', wanted].map((text) => text.split('.').map(Number));
  for (const [at, number] of (want ?? []).entries()) {
    const own = have?.[at] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
