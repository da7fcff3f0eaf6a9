import type { Element } from '@xmldom/xmldom';
import { z } from 'zod';
import type { NewElement } from '../xml/edit-element';
import { metadataElement } from '../xml/metadata-element';
import { attribute } from '../xml/read-element';

/** Which lab made a router, and what it calls it. */
export const routerMarkSchema = z.object({ lab: z.string(), key: z.string() });
export type RouterMark = z.infer<typeof routerMarkSchema>;

/**
 * What is known of a router of a lab. `addresses`: those that it gives itself; `keys`: it is a jump box, and whoever has one of these public keys logs in.
 */
export const labRouterMarkSchema = routerMarkSchema.extend({
  addresses: z.array(z.object({ mac: z.string(), address: z.string() })).default([]), keys: z.array(z.string()).optional(),
});

/** A name of our own, and not that of roles: libvirt keeps one element of each namespace in a machine's `<metadata>`, untouched. */
const namespace = 'urn:x-netwright:router:1';

export const newRouterMark = ({ lab, key }: RouterMark): NewElement => ({
  name: 'metadata', children: [{ name: 'netwright:router', namespace, attributes: { 'xmlns:netwright': namespace, lab, key } }],
});

/** The mark in a `<domain>`; null: it is no router of a lab. */
export function readRouterMark(root: Element): RouterMark | null {
  const element = metadataElement(root, namespace, 'router');
  const [lab, key] = [attribute(element, 'lab'), attribute(element, 'key')];
  return lab === null || key === null ? null : { lab, key };
}
