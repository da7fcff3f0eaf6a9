import type { AddressedKind } from '../../../shared/domain/network-kinds';

/** What a wizard says of its kind. */
export interface KindWords {
  /** In the wizard's side: "Routed network". */
  about: string;
  heading: string;
  lead: string;
  /** Below the reach table: when this kind is not the way. */
  instead: string;
}

export const kindWords: Record<AddressedKind, KindWords> = {
  nat: {
    about: 'NAT network', heading: 'A network of its own behind this host',
    lead: 'Machines on a NAT network get their own private addresses. They reach your LAN and the internet through this host, with its address; nothing outside can start a connection to them. It works with every router and every Wi-Fi.',
    instead: 'To put machines on the LAN itself, a NAT network is not the way: they would need a bridge to your NIC.',
  },
  routed: {
    about: 'Routed network', heading: 'A subnet that your LAN can reach',
    lead: 'Machines keep their own addresses, and this host passes packets on unchanged, both ways. Your LAN’s router has to know that this subnet lies behind this host: one route, spelled out below.',
    instead: 'If you can’t set a route on the router, take NAT: it needs nothing outside this host.',
  },
  open: {
    about: 'Open network', heading: 'A routed network without libvirt’s firewall rules',
    lead: 'libvirt makes the bridge, DHCP and DNS, and adds no firewall rules: what passes is up to this host’s own firewall. For people who write those rules themselves. The LAN’s router needs a route, as with a routed network.',
    instead: 'Without rules of your own, a host that forwards lets everything through, and one that doesn’t lets nothing through. Routed and NAT bring their rules.',
  },
  isolated: {
    about: 'Isolated network', heading: 'A network that leads nowhere',
    lead: 'Machines reach each other and nothing else. For labs that must not touch your LAN: malware, a second DHCP server, PXE, a firewall under test.',
    instead: 'To let one machine in from outside, give it a second NIC on a NAT or bridged network.',
  },
};

/** The three ways an isolated network knows this host. */
export const isolatedChoices = [
  { id: 'dhcp', label: 'This host is on it and hands out addresses', hint: 'Machines get an address and names by DHCP and DNS, and can talk to this host. The usual lab.' },
  { id: 'address', label: 'This host is on it, without DHCP', hint: 'You reach the machines from this host; a machine of the lab hands out addresses, or you set them by hand. For PXE and DHCP servers of your own.' },
  { id: 'none', label: 'This host is not on it', hint: 'Machines are alone with each other: not even this host can talk to them. For malware and everything that must not find a way out.' },
] as const;
export type IsolatedChoice = (typeof isolatedChoices)[number]['id'];
