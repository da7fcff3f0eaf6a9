import type { Element } from '@xmldom/xmldom';
import type { z } from 'zod';
import type { BandwidthLimit, bandwidthSchema } from './bandwidth';
import type { NicRate } from './machine';
import { insertElement, isEmptyElement, removeElement, setAttribute } from './xml/edit-element';
import type { NewElement } from './xml/edit-element';
import { attribute, childElement, numberAttribute } from './xml/read-element';

/** `<bandwidth>` of networks, portgroups and NICs, which have it in the same form (formatnetwork.html and formatdomain.html, "Quality of service"). */

type Bandwidth = z.infer<typeof bandwidthSchema>;
const sides = ['inbound', 'outbound'] as const;

/** One direction as it is written; null where there is none. What is no whole number from 0 up counts as not said. */
export function readRate(bandwidth: Element | null, side: keyof Bandwidth): NicRate | null {
  const element = childElement(bandwidth, side);
  if (!element) return null;
  const value = (name: string): number | null => {
    const number = numberAttribute(element, name);
    return number !== null && number >= 0 ? number : null;
  };
  return { averageKBps: value('average'), peakKBps: value('peak'), burstKiB: value('burst') };
}

/** As forms show it: libvirt refuses a limit without an average, and one that has only a `floor` limits nothing. */
export function limitOf(rate: NicRate | null): BandwidthLimit | null {
  if (!rate?.averageKBps) return null;
  return { averageKBps: rate.averageKBps, peakKBps: rate.peakKBps || null, burstKiB: rate.burstKiB || null };
}

/** Both directions of a `<bandwidth>`, or of none. */
export function readBandwidth(bandwidth: Element | null): Bandwidth {
  return { inbound: limitOf(readRate(bandwidth, 'inbound')), outbound: limitOf(readRate(bandwidth, 'outbound')) };
}

const attributesOf = (limit: BandwidthLimit) => ({ average: limit.averageKBps, peak: limit.peakKBps, burst: limit.burstKiB });

/** A new `<bandwidth>`; null when nothing is limited. */
export function newBandwidth(bandwidth: Bandwidth): NewElement | null {
  const children = sides.flatMap((name): NewElement[] => {
    const limit = bandwidth[name];
    return limit ? [{ name, attributes: attributesOf(limit) }] : [];
  });
  return children.length === 0 ? null : { name: 'bandwidth', children };
}

/**
 * Sets the limits of `parent`, a `<network>`, `<portgroup>` or `<interface>`; `add` puts a new `<bandwidth>` where libvirt prints
 * it. A side that says so already is not touched, and what no form shows (a `floor`, which only NICs may have) stays.
 */
export function setBandwidth(parent: Element, wanted: Bandwidth, add: (made: NewElement) => void): void {
  const bandwidth = childElement(parent, 'bandwidth');
  if (!bandwidth) {
    const made = newBandwidth(wanted);
    if (made) add(made);
    return;
  }
  for (const side of sides) setSide(bandwidth, side, wanted[side]);
  if (isEmptyElement(bandwidth)) removeElement(bandwidth);
}

function setSide(bandwidth: Element, side: keyof Bandwidth, limit: BandwidthLimit | null): void {
  const element = childElement(bandwidth, side);
  // One without an average is not shown, so it is nothing that a form has taken away.
  if (!limit && (element === null || attribute(element, 'average') === null)) return;
  const changed = element ?? insertElement(bandwidth, { name: side }, side === 'inbound' ? childElement(bandwidth, 'outbound') : null);
  for (const [name, value] of Object.entries(limit ? attributesOf(limit) : { average: null, peak: null, burst: null })) setAttribute(changed, name, value);
  if (isEmptyElement(changed)) removeElement(changed);
}
