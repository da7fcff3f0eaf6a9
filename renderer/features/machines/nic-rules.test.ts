import { describe, expect, it } from 'vitest';
import { atticSnapshot } from '../../testing/fixtures/attic-host';
import { oddMachineUuids, oddMachines } from '../../testing/fixtures/odd-machines';
import { describeRate } from '../../ui/describe-rate';
import { draftDifferences, mergeDrafts } from './merge-draft';
import { draftOfNic, formRefusal, newNicDraft, normalizeMac, specOfNic, toNicSpec } from './nic-draft';
import type { NicDraft } from './nic-draft';
import { describePending, extentChoices, possibleExtents, usualExtent } from './nic-extent';
import { inMegabits, pendingFacts } from './nic-facts';
import { freeMac, macShapeProblem, macsElsewhere } from './nic-mac';
import { bridgePlaces, directPlaces, networkPlaces } from './nic-places';
import { isUnchanged, whatHappens } from './what-happens';

const snapshot = atticSnapshot();
const machineOf = (name: string) => snapshot.machines.find((machine) => machine.name === name)!;
const web1 = machineOf('web1');
const odd = (uuid: string) => oddMachines().find((machine) => machine.uuid === uuid)!;
const draft = (change: Partial<NicDraft> = {}): NicDraft => ({ ...newNicDraft('default', '52:54:00:00:00:99', 'both'), ...change });
const messages = (change: Partial<NicDraft>): string[] => toNicSpec(draft(change), false).issues.map((issue) => `${issue.path}: ${issue.message}`);

describe('a MAC address', () => {
  it('is taken in the spellings people have, and written in libvirt’s', () => {
    expect(['52-54-00-AA-BB-CC', '5254.00aa.bbcc', ' 52:54:00:aa:bb:cc '].map(normalizeMac)).toEqual(Array(3).fill('52:54:00:aa:bb:cc'));
    expect(normalizeMac('52:54-00aa.bbcc')).toBe('52:54-00aa.bbcc');
  });

  it('is said to be none, or one that libvirt refuses', () => {
    expect(macShapeProblem('')).toBe('A MAC address is needed.');
    expect(macShapeProblem(' 52:54:00:12:34')).toBe('“52:54:00:12:34” is not a MAC address. Write six pairs, like 52:54:00:12:34:56.');
    expect(macShapeProblem('fe:54:00:12:34:56')).toContain('host’s end of a cable');
    expect(macShapeProblem('52-54-00-12-34-56')).toBeNull();
  });

  it('is known from other hosts, with that of the next boot, and proposed free', () => {
    const mover = odd(oddMachineUuids.mover);
    const later = { ...mover, nics: mover.nics.map((nic) => ({ ...nic, next: { ...nic.next!, mac: '52:54:00:0d:d0:fe' } })) };
    expect(macsElsewhere([{ name: 'basement', snapshot: { machines: [later] } }])).toEqual([
      { mac: '52:54:00:0d:d0:02', machine: 'mover', host: 'basement' }, { mac: '52:54:00:0d:d0:fe', machine: 'mover', host: 'basement' },
    ]);
    expect(freeMac(snapshot, [])).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
  });
});

describe('a NIC as typed', () => {
  it('reads each kind of place', () => {
    expect(toNicSpec(draft({ portgroup: 'cameras', network: 'ovs-trunk' }), false).spec?.source).toEqual({ kind: 'network', network: 'ovs-trunk', portgroup: 'cameras' });
    expect(toNicSpec(draft({ source: 'bridge', bridge: 'ovs0' }), true).spec?.source).toEqual({ kind: 'bridge', bridge: 'ovs0', isOvs: true });
    expect(toNicSpec(draft({ source: 'direct', device: 'enp4s0', mode: 'vepa' }), false).spec?.source).toEqual({ kind: 'direct', device: 'enp4s0', mode: 'vepa' });
    expect(messages({ network: '' })).toEqual(['network: Choose a network.']);
    expect(messages({ source: 'direct' })).toEqual(['device: Choose a device.']);
  });

  it('has limits that make sense', () => {
    const inbound = { average: '1000', peak: '', burst: '' };
    expect(toNicSpec(draft({ inbound }), false).spec?.bandwidth).toEqual({ inbound: { averageKBps: 1000, peakKBps: null, burstKiB: null }, outbound: null });
    expect(messages({ inbound: { ...inbound, average: '0' } })[0]).toContain('inbound.average: A whole number of KiB');
    expect(messages({ inbound: { ...inbound, average: '1.5' } })[0]).toContain('inbound.average');
    expect(messages({ outbound: { average: '', peak: '20', burst: '' } })).toEqual(['outbound.average: Peak and burst need an average beside them.']);
    expect(messages({ inbound: { ...inbound, peak: '10' } })).toEqual(['inbound.peak: The peak is below the average of 1000 kB/s.']);
    expect([inMegabits('10000'), inMegabits('128'), inMegabits('x'), inMegabits('')]).toEqual(['80 Mbit/s', '1.0 Mbit/s', null, null]);
    expect(describeRate({ averageKBps: 10_000, peakKBps: 20_000, burstKiB: 512 })).toBe('10,000 kB/s, peak 20,000, burst 512 KiB');
  });

  it('comes back as the NIC it was made from, and knows when it changes nothing', () => {
    for (const machine of [...snapshot.machines, ...oddMachines()]) {
      for (const nic of machine.nics) {
        if (formRefusal(nic) !== null) continue;
        const { spec, issues } = toNicSpec(draftOfNic(nic, 'both'), nic.isOvs);
        expect(issues).toEqual([]);
        expect(isUnchanged(nic, spec!)).toBe(true);
        expect(isUnchanged(nic, { ...spec!, linkUp: !spec!.linkUp })).toBe(false);
      }
    }
  });

  it('has no form for what a form can’t show', () => {
    const [vf] = odd(oddMachineUuids.passed).nics;
    expect(formRefusal(vf!)).toContain('hostdev');
    expect(specOfNic(vf!)).toBeNull();
  });
});

