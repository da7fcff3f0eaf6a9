import { rolesHint } from './lab-template';
import type { LabTemplate } from './lab-template';

export const storage: LabTemplate = {
  id: 'storage', title: 'Storage', subnets: 2, needs: [],
  purpose: 'A storage cluster (Ceph, Gluster, Longhorn): clients on one network, replication with jumbo frames on another.',
  creates: ['a NAT network for clients and management', 'an isolated network with an MTU of 9000 for replication', 'the roles node-1, node-2 and node-3 on both, and a client'],
  write: (name, [front, back]) => `version: 1
name: ${name}
title: Storage
networks:
  public:
    kind: nat
    ipv4: { address: ${front?.at(1)}/24 }
  cluster:
    kind: isolated
    mtu: 9000                     # the guests' NICs have to be set to it, too
    # The host is not on it: give the nodes fixed addresses, for example those below, of ${back?.at(0)}/24.
    ipv4: none
${rolesHint}
machines:
  node-1: { nics: [{ network: public, address: ${front?.at(11)} }, { network: cluster, address: ${back?.at(11)} }] }
  node-2: { nics: [{ network: public, address: ${front?.at(12)} }, { network: cluster, address: ${back?.at(12)} }] }
  node-3: { nics: [{ network: public, address: ${front?.at(13)} }, { network: cluster, address: ${back?.at(13)} }] }
  client: { nics: [{ network: public }] }
`,
};
