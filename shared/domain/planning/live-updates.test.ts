import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { addressedSpecOf } from '../../../test/fakes/addressed-spec-arbitrary';
import { defaultUuid, defaultXml, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { addressedKinds } from '../network-kinds';
import type { AddressedSpec } from '../addressed-spec';
import { editsAddressedLive } from '../live-fields';
import { buildAddressedXml } from '../network-xml/build-addressed-xml';
import { editAddressedXml } from '../network-xml/edit-addressed-xml';
import { readAddressedSpec } from '../network-xml/read-addressed-spec';
import { withReservation } from '../with-reservation';
import { effectHolds } from './command-effect';
import { titleOfUpdate } from './live-update-words';
import { fitsRunning, holdsEntry, liveUpdates } from './live-updates';
import { updateNetwork } from './network-commands';

const network = (inner: string): string => `<network><name>n</name>${inner}</network>`;
const shown = (before: string, after: string): string[] | null => liveUpdates(before, after)?.map((item) => `${item.action} ${item.section}${item.ipIndex === null ? '' : ` ${item.ipIndex}`} ${item.xml}`) ?? null;

describe('liveUpdates', () => {
  it('says what net-update has to do, deletions first', () => {
    const before = network('<dns><host ip="10.0.0.7"><hostname>a</hostname></host><txt name="t" value="v"/></dns><ip address="10.0.0.1"><dhcp><range start="10.0.0.5" end="10.0.0.9"/><host mac="52:54:00:00:00:0A" ip="10.0.0.5"/></dhcp></ip><portgroup name="p"/>');
    const after = network(`<dns>
      <host ip='10.0.0.7'><hostname>a</hostname><hostname>b</hostname></host>
    </dns><ip address="10.0.0.1"><dhcp><host ip='10.0.0.6' mac='52:54:00:00:00:0a' name='web'/></dhcp></ip><portgroup default='yes' name='p'/>`);
    expect(shown(before, after)).toEqual([
      'delete dns-host <host ip=\'10.0.0.7\'><hostname>a</hostname></host>', 'delete dns-txt <txt name=\'t\' value=\'v\'/>', 'delete ip-dhcp-range 0 <range end=\'10.0.0.9\' start=\'10.0.0.5\'/>',
      'modify ip-dhcp-host 0 <host ip=\'10.0.0.6\' mac=\'52:54:00:00:00:0a\' name=\'web\'/>', 'modify portgroup <portgroup default=\'yes\' name=\'p\'/>',
      'add dns-host <host ip=\'10.0.0.7\'><hostname>a</hostname><hostname>b</hostname></host>',
    ]);
    expect(liveUpdates(before, after)?.map((item) => `${item.inverse.action} ${item.inverse.xml}`)[3]).toBe('modify <host ip=\'10.0.0.5\' mac=\'52:54:00:00:00:0A\'/>');
  });

  it('sees an interface of a pool, with the copy that libvirt makes of the first', () => {
    const pool = (attribute: string, ...devices: string[]): string => network(`<forward ${attribute} mode="passthrough">${devices.map((dev) => `<interface dev="${dev}" connections="1"/>`).join('')}</forward>`);
    expect(shown(pool('', 'eth1'), pool('dev="eth1"', 'eth1', 'eth2'))).toEqual(['add forward-interface <interface dev=\'eth2\'/>']);
  });

  it.each([
    ['an address', '<ip address="10.0.0.1"/>', '<ip address="10.0.0.2"/>'], ['an MTU', '', '<mtu size="1400"/>'], ['a forwarder', '<dns><forwarder addr="9.9.9.9"/></dns>', '<dns/>'],
    ['a boot file', '<ip address="10.0.0.1"><dhcp><range start="10.0.0.5" end="10.0.0.9"/></dhcp></ip>', '<ip address="10.0.0.1"><dhcp><range start="10.0.0.5" end="10.0.0.9"/><bootp file="x"/></dhcp></ip>'],
    ['two texts of one name', '', '<dns><txt name="t" value="a"/><txt name="t" value="b"/></dns>'],
  ])('leaves %s to a restart', (_, before, after) => {
    expect(liveUpdates(network(before), network(after))).toBeNull();
  });

  it('agrees with what a form says can be changed live, and its steps make the one of the other', () => {
    const pairs = fc.constantFrom(...addressedKinds).chain((kind) => fc.tuple(addressedSpecOf(kind), addressedSpecOf(kind)));
    fc.assert(fc.property(pairs, ([a, b]) => {
      const dhcp = a.ipv4?.dhcp ? { ...a.ipv4.dhcp, ...b.ipv4?.dhcp ? { ranges: b.ipv4.dhcp.ranges, hosts: b.ipv4.dhcp.hosts } : {} } : null;
      const wanted: AddressedSpec = { ...a, dnsHosts: b.dnsHosts, dnsTexts: b.dnsTexts, dnsServices: b.dnsServices, ipv4: a.ipv4 && { ...a.ipv4, dhcp } };
      const before = buildAddressedXml(defaultUuid, a);
      const after = editAddressedXml(before, wanted);
      const updates = liveUpdates(before, after);
      if (updates === null) return; // something there is twice
      expect(editsAddressedLive(a, wanted)).toBe(true);
      expect(fitsRunning(updates, before)).toBe(true);
      for (const item of updates) {
        expect(holdsEntry(after, item.section, item.xml)).toBe(item.action !== 'delete');
        expect(holdsEntry(before, item.section, item.inverse.xml)).toBe(item.inverse.action !== 'delete');
        expect(titleOfUpdate(item, 'lab')).toMatch(/^(Add|Change|Remove) the .* on lab$/);
      }
      expect(liveUpdates(after, before)).toHaveLength(updates.length);
    }), { numRuns: 20 });
    expect(editsAddressedLive(readAddressedSpec(defaultXml), { ...readAddressedSpec(defaultXml), mtu: 1400 })).toBe(false);
  });

  it('does not fit what runs where that has moved on', () => {
    const updates = liveUpdates(defaultXml, editAddressedXml(defaultXml, withReservation(readAddressedSpec(defaultXml), { mac: '52:54:00:00:00:01', ip: '192.168.122.7', name: null }))) ?? [];
    expect(updates).toHaveLength(1);
    expect(fitsRunning(updates, defaultXml)).toBe(true);
    expect(fitsRunning(updates, defaultXml.replace('</dhcp>', '<host mac="52:54:00:00:00:01" ip="192.168.122.7"/></dhcp>'))).toBe(false);
  });

  it('is known by its effect: in both documents, or not at all', () => {
    const entry = '<host mac=\'52:54:00:00:00:01\' ip=\'192.168.122.7\'/>';
    const command = updateNetwork('default', { action: 'add', section: 'ip-dhcp-host', ipIndex: null, xml: entry }, ['--live', '--config']);
    const withHost = defaultXml.replace('</dhcp>', `${entry}</dhcp>`);
    const holds = (running: string | null, persistent: string): boolean | null =>
      effectHolds(command, { snapshot: makeSnapshot({ networks: [makeNetwork(persistent, { active: running !== null })] }), xmlOf: () => ({ running, persistent }), machineXmlOf: () => null });
    expect([holds(withHost, withHost), holds(defaultXml, withHost), holds(withHost, defaultXml), holds(null, withHost)]).toEqual([true, false, false, true]);
    expect(command.argv.slice(3)).toEqual(['net-update', 'default', 'add', 'ip-dhcp-host', '--xml', entry, '--live', '--config']);
  });
});

describe('withReservation', () => {
  const spec = readAddressedSpec(defaultXml);
  const hosts = (of: AddressedSpec): string[] => (of.ipv4?.dhcp?.hosts ?? []).map((host) => `${host.mac} ${host.ip} ${host.name}`);

  it('adds one, and moves the one a MAC has, with its name', () => {
    const one = withReservation(spec, { mac: '52:54:00:00:00:0A', ip: '192.168.122.7', name: 'web' });
    expect(hosts(one)).toEqual(['52:54:00:00:00:0a 192.168.122.7 web']);
    expect(hosts(withReservation(one, { mac: '52:54:00:00:00:0a', ip: '192.168.122.8', name: null }))).toEqual(['52:54:00:00:00:0a 192.168.122.8 web']);
  });

  it('refuses what is someone else\'s, and a network without DHCP', () => {
    const one = withReservation(spec, { mac: '52:54:00:00:00:0a', ip: '192.168.122.7', name: 'web' });
    expect(() => withReservation(one, { mac: '52:54:00:00:00:0b', ip: '192.168.122.7', name: null })).toThrow(/reserved for web already/);
    expect(() => withReservation(one, { mac: '52:54:00:00:00:0b', ip: '192.168.122.9', name: 'WEB' })).toThrow(/“WEB” is the name of 52:54:00:00:00:0a/);
    expect(() => withReservation({ ...spec, ipv4: null }, { mac: '52:54:00:00:00:0b', ip: '192.168.122.9', name: null })).toThrow(/hands out no IPv4/);
  });
});
