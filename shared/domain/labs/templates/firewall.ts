import type { LabTemplate } from './lab-template';

export const firewall: LabTemplate = {
  id: 'firewall', title: 'Firewall lab', subnets: 3, needs: ['router'],
  purpose: 'A router between a LAN, a DMZ and the world outside, as in front of every office.',
  creates: ['a NAT network as the world outside', 'isolated networks LAN and DMZ', 'a router between the three: NAT to the outside, DHCP and DNS inside, everything inward closed'],
  write: (name, [outside, lan, dmz]) => `version: 1
name: ${name}
title: Firewall lab
networks:
  outside:
    kind: nat                     # stands for the internet, and leads there
    ipv4: { address: ${outside?.at(1)}/24 }
  lan: { kind: isolated, ipv4: none }
  dmz: { kind: isolated, ipv4: none }
routers:
  gateway:
    interfaces:
      - { network: outside, zone: wan }         # a free address beside the host's
      - { network: lan, zone: lan, address: ${lan?.at(1)}/24 }
      - { network: dmz, zone: dmz, address: ${dmz?.at(1)}/24 }
    # Who may begin to talk to whom. Answers pass by themselves, everything else is dropped.
    allow:
      - [lan, wan]
      - [lan, dmz]
      - [dmz, wan]
`,
};
