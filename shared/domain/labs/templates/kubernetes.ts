import { rolesHint } from './lab-template';
import type { LabTemplate } from './lab-template';

export const kubernetes: LabTemplate = {
  id: 'kubernetes', title: 'Kubernetes', subnets: 1, needs: [],
  purpose: 'Nodes with addresses that stay, names for them, and room for virtual addresses of services.',
  creates: ['a NAT network, and the roles control-1, worker-1 and worker-2, each with a reserved address and a DNS name', 'a range for virtual addresses (MetalLB, kube-vip) that DHCP leaves alone'],
  write: (name, [net]) => `version: 1
name: ${name}
title: Kubernetes
networks:
  nodes:
    kind: nat
    ipv4:
      address: ${net?.at(1)}/24
      dhcp:
        ranges:
          - { start: ${net?.at(100)}, end: ${net?.at(199)} }
    domain: { name: ${name.toLowerCase()}.internal, localOnly: true }
    dnsHosts:
      # ${net?.at(240)} to ${net?.at(250)} are for virtual addresses: the API server's, and the load balancer's pool.
      - { ip: ${net?.at(240)}, hostnames: [api] }
      - { ip: ${net?.at(241)}, hostnames: [ingress] }
${rolesHint}
machines:
  control-1: { nics: [{ network: nodes, address: ${net?.at(11)} }] }
  worker-1: { nics: [{ network: nodes, address: ${net?.at(21)} }] }
  worker-2: { nics: [{ network: nodes, address: ${net?.at(22)} }] }
`,
};
