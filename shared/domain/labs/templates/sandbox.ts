import type { LabTemplate } from './lab-template';

export const sandbox: LabTemplate = {
  id: 'sandbox', title: 'Sandbox NAT', subnets: 1, needs: [],
  purpose: 'Machines that reach the internet and each other, and that nobody outside reaches.',
  creates: ['a NAT network with DHCP and DNS'],
  write: (name, [net]) => `version: 1
name: ${name}
title: Sandbox NAT
networks:
  net:
    kind: nat
    ipv4:
      address: ${net?.at(1)}/24   # the host, and the machines' gateway
      dhcp: auto                  # hands out .100 to .199
    domain: { name: ${name.toLowerCase()}.internal, localOnly: true }
`,
};
