import type { UnitState } from '../host-state';
import { fail, succeed } from '../world';
import { isUnitVerb, switchUnits } from './switch-units';
import type { ToolResult, World } from '../world';

/** systemctl(1) of systemd 252: `is-active`, `is-enabled`, `show -p`, `list-units`, `list-unit-files`, and what switches units. */
export function systemctl(world: World, args: readonly string[]): ToolResult {
  const { state } = world;
  if (args.includes('--version')) return succeed('systemd 252 (252.39-1~deb12u1)\n+PAM +AUDIT +SELINUX +APPARMOR +IMA +SMACK +SECCOMP +GCRYPT -GNUTLS +OPENSSL\n');
  const propertyAt = args.findIndex((word) => word === '-p' || word === '--property');
  const words = args.filter((word, at) => !word.startsWith('-') && (propertyAt < 0 || at !== propertyAt + 1));
  const [verb = '', ...patterns] = words;
  const named = (pattern: string) => state.units.filter((unit) => matches(pattern, unit.name));
  if (isUnitVerb(verb)) return switchUnits(world, verb, patterns.map(fullName), args.includes('--now'));
  switch (verb) {
    case 'is-active': {
      const states = patterns.map((pattern) => named(pattern)[0]?.active ?? 'inactive');
      return { exitCode: states.includes('active') ? 0 : 3, stdout: states.map((word) => `${word}\n`).join(''), stderr: '' };
    }
    case 'is-enabled': {
      const found = patterns.map((pattern) => ({ pattern, file: named(pattern)[0]?.file ?? null }));
      const stderr = found.filter(({ file }) => file === null).map(({ pattern }) => `Failed to get unit file state for ${pattern}: No such file or directory\n`).join('');
      const enabled = found.some(({ file }) => file === 'enabled' || file === 'static' || file === 'indirect');
      return { exitCode: enabled && stderr === '' ? 0 : 1, stdout: found.flatMap(({ file }) => (file === null ? [] : [`${file}\n`])).join(''), stderr };
    }
    case 'show': {
      const wanted = (args[propertyAt + 1] ?? '').split(',');
      return succeed(patterns.map((pattern) => {
        const unit = named(pattern)[0];
        const values: Record<string, string> = {
          Id: unit?.name ?? pattern, LoadState: unit?.load ?? 'not-found', ActiveState: unit?.active ?? 'inactive', SubState: unit?.sub ?? 'dead',
          UnitFileState: unit?.file ?? '', Description: unit?.description ?? pattern,
        };
        return Object.entries(values).filter(([key]) => propertyAt < 0 || wanted.includes(key)).map(([key, value]) => `${key}=${value}\n`).join('');
      }).join('\n'));
    }
    case 'list-units':
      return succeed(columns(select(state.units, patterns).filter((unit) => args.includes('--all') || unit.active === 'active')
        .map((unit) => [unit.name, unit.load, unit.active, unit.sub, unit.description])));
    case 'list-unit-files':
      return succeed(columns(select(state.units, patterns).flatMap((unit) => (unit.file === null ? [] : [[unit.name, unit.file, unit.preset]]))));
    default: return fail(1, `Unknown command verb ${verb}.\n`);
  }
}

function select(units: readonly UnitState[], patterns: readonly string[]): UnitState[] {
  return units.filter((unit) => patterns.length === 0 || patterns.some((pattern) => matches(pattern, unit.name)));
}

function matches(pattern: string, name: string): boolean {
  return new RegExp(`^${fullName(pattern).replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name);
}

/** A name without a type is a service's. */
function fullName(pattern: string): string {
  return /\.\w+$/.test(pattern) || pattern.includes('*') ? pattern : `${pattern}.service`;
}

function columns(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join(' ')}\n`).join('');
}
