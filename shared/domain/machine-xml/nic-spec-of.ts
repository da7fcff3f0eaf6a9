import { limitOf } from '../bandwidth-xml';
import type { NicSettings } from '../machine';
import type { NicSource, NicSpec } from '../machine-intent';

/** A NIC as the form shows it; null for kinds the form doesn't have (user-mode, hostdev, vhost-user, …). */
export function nicSpecOf(nic: NicSettings): NicSpec | null {
  const source = sourceOf(nic);
  return source && {
    source, mac: nic.mac, model: nic.model, linkUp: nic.link === 'up',
    bandwidth: { inbound: limitOf(nic.bandwidth.inbound), outbound: limitOf(nic.bandwidth.outbound) },
  };
}

const directModes = ['bridge', 'private', 'vepa', 'passthrough'] as const;

function sourceOf(nic: NicSettings): NicSource | null {
  if (nic.network !== null) return { kind: 'network', network: nic.network, portgroup: nic.portgroup };
  if (nic.type === 'bridge' && nic.bridge !== null) return { kind: 'bridge', bridge: nic.bridge, isOvs: nic.isOvs };
  if (nic.type === 'direct' && nic.hostDevice !== null) {
    // libvirt's own choice where the XML says none.
    return { kind: 'direct', device: nic.hostDevice, mode: directModes.find((mode) => mode === nic.directMode) ?? 'vepa' };
  }
  return null;
}
