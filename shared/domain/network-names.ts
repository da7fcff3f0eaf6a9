import { z } from 'zod';

/** Names as libvirt and Linux take them; the same for every kind of network. */

/** libvirt refuses `/` and names that are `.` or `..`; control characters would confuse every tool. */
export const networkNameSchema = z
  .string()
  .min(1, 'A name is needed')
  .max(64, 'At most 64 characters')
  .regex(/^[^/\p{Cc}]+$/u, 'A name can\'t hold “/” or control characters')
  .refine((name) => name !== '.' && name !== '..', '“.” and “..” are not names')
  .refine((name) => name.trim() === name, 'No blanks at the start or end');

/** IFNAMSIZ leaves 15 bytes for an interface name (linux/if.h). */
export const bridgeNameSchema = z
  .string()
  .min(1, 'A bridge name is needed')
  .regex(/^[A-Za-z0-9_.-]+$/, 'Letters, digits, “_”, “.” and “-” only')
  .max(15, 'Linux allows 15 characters for an interface name')
  .refine((name) => name !== '.' && name !== '..', '“.” and “..” are not names');
