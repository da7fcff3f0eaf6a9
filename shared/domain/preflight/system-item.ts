import { z } from 'zod';
import { isUp } from './facts';
import type { PreflightFacts } from './facts';

/**
 * One thing of the host outside libvirt that a fix changes, with the state it has or shall have. History keeps them from
 * before and after, as it keeps networks.
 */
export const systemItemSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('unit'), unit: z.string(),
    /** `absent`: no such unit yet; `other`: static and the like, which nobody enables. */
    enabled: z.enum(['enabled', 'disabled', 'masked', 'other', 'absent']),
    active: z.boolean(),
  }),
  z.object({ kind: z.literal('member'), group: z.string(), user: z.string(), member: z.boolean() }),
  z.object({ kind: z.literal('sysctl'), key: z.string(), value: z.string() }),
  /** `reader`: the service that is restarted to read it. */
  z.object({ kind: z.literal('file'), path: z.string(), text: z.string().nullable(), reader: z.string() }),
]);
export type SystemItem = z.infer<typeof systemItemSchema>;
export type SystemItemOf<K extends SystemItem['kind']> = Extract<SystemItem, { kind: K }>;

/** The file by which the app keeps the host's own dnsmasq off libvirt's bridges. */
export const bridgesFilePath = '/etc/dnsmasq.d/50-libvirt-bridges.conf';

/** The same thing as it is now. */
export function currentItem(item: SystemItem, facts: PreflightFacts): SystemItem {
  switch (item.kind) {
    case 'unit': {
      const unit = facts.units[item.unit];
      return { ...item, enabled: unit ? enablement(unit.enabled) : 'absent', active: isUp(facts, item.unit) };
    }
    case 'member': return { ...item, member: facts.libvirtMembers?.includes(item.user) ?? false };
    case 'sysctl': return { ...item, value: facts.ipForward ? '1' : '0' };
    case 'file': return { ...item, text: facts.dnsmasq.bridgesFile };
  }
}

function enablement(state: string): SystemItemOf<'unit'>['enabled'] {
  if (state === 'enabled' || state === 'enabled-runtime') return 'enabled';
  if (state === 'masked' || state === 'masked-runtime') return 'masked';
  return state === 'disabled' ? 'disabled' : 'other';
}

export const sameItem = (a: SystemItem, b: SystemItem): boolean => JSON.stringify(a) === JSON.stringify(b);

/** How it is, as the end of a sentence that begins with its name. */
export function itemName(item: SystemItem): string {
  switch (item.kind) {
    case 'unit': return item.unit;
    case 'member': return `the membership of ${item.user} in group ${item.group}`;
    case 'sysctl': return item.key;
    case 'file': return item.path;
  }
}
