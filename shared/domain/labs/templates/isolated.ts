import { rolesHint } from './lab-template';
import type { LabTemplate } from './lab-template';

export const isolated: LabTemplate = {
  id: 'isolated', title: 'Isolated with a jump box', subnets: 2, needs: ['router', 'sshd'],
  purpose: 'Machines that reach nothing but each other, and one between them and the world by which you get in.',
  creates: [
    'a NAT network for the jump box\'s first NIC', 'an isolated network, where the host has no address, for its second NIC and the other machines',
    'a jump box that lets your key in, hands out addresses inside and forwards nothing', 'the role inside-1',
  ],
  write: (name, [outer, inner]) => `version: 1
name: ${name}
title: Isolated with a jump box
networks:
  outer:
    kind: nat                     # the jump box's first NIC
    ipv4: { address: ${outer?.at(1)}/24 }
  inner:
    kind: isolated                # its second NIC, and the machines behind it; the host is not on it
    ipv4: none
routers:
  # To have a machine of your own as jump box, take this out and make it a role instead:
  # jump-box: { machine: NAME, nics: [{ network: outer }, { network: inner, address: ${inner?.at(1)} }] }
  jump-box:
    interfaces:
      - { network: outer, zone: wan }           # a free address beside the host's
      - { network: inner, zone: inside, address: ${inner?.at(1)}/24 }
    allow: []                     # it forwards nothing: whoever is inside reaches nobody but each other
    dns: none
    ssh: {}                       # who has a key of this computer logs in from outside, as “jump”
${rolesHint}
machines:
  inside-1: { nics: [{ network: inner, address: ${inner?.at(11)} }] }
`,
};
