import { describe, expect, it } from 'vitest';
import { describeLabProblem, readLabFile } from './read-lab-file';

const problems = (text: string): string[] => readLabFile(text).problems.map(describeLabProblem);
const lab = (networks: string): string => `version: 1\nname: home\nnetworks:\n${networks.replace(/^/gm, '  ')}`;
/** Lines 4 to 6 are networks, and line 8 is the first role. */
const roles = (machines: string): string => `${lab(`web: { kind: nat, ipv4: { address: 10.0.0.1/24, dhcp: { hosts: [{ mac: "52:54:00:00:00:01", ip: 10.0.0.9 }] } } }
sw: { kind: ovs, bridge: br, portgroups: [{ name: staff }] }
auto: { kind: nat }`)}
machines:
${machines.replace(/^/gm, '  ')}`;

describe('readLabFile', () => {
  it('fills in what is left out', () => {
    expect(readLabFile(lab('web: { kind: nat }\ndark: { kind: isolated, ipv4: none }\nvlans: { kind: ovs, createBridge: {}, portgroups: [{ name: staff, vlan: { mode: access, tag: 10 } }] }')).file).toMatchObject({
      networks: {
        web: { kind: 'nat', ipv4: 'auto', ipv6: 'none', autostart: true },
        vlans: { createBridge: { datapath: 'system', stp: false }, portgroups: [{ name: 'staff', isDefault: false, vlan: { mode: 'access', tag: 10 }, bandwidth: { inbound: null, outbound: null } }] },
      },
    });
  });

  it.each([
    ['version: 1\nname: home\nnetworks: { web: [ }', 'Line 3, column 20: This is not YAML'],
    [lab('web: { kind: nat }\nweb: { kind: nat }'), 'Line 5, column 3: This key stands here twice.'],
    [lab('web: &a { kind: nat }\nweb2: *a'), 'Line 5, column 9: Anchors and aliases'],
    [lab('web: &a { kind: nat, domain: *a }'), 'Line 4, column 32: Anchors and aliases'],
    ['', 'Line 1, column 1: This has to be a mapping, not nothing.'],
    ['name: home\nnetworks: { web: { kind: nat } }', 'Line 1, column 1: “version” is missing: 1.'],
    ['version: 2\nname: home\nnetworks: { web: { kind: nat } }', 'Line 1, column 10: This has to be 1, not 2.'],
    ['version: 1\nname: home\nnetworks: {}', 'Line 3, column 1: A lab needs a network.'],
    [lab('web: { kind: nta }'), 'Line 4, column 16: This has to be one of nat, routed, open, isolated, bridged, macvtap, ovs, sriov, not “nta”. Is it “nat”?'],
    [lab('web: {}'), 'Line 4, column 3: “kind” is missing: one of nat'],
    [lab('1web: { kind: nat }'), 'Line 4, column 3: “1web” is no name for a network: letters, digits and “-” only, and a letter at the start.'],
    [lab('web:\n  kind: nat\n  mtuu: 9000'), 'Line 6, column 5: “mtuu” is not known here. Is it “mtu”?'],
    [lab('web:\n  kind: bridged\n  bridge: br0\n  ipv4: auto'), 'Line 7, column 5: “ipv4” is not known here. What is known: kind, name, autostart'],
    [lab('web:\n  kind: nat\n  ipv4:\n    adress: 10.0.0.1/24'), 'Line 7, column 7: “adress” is not known here. Is it “address”?'],
    [lab('web:\n  kind: nat\n  ipv4:\n    address: 10.0.0.1'), 'Line 7, column 16: An address of the host with its prefix, like 10.20.30.1/24.'],
    [lab('web:\n  kind: nat\n  ipv4:\n    address: 10.0.0.1/24\n    dhcp:\n      hosts:\n        - { mac: nobody, ip: 10.0.0.9 }'), 'Line 10, column 20: Not a MAC address'],
    [lab('web:\n  kind: nat\n  ipv4: { dhcp: { ranges: [{ start: 10.0.0.2, end: 10.0.0.9, ende: 1 }] } }'), 'Line 6, column 64: “ende” is not known here. Is it “end”?'],
    [lab('web: { kind: nat, ipv4: off }'), 'Line 4, column 27: This has to be “auto” or “none” or a mapping.'],
    [lab('web: { kind: nat, mtu: big }'), 'Line 4, column 26: This has to be a number, not “big”.'],
    [lab('web: { kind: nat, mtu: 1 }'), 'Line 4, column 26: Between 68 and 65535.'],
    [lab('vlans: { kind: ovs, createBridge: {}, portgroups: [{ name: a, vlan: { mode: acess, tag: 1 } }] }'), 'Line 4, column 79: This has to be one of access, trunk, not “acess”. Is it “access”?'],
    [lab('a: { kind: nat, ipv4: { address: 10.0.0.1/24 } }\nb: { kind: nat, ipv4: { address: 10.0.0.129/25 } }'), 'Line 5, column 36: 10.0.0.128/25 overlaps with 10.0.0.0/24 of “a”.'],
    [lab('a: { kind: nat, name: x }\nb: { kind: nat, name: x }'), 'Line 5, column 25: “a” is called “x” already.'],
    [lab('a: { kind: nat, bridge: br7 }\nb: { kind: isolated, bridge: br7 }'), 'Line 5, column 32: “br7” is the bridge of “a”, which makes it.'],
    [lab('a: { kind: ovs }'), 'Line 4, column 3: An Open vSwitch network needs a “bridge”'],
    [lab('a: { kind: nat, ipv4: none }'), 'Line 4, column 25: A network of the kind nat needs an address'],
    [lab('a: { kind: nat, ipv4: { dhcp: { ranges: [{ start: 10.0.0.2, end: 10.0.0.9 }] } } }'), 'Line 4, column 27: Ranges and reservations need a subnet'],
    [roles('a: { nics: [{ network: wbe }] }'), 'Line 8, column 26: There is no network called “wbe” in this file. Is it “web”?'],
    [roles('a: { nics: [{ network: sw, portgroup: stuff }] }'), 'Line 8, column 41: There is no portgroup of “sw” called “stuff” in this file. Is it “staff”?'],
    [roles('a: { nics: [{ network: web, portgroup: staff }] }'), 'Line 8, column 42: There is no portgroup of “web” called “staff” in this file. It has none.'],
    [roles('a: { machine: vm, nics: [{ network: web }] }\nb: { machine: vm, nics: [{ network: web }] }'), 'Line 9, column 17: vm plays “a” already; a machine has one role in a lab.'],
    [roles('a: { nics: [] }'), 'Line 8, column 8: A role needs a NIC.'],
    [roles('a: { nics: [{ network: web, address: 10.0.1.9 }] }'), 'Line 8, column 40: 10.0.1.9 is outside the subnet 10.0.0.0/24.'],
    [roles('a: { nics: [{ network: auto, address: 10.0.1.9 }] }'), 'Line 8, column 41: An address needs a subnet that is known'],
    [roles('a: { nics: [{ network: web, address: 10.0.0.9, mac: "52:54:00:00:00:02" }] }'), 'Line 8, column 40: 10.0.0.9 is reserved for 52:54:00:00:00:01, not for 52:54:00:00:00:02.'],
    [roles('a: { nics: [{ network: web, address: 10.0.0.7 }] }\nb: { nics: [{ network: web, address: 10.0.0.7 }] }'), 'Line 9, column 40: “a” has the address 10.0.0.7 on web already.'],
    [roles('a: { nics: [{ network: web, mac: "52:54:00:00:00:0A" }] }\nb: { nics: [{ network: sw, mac: "52:54:00:00:00:0a" }] }'), 'Line 9, column 35: “a” has the MAC 52:54:00:00:00:0a already.'],
    [roles('a-: { nics: [{ network: web }] }'), 'Line 8, column 3: “a-” is no name for a role: letters, digits and “-” only, a letter at the start and no “-” at the end.'],
    [roles('a: { nics: [{ network: web }], machin: vm }'), 'Line 8, column 34: “machin” is not known here. Is it “machine”?'],
  ])('says what is wrong where: %j', (text, expected) => {
    const [first = 'nothing'] = problems(text);
    expect(first.slice(0, expected.length)).toBe(expected);
    expect(readLabFile(text).file).toBeNull();
  });

  it('reads files that end anywhere without a throw', () => {
    const whole = lab('web:\n  kind: nat # the web\n  ipv4: { address: 10.0.0.1/24, dhcp: { ranges: [] } }\nvlans: { kind: ovs, createBridge: {} }');
    for (let end = 0; end <= whole.length; end += 1) expect(() => readLabFile(whole.slice(0, end))).not.toThrow();
  });
});
