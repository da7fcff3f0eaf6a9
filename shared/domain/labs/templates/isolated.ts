import { rolesHint } from './lab-template';
import type { LabTemplate } from './lab-template';

export const isolated: LabTemplate = {
  id: 'isolated', title: 'Isolated with a jump box', subnets: 2, needs: [],
  purpose: 'Machines that reach nothing but each other, and one between them and the world by which you get in.',
  creates: ['a NAT network for the jump box\'s first NIC', 'an isolated network, where the host has no address, for its second NIC and the other machines', 'the roles jump-box and inside-1'],
  write: (name, [outer, inner]) => `version: 1
name: ${name}
title: Isolated with a jump box
networks:
  outer:
    kind: nat                     # the jump box's first NIC
    ipv4: { address: ${outer?.at(1)}/24 }
  inner:
    kind: isolated                # its second NIC, and the machines behind it
    # The host is not on it: the jump box hands out addresses, or the machines have fixed ones of ${inner?.at(0)}/24.
    ipv4: none
${rolesHint}
machines:
  jump-box: { nics: [{ network: outer }, { network: inner, address: ${inner?.at(1)} }] }
  inside-1: { nics: [{ network: inner, address: ${inner?.at(11)} }] }
`,
};
