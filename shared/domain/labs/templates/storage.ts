import type { LabTemplate } from './lab-template';

export const storage: LabTemplate = {
  id: 'storage', title: 'Storage', subnets: 2, needs: [],
  purpose: 'A storage cluster (Ceph, Gluster, Longhorn): clients on one network, replication with jumbo frames on another.',
  creates: ['a NAT network for clients and management', 'an isolated network with an MTU of 9000 for replication'],
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
    # The host is not on it: give the nodes fixed addresses, for example of ${back?.at(0)}/24.
    ipv4: none
`,
};
