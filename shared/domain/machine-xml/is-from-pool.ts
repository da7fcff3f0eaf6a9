import type { NicSettings } from '../machine';

/**
 * Whether a running NIC is what a pool of virtual functions made of the same NIC's definition. libvirt shows such a one as a device of the
 * host (`<interface type='hostdev'>` with the function's PCI address), and doesn't name the network that it came from.
 */
export function isFromPool(running: Pick<NicSettings, 'type' | 'network'>, definition: Pick<NicSettings, 'type' | 'network'>): boolean {
  return running.type === 'hostdev' && running.network === null && definition.network !== null;
}
