import { z } from 'zod';

/** libvirt keeps 32 bits and multiplies by 1000 or 1024. */
const rate = z.number('A number').int('A whole number').min(1, 'At least 1').max(4_294_967, 'At most 4294967');

/**
 * One direction of `<bandwidth>`: kilobytes per second, of 1000 bytes each (libvirt gives them to tc(8) as `kbps`, docs/full-machine-kinds.md), and
 * `burst` in KiB (formatnetwork.html and formatdomain.html, "Quality of service").
 */
const bandwidthLimitSchema = z.object({ averageKBps: rate, peakKBps: rate.nullable(), burstKiB: rate.nullable() });
export type BandwidthLimit = z.infer<typeof bandwidthLimitSchema>;

/** `<bandwidth>` as libvirt means it: of a NIC as its machine sees it (`inbound` is what it receives), of a network as its guests together do. */
export const bandwidthSchema = z.object({ inbound: bandwidthLimitSchema.nullable(), outbound: bandwidthLimitSchema.nullable() });
