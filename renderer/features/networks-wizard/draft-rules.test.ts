import { describe, expect, it } from 'vitest';
import { fixtureInventories } from '../../testing/fixtures/hosts';
import { fixtureNetworkProposal } from '../../testing/fixtures/network-proposals';
import { draftFromSpec, emptyLease, toSpec } from './addressed-draft';
import type { AddressedDraft } from './addressed-draft';
import { findIssues } from './draft-rules';

const { spec, ipv6, used } = fixtureNetworkProposal();
const snapshot = fixtureInventories().get('attic')!.snapshot;
const fieldsWrong = (change: Partial<AddressedDraft>): string[] =>
  findIssues(toSpec({ ...draftFromSpec(spec, { ipv4: { address: '192.168.150.1', prefix: 24 }, ipv6 }, true), ...change }), spec, { snapshot, used, uuid: null }).filter((issue) => issue.severity === 'error').map((issue) => issue.path);

describe('findIssues', () => {
  it('has nothing against a proposal', () => {
    expect(fieldsWrong({})).toEqual([]);
  });

  it('says a taken subnet at the subnet, a misplaced host at its own field', () => {
    expect(fieldsWrong({ subnet: '192.168.122.0/24', address: '192.168.122.1', ranges: [], dhcp: false })).toEqual(['ipv4.subnet']);
    expect(fieldsWrong({ address: '10.20.31.255' })).toContain('ipv4.address');
  });

  it('finds a clash although another field is half-typed', () => {
    expect(fieldsWrong({ mtu: '15x', name: 'default' })).toEqual(['name']);
    expect(fieldsWrong({ leases: [{ ...emptyLease(), mac: '52:54' }], ranges: [{ key: 1, start: '10.20.31.100', end: '10.20.31.9' }] })).toEqual(['ipv4.dhcp.ranges.0.end']);
  });

  it('says nothing about what stands in for a half-typed part', () => {
    expect(fieldsWrong({ leases: [{ ...emptyLease(), mac: '52:54' }], ranges: [] })).toEqual([]);
    expect(fieldsWrong({ subnet: '10.20', ipv6: true, ipv6Address: 'fd' })).toEqual([]);
    expect(fieldsWrong({ records: [{ key: 1, ip: 'x', hostnames: '' }], forwarders: [{ key: 2, address: '9.9', domain: '' }] })).toEqual([]);
  });
});
