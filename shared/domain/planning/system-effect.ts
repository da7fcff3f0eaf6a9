import type { Command } from '../plan';
import { isUp } from '../preflight/facts';
import type { PreflightFacts } from '../preflight/facts';
import { bridgesFilePath, currentItem } from '../preflight/system-item';

/**
 * Whether the system is as this command of `system-steps.ts` would leave it; null for any other. A command for several units
 * can fail halfway: `any` asks whether something of it is in force.
 */
export function systemEffectHolds({ argv, stdin }: Command, facts: PreflightFacts, extent: 'all' | 'any'): boolean | null {
  const words = argv.slice(1);
  switch (argv[0]) {
    case 'systemctl': return unitsHold(words, facts, extent);
    case 'gpasswd': return facts.libvirtMembers === null ? null : facts.libvirtMembers.includes(words[1] ?? '') === (words[0] === '--add');
    case 'sysctl': return words[1]?.startsWith('net.ipv4.ip_forward=') && facts.ipForward !== null ? words[1].endsWith(facts.ipForward ? '=1' : '=0') : null;
    case 'install': return words.at(-1) === bridgesFilePath ? facts.dnsmasq.bridgesFile === stdin?.text : null;
    case 'rm': return words.at(-1) === bridgesFilePath ? facts.dnsmasq.bridgesFile === null : null;
    default: return null;
  }
}

function unitsHold(words: readonly string[], facts: PreflightFacts, extent: 'all' | 'any'): boolean | null {
  const [verb = '', ...rest] = words;
  const now = rest.includes('--now');
  const units = rest.filter((word) => !word.startsWith('-'));
  const isActive = (unit: string): boolean => facts.units[unit]?.active === 'active';
  const enablement = (unit: string): string => {
    const item = currentItem({ kind: 'unit', unit, enabled: 'other', active: false }, facts);
    return item.kind === 'unit' ? item.enabled : '';
  };
  /** What the verb does to a unit, part by part. */
  const parts: Record<string, (unit: string) => boolean[]> = {
    enable: (unit) => [enablement(unit) === 'enabled', ...now ? [isUp(facts, unit)] : []],
    disable: (unit) => [enablement(unit) !== 'enabled', ...now ? [!isActive(unit)] : []],
    start: (unit) => [isUp(facts, unit)],
    // One that failed has stopped the service at least.
    restart: (unit) => [extent === 'any' || isActive(unit)],
    stop: (unit) => [!isActive(unit)],
    mask: (unit) => [enablement(unit) === 'masked'],
    unmask: (unit) => [enablement(unit) !== 'masked'],
  };
  const partsOf = parts[verb];
  if (!partsOf || units.length === 0) return null;
  const held = units.flatMap(partsOf);
  return extent === 'any' ? held.some(Boolean) : held.every(Boolean);
}
