import type { MachineState } from './machine';

/** On in the sense that its running NICs can be changed: there is a process of the hypervisor. */
export function isOn(machine: { state: MachineState }): boolean {
  return machine.state !== 'shut-off' && machine.state !== 'crashed';
}
