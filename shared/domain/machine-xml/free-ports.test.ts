import { expect, it } from 'vitest';
import { freePorts } from './free-ports';

const port = (index: number): string => `<controller type='pci' index='${index}' model='pcie-root-port'><address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x${index}'/></controller>`;
const nic = (mac: string, bus: string): string => `<interface type='network'><mac address='${mac}'/><address type='pci' domain='0x0000' bus='${bus}' slot='0x00' function='0x0'/></interface>`;
const q35 = (...devices: string[]): string => `<domain><devices><controller type='pci' index='0' model='pcie-root'/>${devices.join('')}</devices></domain>`;

it('counts the root ports that nothing sits on', () => {
  expect(freePorts(q35(port(1), port(2), port(0x10), nic('52:54:00:00:00:0A', '0x01')))).toBe(2);
  expect(freePorts(q35(port(1), port(0x10), nic('52:54:00:00:00:0A', '0x10')))).toBe(1);
  expect(freePorts(q35(port(1), nic('52:54:00:00:00:0A', '0x01')))).toBe(0);
  expect(freePorts(q35(port(1), nic('52:54:00:00:00:0A', '0x01')), ['52:54:00:00:00:0a'])).toBe(1);
});

it('doesn\'t count where there are slots for all', () => {
  expect(freePorts('<domain><devices><controller type="pci" index="0" model="pci-root"/></devices></domain>')).toBeNull();
  expect(freePorts('<domain/>')).toBeNull();
});
