/** States of these units, a paragraph each. Source: systemctl(1), show; org.freedesktop.systemd1(5). */
export const showUnitsArgv = (units: readonly string[]): readonly string[] => ['systemctl', 'show', '-p', 'Id,LoadState,ActiveState,UnitFileState', ...units];

export interface UnitState {
  /** `enabled`, `disabled`, `masked`, `static`, …; empty without a unit file. */
  enabled: string;
  /** `active`, `inactive`, `failed`, … */
  active: string;
}

/** By name; units that the host doesn't know are left out. */
export function parseUnits(stdout: string): Record<string, UnitState> {
  const units: Record<string, UnitState> = {};
  for (const paragraph of stdout.split(/\n\s*\n/)) {
    const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(paragraph)?.[1]?.trim() ?? '';
    const name = value('Id');
    if (name !== '' && value('LoadState') !== 'not-found') units[name] = { enabled: value('UnitFileState'), active: value('ActiveState') };
  }
  return units;
}
