import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { addressedSpecArbitrary } from '../../../test/fakes/addressed-spec-arbitrary';
import { plainOptions } from '../../../shared/domain/addressed-spec';
import type { AddressedSpec } from '../../../shared/domain/addressed-spec';
import { draftFromSpec, emptyForwarder, emptyLease, emptyRange, toSpec } from './addressed-draft';
import type { AddressedDraft } from './addressed-draft';
import { describeLoss } from './draft-loss';
import { moveToSubnet } from './draft-subnet';
import { stepOfField } from './wizard-steps';
import { sampleGuests } from './sample-guests';
import { groupUsedRanges } from './used-ranges';

const spec: AddressedSpec = {
  ...plainOptions, kind: 'nat', name: 'lab-web', bridge: 'virbr6',
  ipv4: { address: '10.20.30.1', prefix: 24, dhcp: { ranges: [{ start: '10.20.30.100', end: '10.20.30.199' }], hosts: [{ mac: '52:54:00:00:00:01', ip: '10.20.30.10', name: 'web1' }], bootp: null }, tftpRoot: null },
  ipv6: { address: 'fd12:3456:789a::1', prefix: 64, dhcp: null },
  domain: { name: 'lab.internal', localOnly: true },
  dnsHosts: [{ ip: '10.20.30.10', hostnames: ['web', 'www.lab.internal'] }], dnsForwarders: [{ address: '9.9.9.9', domain: null }], mtu: 1400, forwardDev: 'eno1', autostart: true,
};
const ula = { ipv4: { address: '192.168.150.1', prefix: 24 }, ipv6: { address: 'fd00::1', prefix: 64 } };
const draftWith = (change: Partial<AddressedDraft>): AddressedDraft => ({ ...draftFromSpec(spec, ula, true), ...change });
const issuesOf = (change: Partial<AddressedDraft>): Record<string, string> => Object.fromEntries(toSpec(draftWith(change)).issues.map((issue) => [issue.path, issue.message]));

describe('toSpec', () => {
  it('gives back the spec a draft was made from', () => {
    expect(toSpec(draftFromSpec(spec, ula, true))).toMatchObject({ spec, issues: [] });
    const bare: AddressedSpec = { ...spec, ipv4: spec.ipv4 && { ...spec.ipv4, dhcp: null }, ipv6: null, domain: null, dnsHosts: [], dnsForwarders: [], mtu: null, forwardDev: null, title: 'Web' };
    expect(toSpec(draftFromSpec(bare, ula, false)).spec).toEqual(bare);
  });

  it('gives back any spec of any kind, rare fields and all', () => {
    fc.assert(fc.property(addressedSpecArbitrary, (any) => {
      // Shapes alone: what has an effect only with DNS is left out without an address, and blanks at the ends of a text don't count.
      const { issues } = toSpec(draftFromSpec(any, ula, true));
      expect(issues.filter((issue) => issue.path !== 'ipv4.address')).toEqual([]);
    }));
    const rare: AddressedSpec = {
      ...spec, description: 'For the lab', stp: false, delaySeconds: 3, macTableManager: 'libvirt', zone: 'trusted', portIsolation: true, guestIpv6: true, dnsEnabled: false,
      dnsServices: [{ service: 'ldap', protocol: 'udp', domain: null, target: 'db', port: 389, priority: 0, weight: 5 }], dnsTexts: [{ name: 't', value: 'v w' }],
      dnsForwarders: [{ address: null, domain: 'corp.example' }], natAddresses: { start: '10.0.0.5', end: '10.0.0.6' }, natPorts: { start: 2000, end: 3000 },
      bandwidth: { inbound: { averageKBps: 100, peakKBps: 200, burstKiB: null }, outbound: null }, routes: [{ destination: '10.50.0.0/16', gateway: '10.20.30.2', metric: 5 }],
      ipv6: { address: 'fd12:3456:789a::1', prefix: 64, dhcp: { ranges: [], hosts: [{ duid: '00:03:00:01:52:54:00:00:00:0A', ip: 'fd12:3456:789a::9', name: 'db' }] } },
      ipv4: spec.ipv4 && { ...spec.ipv4, tftpRoot: '/srv/tftp', dhcp: spec.ipv4.dhcp && { ...spec.ipv4.dhcp, bootp: { file: 'x.0', server: null } } },
    };
    expect(toSpec(draftFromSpec(rare, ula, true)).spec).toEqual(rare);
    const alone: AddressedSpec = { ...spec, kind: 'isolated', ipv4: null, ipv6: null, domain: null, dnsHosts: [], dnsForwarders: [], forwardDev: null };
    expect(toSpec(draftFromSpec(alone, ula, true)).spec).toEqual(alone);
  });

  it('keeps what was typed when the host leaves the network, and says nothing of it', () => {
    const { spec: read } = toSpec(draftWith({ kind: 'isolated', ipv4: false, ipv6: false, forwardDev: '', records: [{ key: 1, ip: 'half', hostnames: '' }] }));
    expect(read).toMatchObject({ ipv4: null, ipv6: null, domain: null, dnsHosts: [] });
  });

  it('says at its field what is no DUID', () => {
    const lease = { key: 1, duid: '52:54', ip: 'fd12:3456:789a::9', name: '' };
    expect(issuesOf({ ipv6: true, ipv6Dhcp: true, ipv6Leases: [{ key: 2, duid: '', ip: '', name: '' }, lease] })).toMatchObject({ 'ipv6.dhcp.hosts.1.duid': expect.stringContaining('“52:54” is not a DUID') });
  });

  it('leaves out rows nobody filled, and counts the others as the form does', () => {
    const leases = [emptyLease(), { ...emptyLease(), mac: 'nonsense', ip: '10.20.30.11' }];
    const reading = toSpec(draftWith({ leases, ranges: [emptyRange()] }));
    expect(reading.issues.map((issue) => issue.path)).toEqual(['ipv4.dhcp.hosts.1.mac']);
    expect(reading.fieldOf('ipv4.dhcp.hosts.0.ip')).toBe('ipv4.dhcp.hosts.1.ip');
  });

  it('asks for what is missing instead of calling it malformed', () => {
    expect(issuesOf({ name: ' ', ranges: [{ key: 1, start: '10.20.30.5', end: '' }], subnet: '' })).toMatchObject({
      name: 'A name is needed.', 'ipv4.dhcp.ranges.0.end': 'The last address is missing.', 'ipv4.subnet': 'A subnet is needed, like 10.20.30.0/24.',
    });
  });

  it('names what can’t be read, at its field', () => {
    expect(issuesOf({ subnet: '10.20.30.0' })).toMatchObject({ 'ipv4.subnet': 'The prefix is missing: write it like 10.20.30.0/24.' });
    expect(issuesOf({ subnet: '10.20.300.0/24' })['ipv4.subnet']).toContain('“10.20.300.0/24” is not an IPv4 subnet');
    expect(issuesOf({ subnet: '10.20.30.0/31' })['ipv4.subnet']).toContain('/30');
    expect(issuesOf({ address: '10.20.30' })).toMatchObject({ 'ipv4.address': '“10.20.30” is not an IPv4 address.' });
    expect(issuesOf({ mtu: '1k' })).toMatchObject({ mtu: 'A whole number of bytes, or nothing for the usual 1500.' });
    expect(issuesOf({ ipv6Address: 'fd12::1' })).toMatchObject({ 'ipv6.address': 'The prefix is missing: write it like fd12:3456:789a::1/64.' });
    expect(issuesOf({ forwarders: [{ ...emptyForwarder(), address: 'dns.example' }] })).toMatchObject({ 'dnsForwarders.0.address': '“dns.example” is neither an IPv4 nor an IPv6 address.' });
    expect(issuesOf({ records: [{ key: 1, ip: '10.20.30.9', hostnames: 'ok not!ok' }] })['dnsHosts.0.hostnames']).toContain('host name');
  });

  it('finds a host address outside the subnet', () => {
    expect(issuesOf({ address: '10.20.31.1' })).toEqual({ 'ipv4.address': '10.20.31.1 is outside 10.20.30.0/24.' });
  });

  it('takes a subnet written with host bits', () => {
    expect(toSpec(draftWith({ subnet: ' 10.20.30.77/24 ' })).spec?.ipv4?.prefix).toBe(24);
  });
});

