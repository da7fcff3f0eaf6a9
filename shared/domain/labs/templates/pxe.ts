import { rolesHint } from './lab-template';
import type { LabTemplate } from './lab-template';

export const pxe: LabTemplate = {
  id: 'pxe', title: 'PXE provisioning', subnets: 1, needs: [],
  purpose: 'A network for a provisioning server (MAAS, Foreman, netboot.xyz) that hands out addresses itself.',
  creates: ['a NAT network without DHCP of the host', 'the roles server and client'],
  write: (name, [net]) => `version: 1
name: ${name}
title: PXE provisioning
networks:
  provisioning:
    kind: nat
    delaySeconds: 0
    stp: false                    # no machine waits for the bridge while its firmware asks for an address
    ipv4:
      address: ${net?.at(1)}/24   # the gateway
      dhcp: none                  # the provisioning server's own
${rolesHint}
machines:
  server: { nics: [{ network: provisioning, address: ${net?.at(2)} }] }   # which it sets itself
  client: { nics: [{ network: provisioning }] }
`,
};
