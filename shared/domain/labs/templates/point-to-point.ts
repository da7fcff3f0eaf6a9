import { rolesHint } from './lab-template';
import type { LabTemplate } from './lab-template';

export const pointToPoint: LabTemplate = {
  id: 'point-to-point', title: 'Point-to-point routing', subnets: 1, needs: [],
  purpose: 'Three routers in a triangle, to try OSPF, BGP or static routes on.',
  creates: ['three isolated networks, each a cable between two routers', 'a NAT network to manage them by', 'the roles r1, r2 and r3'],
  write: (name, [net]) => `version: 1
name: ${name}
title: Point-to-point routing
networks:
  manage:
    kind: nat                     # the first NIC of every router
    ipv4: { address: ${net?.at(1)}/24 }
  # Each is a cable between two routers: the host is not on it, and the routers agree on addresses, for example 10.255.12.0/31.
  r1-r2: { kind: isolated, ipv4: none, guestIpv6: true }
  r2-r3: { kind: isolated, ipv4: none, guestIpv6: true }
  r1-r3: { kind: isolated, ipv4: none, guestIpv6: true }
${rolesHint}
machines:
  r1: { nics: [{ network: manage, address: ${net?.at(11)} }, { network: r1-r2 }, { network: r1-r3 }] }
  r2: { nics: [{ network: manage, address: ${net?.at(12)} }, { network: r1-r2 }, { network: r2-r3 }] }
  r3: { nics: [{ network: manage, address: ${net?.at(13)} }, { network: r1-r3 }, { network: r2-r3 }] }
`,
};
