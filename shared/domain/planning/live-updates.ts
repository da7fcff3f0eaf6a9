import { sectionEntries, withoutSections } from '../network-xml/network-sections';
import type { NetworkSection, SectionEntry } from '../network-xml/network-sections';
import { parseRoot } from '../xml/parse-xml';

/** One `virsh net-update`. */
export interface LiveUpdate {
  action: 'add' | 'modify' | 'delete';
  section: NetworkSection;
  /** For `--parent-index`; null where there is nothing to choose. */
  ipIndex: number | null;
  /** The entry; of a deleted one what was there. */
  xml: string;
  /** What takes it back. */
  inverse: Omit<LiveUpdate, 'inverse'>;
}

/** libvirt modifies these in place; the others are only added and deleted (virNetworkDefUpdateSection). */
const modifiable: ReadonlySet<NetworkSection> = new Set(['ip-dhcp-host', 'portgroup']);

/**
 * How one definition becomes the other while the network runs: reservations, DHCP ranges, DNS hosts, services and texts,
 * portgroups, interfaces of a pool. Null when they differ in anything else, which only a restart brings into force.
 */
export function liveUpdates(before: string, after: string): LiveUpdate[] | null {
  const [old, wanted] = [parseRoot(before, 'network'), parseRoot(after, 'network')];
  if (withoutSections(old) !== withoutSections(wanted)) return null;
  const [had, has] = [sectionEntries(old), sectionEntries(wanted)];
  const gone = without(had, has);
  const fresh = without(has, had);
  const changed = gone.flatMap((from) => {
    const to = modifiable.has(from.section) ? fresh.find((entry) => entry.section === from.section && entry.ipIndex === from.ipIndex && entry.key === from.key) : undefined;
    return to ? [{ from, to }] : [];
  });
  const deleted = gone.filter((entry) => !changed.some(({ from }) => from === entry));
  const added = fresh.filter((entry) => !changed.some(({ to }) => to === entry));
  if (repeatsAnything(had) || repeatsAnything(has)) return null;
  return [
    ...deleted.map((entry) => update('delete', entry, { action: 'add', ...placed(entry) })),
    // No two portgroups may be the default, not even for a moment: the old one gives it up first.
    ...changed.sort((a, b) => Number(isDefault(a.to)) - Number(isDefault(b.to))).map(({ from, to }) => update('modify', to, { action: 'modify', ...placed(from) })),
    ...added.map((entry) => update('add', entry, { action: 'delete', ...placed(entry) })),
  ];
}

/**
 * Whether the updates fit what runs, which may differ from the definition: what is deleted or modified is there, what is
 * added is not.
 */
export function fitsRunning(updates: readonly LiveUpdate[], running: string): boolean {
  const entries = sectionEntries(parseRoot(running, 'network'));
  const has = (wanted: Pick<LiveUpdate, 'section' | 'ipIndex' | 'xml'>): boolean => entries.some((entry) => entry.section === wanted.section && entry.ipIndex === wanted.ipIndex && entry.xml === wanted.xml);
  return updates.every((item) => (item.action === 'add' ? !has(item) : has(item.action === 'delete' ? item : item.inverse)));
}

/** Whether a definition holds an entry. */
export function holdsEntry(xml: string, section: string, entry: string): boolean {
  const [wanted = entry] = sectionEntries(parseRoot(wrap(section, entry), 'network')).map((item) => item.xml);
  return sectionEntries(parseRoot(xml, 'network')).some((item) => item.section === section && item.xml === wanted);
}

/** An entry at its place in an otherwise empty network, to be read as the sections are. */
function wrap(section: string, entry: string): string {
  if (section.startsWith('dns-')) return `<network><dns>${entry}</dns></network>`;
  if (section.startsWith('ip-')) return `<network><ip><dhcp>${entry}</dhcp></ip></network>`;
  return section === 'forward-interface' ? `<network><forward>${entry}</forward></network>` : `<network>${entry}</network>`;
}

function update(action: LiveUpdate['action'], entry: SectionEntry, inverse: LiveUpdate['inverse']): LiveUpdate {
  return { action, ...placed(entry), inverse };
}

const placed = ({ section, ipIndex, xml }: SectionEntry): Pick<LiveUpdate, 'section' | 'ipIndex' | 'xml'> => ({ section, ipIndex, xml });

const identity = ({ section, ipIndex, xml }: SectionEntry): string => `${section} ${ipIndex} ${xml}`;

function without(entries: readonly SectionEntry[], others: readonly SectionEntry[]): SectionEntry[] {
  const known = new Set(others.map(identity));
  return entries.filter((entry) => !known.has(identity(entry)));
}

const isDefault = ({ section, xml }: SectionEntry): boolean => section === 'portgroup' && / default='yes'/.test(xml.slice(0, xml.indexOf('>')));

/** libvirt finds texts by their name alone, and refuses a second one; so with anything that is there twice. */
function repeatsAnything(entries: readonly SectionEntry[]): boolean {
  const keys = entries.map((entry) => {
    const name = entry.section === 'dns-txt' ? / name='([^']*)'/.exec(entry.xml)?.[1] : undefined;
    return name === undefined ? identity(entry) : `dns-txt ${name}`;
  });
  return new Set(keys).size < keys.length;
}
