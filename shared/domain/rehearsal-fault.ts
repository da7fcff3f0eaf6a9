import { z } from 'zod';

/**
 * What may be made to go wrong on the practice host while a conversion is rehearsed there: the NIC's cable falls out, the LAN's
 * gateway stops answering, the app is gone, the power fails, DHCP gives the bridge another address, the host's firewall lets
 * no new SSH connection in by the bridge.
 */
export const rehearsalFaults = ['cable', 'gateway', 'app', 'power', 'dhcp', 'firewall'] as const;
export const rehearsalFaultSchema = z.enum(rehearsalFaults);
export type RehearsalFault = z.infer<typeof rehearsalFaultSchema>;