describe('how long a change holds', () => {
  it('depends on what the machine is', () => {
    expect(possibleExtents(web1, null)).toEqual(['both', 'running', 'definition']);
    expect(possibleExtents(machineOf('builder'), null)).toContain('both');
    expect(possibleExtents(machineOf('win11'), null)).toEqual(['definition']);
    expect(possibleExtents(odd(oddMachineUuids.wreck), null)).toEqual(['definition']);
    expect(possibleExtents(odd(oddMachineUuids.guest), null)).toEqual(['running']);
    const [removed] = odd(oddMachineUuids.leaving).nics;
    expect(usualExtent(odd(oddMachineUuids.leaving), removed!)).toBe('running');
    const added = odd(oddMachineUuids.firewall).nics.find((nic) => nic.pending === 'added')!;
    expect(possibleExtents(odd(oddMachineUuids.firewall), added)).toEqual(['definition']);
  });

  it('is said for the machine at hand', () => {
    expect(extentChoices(machineOf('win11'), null)[0]!.hint).toBe('win11 is off, so there is only its definition to change; its next start uses it.');
    expect(extentChoices(odd(oddMachineUuids.guest), null)[0]!.hint).toContain('transient');
  });

  it('is marked where the next boot differs', () => {
    const pending = oddMachines().flatMap((machine) => machine.nics.flatMap((nic) => describePending(nic) ?? []));
    expect(pending).toEqual(['from next boot', 'next boot: lab-dmz', 'until next boot']);
    expect(pendingFacts(odd(oddMachineUuids.mover).nics[0]!)).toEqual(['After the next boot: plugged into lab-dmz, model e1000e.']);
  });
});

describe('places to plug into', () => {
  it('are networks, active ones first, with kind and subnet', () => {
    expect(networkPlaces(snapshot).map((place) => `${place.network.name}: ${place.detail}`)).toEqual([
      'default: NAT · 192.168.122.0/24', 'lab-dmz: NAT · 10.20.30.0/24', 'lan: Bridged · br0', 'ovs-trunk: Open vSwitch · ovs0', 'sandbox-net: Isolated · 10.66.0.0/24', 'storage: macvtap · enp3s0 · inactive',
    ]);
  });

  it('are the host’s own bridges and free devices, not libvirt’s bridges nor ports', () => {
    expect(bridgePlaces(snapshot).map((place) => place.name)).toEqual(['br0', 'docker0', 'br-7f2a91c0d4e1', 'ovs0']);
    expect(directPlaces(snapshot).map((place) => place.name)).toEqual(['enp4s0', 'eno1.40']);
  });
});

describe('what happens', () => {
  const spec = toNicSpec(draftOfNic(web1.nics[0]!, 'both'), false).spec!;
  const happens = (change: Partial<typeof spec>, extent: NicDraft['extent'] = 'both'): string => whatHappens(web1, web1.nics[0]!, { ...spec, ...change }, extent, snapshot).join(' ');

  it('of a new NIC: seen at once, or at the next start, with where its address comes from', () => {
    expect(whatHappens(web1, null, spec, 'both', snapshot)[0]).toContain('at once');
    expect(whatHappens(machineOf('win11'), null, spec, 'definition', snapshot)[0]).toBe('The next start of win11 finds one more NIC. DHCP on default gives it an address of 192.168.122.0/24.');
    expect(whatHappens(web1, null, { ...spec, source: { kind: 'network', network: 'lan', portgroup: null } }, 'both', snapshot)[0]).toContain('whatever serves that LAN');
    expect(whatHappens(web1, null, { ...spec, mac: '52:54:00:dd:00:10', source: { kind: 'network', network: 'lab-dmz', portgroup: null } }, 'both', snapshot)).toContain('10.20.30.10 is reserved for this MAC there.');
  });

  it('of a change: the cable is moved, or the NIC is another', () => {
    const dmz = { kind: 'network', network: 'lab-dmz', portgroup: null } as const;
    expect(happens({ source: dmz })).toContain('moved while web1 runs');
    expect(happens({ source: { kind: 'network', network: 'ovs-trunk', portgroup: 'guests' } })).toContain('unplugged and plugged in again');
    expect(happens({ source: dmz }, 'definition')).not.toContain('while web1 runs');
    expect(happens({ model: 'e1000e' })).toContain('pulled out');
    expect(happens({ mac: '52:54:00:12:34:56' })).toContain('Leases and reserved addresses go by the MAC');
    expect(happens({ linkUp: false })).toBe('The guest sees the cable pulled; the NIC and its settings stay.');
  });
});

describe('a NIC that was changed on the host meanwhile', () => {
  const base = draft();
  const theirs = draft({ network: 'lab-dmz', linkUp: false });

  it('is told by its parts, and merged part by part', () => {
    expect(draftDifferences(base, theirs)).toEqual(['where it is plugged in', 'its link']);
    expect(mergeDrafts(base, draft({ mac: '52:54:00:12:34:56', extent: 'running' }), theirs)).toMatchObject({ network: 'lab-dmz', linkUp: false, mac: '52:54:00:12:34:56', extent: 'running' });
    expect(mergeDrafts(base, draft({ network: 'lan' }), theirs)).toMatchObject({ network: 'lan', linkUp: false });
  });
});