describe('moveToSubnet', () => {
  it('takes every address that lay in the old subnet along', () => {
    const moved = moveToSubnet(draftWith({}), '10.20.30.0/24', '192.168.150.0/24');
    expect(toSpec(moved).spec).toMatchObject({
      ipv4: { address: '192.168.150.1', dhcp: { ranges: [{ start: '192.168.150.100', end: '192.168.150.199' }], hosts: [{ ip: '192.168.150.10' }] } },
      dnsHosts: [{ ip: '192.168.150.10' }], dnsForwarders: [{ address: '9.9.9.9', domain: null }],
    });
  });

  it('leaves what has no room in a smaller subnet where it is', () => {
    const moved = moveToSubnet(draftWith({}), '10.20.30.0/24', '10.9.0.0/28');
    expect(moved).toMatchObject({ address: '10.9.0.1', ranges: [{ start: '10.20.30.100' }] });
  });
});

describe('what the wizard tells', () => {
  it('knows which step shows a field', () => {
    expect(['name', 'ipv4.subnet', 'ipv4.dhcp.ranges.0.end', 'ipv6.address', 'dnsHosts.2.ip', 'mtu'].map(stepOfField)).toEqual(['addresses', 'addresses', 'dhcp', 'dhcp', 'dhcp', 'options']);
  });

  it('says what is lost, and nothing when nothing was changed', () => {
    const original = draftWith({});
    expect(describeLoss(structuredClone(original), original)).toEqual([]);
    expect(describeLoss({ ...original, name: 'other', leases: [...original.leases, emptyLease()] }, original)).toEqual(['the name “other”', '2 static leases']);
  });

  it('shows two addresses that machines would get', () => {
    expect(sampleGuests(spec)).toEqual(['.100', '.101']);
    expect(sampleGuests({ ...spec, ipv4: spec.ipv4 && { ...spec.ipv4, dhcp: null } })).toEqual(['by hand', 'by hand']);
  });

  it('tells each used range once, with all who use it', () => {
    const range = { cidr: '10.0.0.0/24', hostId: 'a', kind: 'interface' as const, networkUuid: null };
    const lines = groupUsedRanges([{ ...range, owner: 'LAN of attic' }, { ...range, owner: 'LAN of basement' }, { ...range, owner: 'br1 on attic' }, { ...range, owner: 'LAN of attic' }, { ...range, cidr: '10.1.0.0/24', owner: 'me', networkUuid: 'x' }], 'x');
    expect(lines).toEqual([{ cidr: '10.0.0.0/24', owners: 'LAN of attic, basement; br1 on attic', kind: 'interface' }]);
  });
});
