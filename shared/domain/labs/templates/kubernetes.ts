import { templateMac } from './lab-template';
import type { LabTemplate } from './lab-template';

export const kubernetes: LabTemplate = {
  id: 'kubernetes', title: 'Kubernetes', subnets: 1, needs: [],
  purpose: 'Nodes with addresses that stay, names for them, and room for virtual addresses of services.',
  creates: ['a NAT network with a reserved address and a DNS name for each of three nodes', 'a range for virtual addresses (MetalLB, kube-vip) that DHCP leaves alone'],
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
        hosts:                    # give the nodes' NICs these MACs, or write theirs here
          - { mac: "${templateMac(name, 1)}", ip: ${net?.at(11)}, name: control-1 }
          - { mac: "${templateMac(name, 2)}", ip: ${net?.at(21)}, name: worker-1 }
          - { mac: "${templateMac(name, 3)}", ip: ${net?.at(22)}, name: worker-2 }
    domain: { name: ${name.toLowerCase()}.internal, localOnly: true }
    dnsHosts:
      # ${net?.at(240)} to ${net?.at(250)} are for virtual addresses: the API server's, and the load balancer's pool.
      - { ip: ${net?.at(240)}, hostnames: [api] }
      - { ip: ${net?.at(241)}, hostnames: [ingress] }
`,
};
