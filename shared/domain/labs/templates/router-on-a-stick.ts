import type { LabTemplate } from './lab-template';

export const routerOnAStick: LabTemplate = {
  id: 'router-on-a-stick', title: 'Router on a stick', subnets: 3, needs: ['ovs', 'router'],
  purpose: 'Departments in VLANs on one switch, and a router that reaches all of them by one cable.',
  creates: ['an Open vSwitch bridge', 'a network on it with the portgroups staff, guests and trunk', 'a NAT network as the way out', 'a router on the trunk, with DHCP in every VLAN'],
  write: (name, [outside, staff, guests]) => `version: 1
name: ${name}
title: Router on a stick
networks:
  outside:
    kind: nat
    ipv4: { address: ${outside?.at(1)}/24 }
  campus:
    kind: ovs
    createBridge: { stp: false }  # made with the lab, and removed with it
    portgroups:
      - { name: staff, isDefault: true, vlan: { mode: access, tag: 10 } }
      - { name: guests, vlan: { mode: access, tag: 20 } }
      - { name: trunk, vlan: { mode: trunk, tags: [10, 20] } }
routers:
  gateway:
    interfaces:
      - { network: outside, zone: wan }
      # One NIC on the trunk, and an interface in it for each tag.
      - { network: campus, portgroup: trunk, vlan: 10, zone: staff, address: ${staff?.at(1)}/24 }
      - { network: campus, portgroup: trunk, vlan: 20, zone: guests, address: ${guests?.at(1)}/24 }
    allow:
      - [staff, wan]
      - [staff, guests]
      - [guests, wan]
`,
};
