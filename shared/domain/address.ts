import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** IPv4 in dotted decimal with four parts; shorthand like `10.1` and octal parts are refused. */
export const ipv4Schema = z.string().refine((text) => ipaddr.IPv4.isValidFourPartDecimal(text), 'Not an IPv4 address');

/** IPv6 without zone (`%eth0`): libvirt networks take none. */
export const ipv6Schema = z
  .string()
  .refine((text) => !text.includes('%') && text.includes(':') && ipaddr.IPv6.isValid(text), 'Not an IPv6 address');

export const ipSchema = z.union([ipv4Schema, ipv6Schema]);

export const familySchema = z.enum(['ipv4', 'ipv6']);
export type Family = z.infer<typeof familySchema>;

/** `aa:bb:cc:dd:ee:ff`, lower or upper case. */
export const macSchema = z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i, 'Not a MAC address (six pairs, like 52:54:00:12:34:56)');

export const uuidSchema = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'Not a UUID');
