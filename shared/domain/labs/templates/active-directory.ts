import type { LabTemplate } from './lab-template';

export const activeDirectory: LabTemplate = {
  id: 'ad-range', title: 'AD range', subnets: 3, needs: ['router'],
  purpose: 'A domain to attack and to defend: servers and clients apart, an attacker beside them, and one way out.',
  creates: ['a NAT network as the way out', 'isolated networks for servers and for clients', 'a router between them: clients may talk to servers, everybody to the outside'],
  write: (name, [outside, servers, clients]) => `version: 1
name: ${name}
title: AD range
networks:
  outside:
    kind: nat                     # updates come by it, and an attacker may sit here
    ipv4: { address: ${outside?.at(1)}/24 }
  servers: { kind: isolated, ipv4: none }
  clients: { kind: isolated, ipv4: none }
routers:
  gateway:
    interfaces:
      - { network: outside, zone: wan }
      # Domain controllers have fixed addresses, ${servers?.at(10)} and on: their DNS is their own.
      - { network: servers, zone: servers, address: ${servers?.at(1)}/24, dhcp: none }
      - { network: clients, zone: clients, address: ${clients?.at(1)}/24 }
    allow:
      - [clients, servers]
      - [clients, wan]
      - [servers, wan]
`,
};
