import type { AddressedSpec } from './addressed-spec';

/**
 * What not every libvirt knows, and the first version that does. Source: https://libvirt.org/formatnetwork.html ("Since").
 * An older one drops such an element without a word.
 */
export const networkFeatures = {
  linuxBridgeVlans: { since: '11.0.0', what: 'VLANs on plain Linux bridges' },
  title: { since: '9.7.0', what: 'titles' },
  description: { since: '9.7.0', what: 'descriptions' },
  firmwareFiles: { since: '6.5.0', what: 'text in a machine\'s firmware, by which a router is told what to do' },
  portIsolation: { since: '6.1.0', what: 'port isolation' },
  natIpv6: { since: '6.5.0', what: 'NAT of IPv6' },
  zone: { since: '5.1.0', what: 'firewalld zones' },
  mtu: { since: '3.1.0', what: 'the MTU of a network' },
  dnsEnabled: { since: '2.2.0', what: 'networks without DNS' },
  forwarderDomain: { since: '2.2.0', what: 'DNS servers for single domains' },
  openMode: { since: '2.2.0', what: 'open networks' },
  macTableManager: { since: '1.2.11', what: 'a MAC table kept by libvirt' },
  metadata: { since: '2.1.0', what: 'metadata of networks' },
  localOnly: { since: '1.2.12', what: 'domains that stay here' },
  routes: { since: '1.0.6', what: 'static routes' },
  guestIpv6: { since: '1.0.1', what: 'IPv6 between guests without a host address' },
} as const satisfies Record<string, { since: string; what: string }>;
export type NetworkFeature = keyof typeof networkFeatures;

/** Whether a host's libvirt knows it; a version that nobody could read counts as new enough. */
export function knowsFeature(feature: NetworkFeature, libvirtVersion: string | null): boolean {
  if (libvirtVersion === null) return true;
  const parts = (version: string): number[] => version.split('.').map(Number);
  const [have, need] = [parts(libvirtVersion), parts(networkFeatures[feature].since)];
  for (let at = 0; at < 3; at += 1) {
    const difference = (have[at] ?? 0) - (need[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Why a field can't be used on this host, for beside it; null when it can. */
export function missingFeature(feature: NetworkFeature, libvirtVersion: string | null): string | null {
  if (knowsFeature(feature, libvirtVersion)) return null;
  const { since, what } = networkFeatures[feature];
  return `libvirt ${libvirtVersion} on this host doesn't know ${what}; libvirt ${since.replace(/\.0$/, '')} does.`;
}

/** The fields of a spec that stand for each feature, and the spec without it. */
const strips: Partial<Record<NetworkFeature, { field: string; isSet: (spec: AddressedSpec) => boolean; without: (spec: AddressedSpec) => AddressedSpec }>> = {
  title: { field: 'title', isSet: (spec) => spec.title !== null, without: (spec) => ({ ...spec, title: null }) },
  description: { field: 'description', isSet: (spec) => spec.description !== null, without: (spec) => ({ ...spec, description: null }) },
  portIsolation: { field: 'portIsolation', isSet: (spec) => spec.portIsolation, without: (spec) => ({ ...spec, portIsolation: false }) },
  zone: { field: 'zone', isSet: (spec) => spec.zone !== null, without: (spec) => ({ ...spec, zone: null }) },
  macTableManager: { field: 'macTableManager', isSet: (spec) => spec.macTableManager === 'libvirt', without: (spec) => ({ ...spec, macTableManager: 'kernel' }) },
  mtu: { field: 'mtu', isSet: (spec) => spec.mtu !== null, without: (spec) => ({ ...spec, mtu: null }) },
  dnsEnabled: { field: 'dnsEnabled', isSet: (spec) => !spec.dnsEnabled, without: (spec) => ({ ...spec, dnsEnabled: true }) },
  guestIpv6: { field: 'guestIpv6', isSet: (spec) => spec.guestIpv6, without: (spec) => ({ ...spec, guestIpv6: false }) },
  routes: { field: 'routes', isSet: (spec) => spec.routes.length > 0, without: (spec) => ({ ...spec, routes: [] }) },
};

/** Fields that are set and that this libvirt would drop, each with the sentence that says so. */
export function droppedFields(spec: AddressedSpec, libvirtVersion: string | null): { field: string; sentence: string }[] {
  return (Object.keys(strips) as NetworkFeature[]).flatMap((feature) => {
    const strip = strips[feature];
    const sentence = missingFeature(feature, libvirtVersion);
    return strip?.isSet(spec) && sentence ? [{ field: strip.field, sentence: `${sentence.slice(0, -1)}. It will be left out.` }] : [];
  });
}

/** The spec as this libvirt can keep it. */
export function withoutDropped(spec: AddressedSpec, libvirtVersion: string | null): AddressedSpec {
  return (Object.keys(strips) as NetworkFeature[])
    .filter((feature) => !knowsFeature(feature, libvirtVersion))
    .reduce((kept, feature) => strips[feature]?.without(kept) ?? kept, spec);
}
