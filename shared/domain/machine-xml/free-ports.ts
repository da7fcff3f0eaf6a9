import type { Element } from '@xmldom/xmldom';
import { parseRoot } from '../xml/parse-xml';
import { attribute, childElement, childElements } from '../xml/read-element';

/**
 * How many NICs a running machine has room for: on PCI Express (q35 and its like) each takes a root port of its own, and libvirt can't add
 * any while the machine runs (https://libvirt.org/pci-hotplug.html). Null: it has a bus with plenty of slots, or one that is not known here.
 * `without`: MACs of NICs that will have gone.
 */
export function freePorts(machineXml: string, without: readonly string[] = []): number | null {
  const devices = childElement(parseRoot(machineXml, 'domain'), 'devices');
  const controllers = devices ? childElements(devices, 'controller').filter((item) => attribute(item, 'type') === 'pci') : [];
  if (!devices || !controllers.some((item) => attribute(item, 'model') === 'pcie-root')) return null;
  const ports = controllers.filter((item) => attribute(item, 'model') === 'pcie-root-port').map((item) => Number(attribute(item, 'index')));
  const taken = new Set(childElements(devices).filter((device) => !without.includes(macOf(device))).flatMap(busesOf));
  return ports.filter((port) => !taken.has(port)).length;
}

function macOf(device: Element): string {
  return attribute(childElement(device, 'mac'), 'address')?.toLowerCase() ?? '';
}

function busesOf(device: Element): number[] {
  return childElements(device, 'address').filter((address) => attribute(address, 'type') === 'pci').map((address) => Number(attribute(address, 'bus')));
}
