import { rolesHint } from './lab-template';
import type { LabTemplate } from './lab-template';

export const vlanCampus: LabTemplate = {
  id: 'vlan-campus', title: 'VLAN campus', subnets: 0, needs: ['ovs'],
  purpose: 'Departments in VLANs on one switch, with a trunk for a router on a stick.',
  creates: ['an Open vSwitch bridge', 'a network on it with the portgroups staff, guests, voice and trunk', 'the roles router, on the trunk, and desktop, visitor and phone, each in its VLAN'],
  write: (name) => `version: 1
name: ${name}
title: VLAN campus
networks:
  campus:
    kind: ovs
    createBridge: { stp: false }  # made with the lab, and removed with it
    portgroups:
      - { name: staff, isDefault: true, vlan: { mode: access, tag: 10 } }
      - { name: guests, vlan: { mode: access, tag: 20 } }
      - { name: voice, vlan: { mode: access, tag: 30 } }
      # A router on a stick: it sees every VLAN with its tag, and routes between them.
      - { name: trunk, vlan: { mode: trunk, tags: [10, 20, 30] } }
${rolesHint}
machines:
  router: { nics: [{ network: campus, portgroup: trunk }] }
  desktop: { nics: [{ network: campus, portgroup: staff }] }
  visitor: { nics: [{ network: campus, portgroup: guests }] }
  phone: { nics: [{ network: campus, portgroup: voice }] }
`,
};
