import { describe, expect, it } from 'vitest';
import { makeMachine, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import type { Machine } from '../machine';
import type { Command } from '../plan';
import { effectHolds } from './command-effect';
import { attachDevice, detachDevice, forceMachineOff, setLink, setRoleMarks, shutDownMachine, startMachine, updateDevice } from './machine-commands';

const nic = (mac: string, network = 'default', more = '<model type=\'virtio\'/>'): string => `<interface type='network'><mac address='${mac}'/><source network='${network}'/>${more}</interface>`;
const domain = (...nics: string[]): string => `<domain><devices>${nics.join('')}</devices></domain>`;
const [a, b] = ['52:54:00:00:00:01', '52:54:00:00:00:02'];
const machine = makeMachine('web', 'default', 'vnet0');
const { uuid } = machine;

function holds(command: Command, { running = domain(nic(a)), persistent = domain(nic(a)), more = {} }: { running?: string; persistent?: string; more?: Partial<Machine> } = {}): boolean | null {
  return effectHolds(command, { snapshot: makeSnapshot({ machines: [{ ...machine, ...more }] }), xmlOf: () => null, machineXmlOf: () => ({ running, persistent }) });
}

describe('what the host shows of a command for a machine', () => {
  it('whose reply was lost: NICs', () => {
    expect([holds(attachDevice(uuid, 'running', nic(a))), holds(attachDevice(uuid, 'running', nic(b)))]).toEqual([true, false]);
    expect(holds(attachDevice(uuid, 'definition', nic(b)), { persistent: domain(nic(a), nic(b)) })).toBe(true);
    expect([holds(detachDevice(uuid, 'running', nic(a))), holds(detachDevice(uuid, 'running', nic(b)))]).toEqual([false, true]);
    expect([holds(updateDevice(uuid, 'running', nic(a, 'other'))), holds(updateDevice(uuid, 'running', nic(a)))]).toEqual([false, true]);
    expect(holds(updateDevice(uuid, 'definition', nic(a, 'default', '<model type="e1000e"/>')))).toBe(false);
    expect([holds(setLink(uuid, 'running', a, true)), holds(setLink(uuid, 'definition', a, false)), holds(setLink(uuid, 'running', b, true))]).toEqual([true, false, false]);
  });

  it('whose reply was lost: a virtual function, of which the running machine says no network', () => {
    const running = domain(`<interface type='hostdev'><mac address='${b}'/><source><address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x0'/></source><model type='virtio'/></interface>`);
    expect([holds(attachDevice(uuid, 'running', nic(b, 'pool')), { running }), holds(attachDevice(uuid, 'running', nic(a, 'pool')), { running })]).toEqual([true, false]);
  });

  it('whose reply was lost: marks of labs, on each side that they were meant for', () => {
    const marks = [{ lab: 'home', role: 'web', nics: [{ network: 'a', mac: a, plugged: true }] }];
    const marked = `<domain><metadata><n:roles xmlns:n='urn:x-netwright:lab:1'><n:role lab='home' key='web'><n:nic network='a' mac='${a}' plugged='yes'/></n:role></n:roles></metadata></domain>`;
    const [one, both] = [setRoleMarks(uuid, ['definition'], marks), setRoleMarks(uuid, ['definition', 'running'], marks)];
    expect([holds(one, { persistent: marked }), holds(both, { persistent: marked }), holds(both, { persistent: marked, running: marked })]).toEqual([true, false, true]);
    expect([holds(setRoleMarks(uuid, ['definition'], []), { persistent: marked }), holds(setRoleMarks(uuid, ['definition'], []))]).toEqual([false, true]);
  });

  it('whose reply was lost: power', () => {
    const off = { more: { state: 'shut-off' as const } };
    expect([holds(startMachine(uuid)), holds(startMachine(uuid), off)]).toEqual([true, false]);
    expect([holds(forceMachineOff(uuid)), holds(forceMachineOff(uuid), off)]).toEqual([false, true]);
    expect([holds(shutDownMachine(uuid)), holds(shutDownMachine(uuid), off), holds(shutDownMachine(uuid), { more: { state: 'shutting-down' } })]).toEqual([false, true, true]);
    // A transient machine is gone once it is off.
    expect(holds(forceMachineOff('00000000-0000-4000-8000-ffffffffffff'))).toBe(true);
  });
});
