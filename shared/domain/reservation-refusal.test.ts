import { describe, expect, it } from 'vitest';
import type { Network } from './network';
import { parseNetwork } from './network-xml/parse-network';
import { isReserved, reservationRefusal } from './reservation-refusal';
import type { Reservable } from './reservation-refusal';

function network(inside: string, more: Partial<Network> = {}): Network {
  return { ...parseNetwork(`<network><name>lab</name>${inside}</network>`), uuid: 'u', active: true, autostart: true, persistent: true, leases: [], pendingRestart: false, ...more };
}
const served = (hosts = ''): string => `<forward mode='nat'/><ip address='10.1.2.1' prefix='24'><dhcp><range start='10.1.2.2' end='10.1.2.99'/>${hosts}</dhcp></ip>`;
const lease: Reservable = { mac: '52:54:00:00:00:0a', address: '10.1.2.7', family: 'ipv4', hostname: 'web' };

describe('whether an address can be reserved', () => {
  it('can where libvirt hands it out, also outside of the range', () => {
    expect(reservationRefusal(network(served()), lease)).toBeNull();
    expect(reservationRefusal(network(served()), { ...lease, address: '10.1.2.200', hostname: 'no host name' })).toBeNull();
    expect(reservationRefusal(network(served("<host mac='52:54:00:00:00:0b' name='mail' ip='10.1.2.8'/>")), lease)).toBeNull();
  });

  it('can’t where addresses are not libvirt’s, or not kept', () => {
    expect(reservationRefusal(network("<forward mode='bridge'/><bridge name='br0'/>"), lease)).toMatch(/is bridged: .* in the router there/);
    expect(reservationRefusal(network("<forward mode='bridge'/><bridge name='ovs0'/><virtualport type='openvswitch'/>"), lease)).toMatch(/is Open vSwitch/);
    expect(reservationRefusal(network(served(), { persistent: false }), lease)).toMatch(/no definition/);
    expect(reservationRefusal(network("<ip address='10.1.2.1' prefix='24'/>"), lease)).toMatch(/turn its DHCP on first/);
    expect(reservationRefusal(network(served()), { ...lease, address: '10.1.3.7' })).toMatch(/10\.1\.3\.7 is outside of 10\.1\.2\.0\/24/);
    expect(reservationRefusal(network(served()), { ...lease, address: 'fd00::7', family: 'ipv6' })).toMatch(/Only IPv4/);
  });

  it('can’t where the MAC, the address or the name is reserved already', () => {
    const reserved = (host: string): string | null => reservationRefusal(network(served(host)), lease);
    expect(reserved("<host mac='52:54:00:00:00:0A' ip='10.1.2.7'/>")).toBe('This machine always gets this address.');
    expect(reserved("<host mac='52:54:00:00:00:0A' ip='10.1.2.9'/>")).toMatch(/has 10\.1\.2\.9 reserved already/);
    expect(reserved("<host mac='52:54:00:00:00:0b' name='mail' ip='10.1.2.7'/>")).toBe('10.1.2.7 is reserved for mail already.');
    expect(reserved("<host mac='52:54:00:00:00:0b' name='WEB' ip='10.1.2.9'/>")).toBe('The name “web” is reserved for 52:54:00:00:00:0b already.');
    expect(isReserved(network(served("<host mac='52:54:00:00:00:0A' ip='10.1.2.7'/>")), lease)).toBe(true);
  });
});
