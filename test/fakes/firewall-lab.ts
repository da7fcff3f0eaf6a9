/** A lab file: a router between the world outside, a LAN and a DMZ. `allow`: pairs of zones, as YAML; `more`: what follows. */
export const firewallLab = (allow: string, more = ''): string => `version: 1
name: fw
networks:
  outside: { kind: nat, ipv4: { address: 10.71.1.1/24 } }
  inside: { kind: isolated, ipv4: none }
  dmz: { kind: isolated, ipv4: none }
routers:
  gw:
    interfaces:
      - { network: outside, zone: wan }
      - { network: inside, zone: lan, address: 10.71.2.1/24 }
      - { network: dmz, zone: dmz, address: 10.71.3.1/24, dhcp: none }
    allow: ${allow}
${more}`;
