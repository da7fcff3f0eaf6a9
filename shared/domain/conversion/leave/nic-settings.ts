import { z } from 'zod';
import { linkOf } from '../facts';
import type { ConversionFacts } from '../facts';
import type { ConversionFinding } from '../finding';
import { configuredRoutes, globalAddresses, leaveRules, pairedCodes, sourceOf } from './leave-rules';

/** One of a NIC's settings, and whether it may be left out when the others move to the bridge. */
export const nicSettingSchema = z.object({
  /** As it stands in `leave` of a request. */
  word: z.string(),
  kind: z.enum(['address', 'dhcp4', 'dhcp6', 'ra', 'route', 'dns']),
  /** What the NIC has by it now; empty for DNS. */
  values: z.array(z.string()),
  /** Why it has to move; null: it may be left out, if need be with another one, which the plan then says. */
  fixed: z.string().nullable(),
});
export type NicSetting = z.infer<typeof nicSettingSchema>;

/** In the order in which people look for them. `plan`: the plan's findings were only this word left out; asked where the rules have nothing against it. */
export function nicSettings(facts: ConversionFacts, nic: string, plan: (word: string) => readonly ConversionFinding[]): NicSetting[] {
  const link = linkOf(facts, nic);
  if (!link) return [];
  const addresses = globalAddresses(link).filter(({ address }) => !link.temporary.includes(address));
  const from = (source: ReturnType<typeof sourceOf>): string[] => addresses.filter((entry) => sourceOf(entry) === source).map(({ address, prefix }) => `${address}/${prefix}`);
  const learnt = (['dhcp4', 'dhcp6', 'ra'] as const).map((kind) => ({ word: kind, kind, values: from(kind) })).filter(({ values }) => values.length > 0);
  const known = [
    ...learnt,
    ...from('fixed').map((value) => ({ word: value.split('/')[0]!, kind: 'address' as const, values: [value] })),
    ...configuredRoutes(facts, nic).map(({ destination, gateway }) => ({ word: `route:${destination}`, kind: 'route' as const, values: [gateway === null ? destination : `${destination} by ${gateway}`] })),
    { word: 'dns', kind: 'dns' as const, values: [] },
  ];
  return known.filter(({ word }, at) => known.findIndex((other) => other.word === word) === at).flatMap((setting): NicSetting[] => {
    const refusal = refusalIn(leaveRules(facts, { nic, leave: [setting.word] })) ?? refusalIn(plan(setting.word));
    return refusal?.code === 'leave.nothing' ? [] : [{ ...setting, fixed: refusal?.detail ?? null }];
  });
}

const refusalIn = (findings: readonly ConversionFinding[]): ConversionFinding | undefined =>
  findings.find(({ code, severity }) => severity === 'blocker' && code.startsWith('leave.') && !pairedCodes.includes(code));
