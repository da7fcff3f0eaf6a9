import { afterEach, vi } from 'vitest';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { recordedHost } from './recorded-host';
import type { ScriptedRunner } from './scripted-runner';
import { transcript } from '../fixtures/read-transcript';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import type { InventoryChange } from '../../electron/services/inventory/inventory-service';

/** The leases that were recorded have long ended by the time of a later run. */
export const now = Number(transcript('debian-12/clock').stdout.split(' ')[0]) * 1000;
const services: [InventoryService, string][] = [];
afterEach(() => {
  for (const [service, hostId] of services.splice(0)) service.forget(hostId);
  vi.useRealTimers();
});

/** A service that has read the recorded host, on a clock that only the test moves. */
export async function attached(prepare: (runner: ScriptedRunner) => void = () => undefined) {
  vi.useFakeTimers({ now });
  const runner = recordedHost();
  prepare(runner);
  const service = new InventoryService();
  const changes: InventoryChange[] = [];
  service.onChanged((change) => changes.push(change));
  services.push([service, 'h']);
  await service.attach('h', runner);
  const snapshot = (): HostSnapshot => service.get('h')!.snapshot;
  const network = (name: string): HostSnapshot['networks'][number] | undefined => snapshot().networks.find((item) => item.name === name);
  const machine = (name: string): HostSnapshot['machines'][number] | undefined => snapshot().machines.find((item) => item.name === name);
  /** Past the read that makes good what happened before events were followed. */
  const settle = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(2000);
    runner.log.length = 0;
    changes.length = 0;
  };
  const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  return { runner, service, changes, snapshot, network, machine, settle, wait };
}

export const machineUuid = (name: string): string => /<uuid>(.*?)<\/uuid>/.exec(transcript(`virsh-9.0.0/dumpxml-${name}`).stdout)![1]!;

