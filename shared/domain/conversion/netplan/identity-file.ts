import type { LinkFacts } from '../facts';
import { iaidOf } from '../networkd/dhcp-identity';
import type { TransactionFile } from '../transaction';

/** netplan can't say it, but systemd-networkd reads what stands beside netplan's file: the identity that the DHCP server knows. */
export function identityFile(name: string, former: string, known: LinkFacts): TransactionFile[] {
  const iaid = iaidOf(known.dhcpClientId);
  if (iaid === null) return [];
  const place = `systemd/network/10-netplan-${name}.network.d/netwright.conf`;
  return [{
    name: 'dhcp-identity.conf', mode: 0o644, trialPath: `/run/${place}`, commitPath: `/etc/${place}`,
    content: `# The DHCP server knows ${name} by what it knew ${former} by. Made by Netwright.\n[DHCPv4]\nIAID=${iaid}\n\n[DHCPv6]\nIAID=${iaid}\n`,
  }];
}
