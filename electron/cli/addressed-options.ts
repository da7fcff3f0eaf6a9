import type { ParseArgsConfig } from 'node:util';

/** Options of `create nat|routed|open|isolated` and of `edit`: what a network of libvirt's own bridge is to be. */
export const addressedOptions = {
  subnet: { type: 'string' },
  'no-address': { type: 'boolean' },
  bridge: { type: 'string' },
  title: { type: 'string' },
  description: { type: 'string' },
  dhcp: { type: 'string', multiple: true },
  'no-dhcp': { type: 'boolean' },
  'static-lease': { type: 'string', multiple: true },
  'tftp-root': { type: 'string' },
  'boot-file': { type: 'string' },
  domain: { type: 'string' },
  'domain-local-only': { type: 'boolean' },
  dns: { type: 'string', multiple: true },
  'dns-srv': { type: 'string', multiple: true },
  'dns-txt': { type: 'string', multiple: true },
  'no-dns': { type: 'boolean' },
  forwarder: { type: 'string', multiple: true },
  ipv6: { type: 'string' },
  'ipv6-dhcp': { type: 'string', multiple: true },
  'ipv6-lease': { type: 'string', multiple: true },
  'guest-ipv6': { type: 'boolean' },
  mtu: { type: 'string' },
  'port-isolation': { type: 'boolean' },
  'no-port-isolation': { type: 'boolean' },
  'mac-table': { type: 'string' },
  zone: { type: 'string' },
  'no-stp': { type: 'boolean' },
  delay: { type: 'string' },
  inbound: { type: 'string' },
  outbound: { type: 'string' },
  'nat-addresses': { type: 'string' },
  'nat-ports': { type: 'string' },
  route: { type: 'string', multiple: true },
  'forward-dev': { type: 'string' },
  'no-autostart': { type: 'boolean' },
  autostart: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

export interface AddressedOptions {
  subnet?: string; 'no-address'?: boolean; bridge?: string; title?: string; description?: string;
  dhcp?: string[]; 'no-dhcp'?: boolean; 'static-lease'?: string[]; 'tftp-root'?: string; 'boot-file'?: string;
  domain?: string; 'domain-local-only'?: boolean; dns?: string[]; 'dns-srv'?: string[]; 'dns-txt'?: string[]; 'no-dns'?: boolean; forwarder?: string[];
  ipv6?: string; 'ipv6-dhcp'?: string[]; 'ipv6-lease'?: string[]; 'guest-ipv6'?: boolean; mtu?: string; 'port-isolation'?: boolean; 'no-port-isolation'?: boolean; 'mac-table'?: string; zone?: string; 'no-stp'?: boolean; delay?: string;
  inbound?: string; outbound?: string; 'nat-addresses'?: string; 'nat-ports'?: string; route?: string[];
  'forward-dev'?: string; 'no-autostart'?: boolean; autostart?: boolean;
}

/** The lines of `netwright --help` for these. */
export const addressedUsage = `  netwright create nat HOST [NAME]         guests go out under the host's address; what is not said is proposed
  netwright create routed HOST [NAME]      addresses are passed on unchanged; the LAN's router needs a route
  netwright create open HOST [NAME]        as routed, without firewall rules of libvirt
  netwright create isolated HOST [NAME]    guests and the host, nobody else
  netwright edit HOST NETWORK              change one; options as below
      --when live|now|next-start           while it runs, by a restart, or at its next start; without it: live where
                                           libvirt can, else at the next start
      --subnet CIDR                        10.20.30.0/24, or 10.20.30.1/24 to choose the host's address
      --no-address                         isolated: without the host (no DHCP, no DNS)
      --dhcp START-END | --no-dhcp         range to hand out (may be repeated)
      --static-lease MAC=IP[,NAME]         may be repeated
      --domain NAME [--domain-local-only]  --dns IP=NAME[,NAME…]   --forwarder [DOMAIN=]IP   --no-dns
      --dns-srv SERVICE/tcp[.DOMAIN]=TARGET:PORT[,PRIORITY[,WEIGHT]] (“=.”: nobody offers it)   --dns-txt NAME=TEXT
      --ipv6 auto|none|ADDRESS/PREFIX      auto proposes a private (ULA) prefix   --ipv6-dhcp START-END   --guest-ipv6
      --ipv6-lease DUID=IP[,NAME]          may be repeated
      --route CIDR=GATEWAY[,METRIC]        a range behind a guest (may be repeated)
      --tftp-root DIR --boot-file FILE[,SERVER]   machines start from the network (PXE)
      --nat-addresses FIRST[-LAST] --nat-ports FIRST-LAST   what guests go out under
      --inbound|--outbound AVERAGE[,PEAK[,BURST]]   kB/s and KiB, of all guests together
      --port-isolation|--no-port-isolation --zone ZONE --mac-table kernel|libvirt --no-stp --delay SECONDS --mtu BYTES --forward-dev NIC
      --bridge NAME --title TEXT --description TEXT --autostart --no-autostart --no-start
  netwright reserve HOST NETWORK MAC IP [--name NAME]   DHCP gives this address to this machine, from now on`;
