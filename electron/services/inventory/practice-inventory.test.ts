import { afterEach, describe, expect, it } from 'vitest';
import { defineNetwork, destroyNetwork, startNetwork } from '../../../shared/domain/planning/network-commands';
import { hostSnapshotSchema } from '../../../shared/domain/snapshot';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import type { CommandRunner } from '../../transport/command-runner';
import { createDefaultPracticeHost } from '../../transport/practice/default-host';
import { openPracticeRunner } from '../../transport/practice/open-practice-runner';
import { InventoryService } from './inventory-service';

const runners: CommandRunner[] = [];
afterEach(async () => { for (const runner of runners.splice(0)) await runner.close(); });

async function attachPractice() {
  const host = createDefaultPracticeHost({ latencyMs: 0 });
  const [ours, outside] = [openPracticeRunner(host), openPracticeRunner(host)];
  runners.push(ours, outside);
  const service = new InventoryService({ timing: { debounceMs: 1, settleMs: 5 } });
  await service.attach('practice', ours);
  const snapshot = (): HostSnapshot => service.get('practice')!.snapshot;
  const until = (is: (now: HostSnapshot) => boolean): Promise<void> => new Promise((resolve) => {
    const stop = service.onChanged(() => check());
    const check = (): void => {
      if (!is(snapshot())) return;
      stop();
      resolve();
    };
    check();
  });
  return { host, outside, service, snapshot, until };
}

describe('the practice host', () => {
  it('is read as a real one: no problems, and the contract holds', async () => {
    const { snapshot } = await attachPractice();
    hostSnapshotSchema.parse(snapshot());
    expect(snapshot().problems).toEqual([]);
    expect(snapshot().networks.length).toBeGreaterThan(2);
    expect(snapshot().networks.every((network) => !network.pendingRestart)).toBe(true);
    expect(snapshot().machines.length).toBeGreaterThan(0);
    expect(snapshot().interfaces.length).toBeGreaterThan(2);
    expect(snapshot().machines.some((machine) => machine.nics.some((nic) => nic.addresses.some((address) => address.source === 'lease')))).toBe(true);
  });

  it('tells on which port of which bridge a machine was heard, and no more when it is off', async () => {
    const { snapshot, until, outside } = await attachPractice();
    const git = () => snapshot().machines.find((machine) => machine.name === 'git')!;
    const { target } = git().nics[0]!;
    expect(git().nics[0]!.seenOn).toEqual({ port: target, bridge: git().nics[0]!.bridge });
    await outside.run({ argv: ['virsh', '-c', 'qemu:///system', 'destroy', 'git'] });
    await until(() => git().state === 'shut-off');
    expect(git().nics[0]!.seenOn).toBeNull();
  });

  it('asks the guest agent where no lease tells an address, after the first read', async () => {
    const { until, snapshot } = await attachPractice();
    await until((now) => now.machines.find((machine) => machine.name === 'homeassistant')!.nics[0]!.addresses.some(({ source }) => source === 'agent'));
    expect(snapshot().machines.find((machine) => machine.name === 'homeassistant')!.nics[0]!.addresses).toEqual([{ address: '192.168.1.132', source: 'agent', expiresAt: null }]);
    expect(snapshot().machines.find((machine) => machine.name === 'git')!.nics[0]!.addresses.map(({ source }) => source)).not.toContain('agent');
  });

  it('tells of what someone else does by events', async () => {
    const { outside, snapshot, until } = await attachPractice();
    const xml = '<network><name>made outside</name><forward mode=\'nat\'/><bridge name=\'virbr77\'/><ip address=\'10.77.77.1\' prefix=\'24\'/></network>';
    const is = (active: boolean) => (now: HostSnapshot): boolean => now.networks.find((network) => network.name === 'made outside')?.active === active;
    const defined = until(is(false));
    expect((await outside.run(defineNetwork('made outside', xml))).exitCode).toBe(0);
    await defined;
    const { uuid } = snapshot().networks.find((network) => network.name === 'made outside')!;
    const started = until((now) => is(true)(now) && now.interfaces.some((item) => item.name === 'virbr77'));
    expect((await outside.run(startNetwork(uuid))).exitCode).toBe(0);
    await started;
    const stopped = until((now) => is(false)(now) && !now.interfaces.some((item) => item.name === 'virbr77'));
    expect((await outside.run(destroyNetwork(uuid))).exitCode).toBe(0);
    await stopped;
  });

  it('leaves a stale snapshot when the connection is cut', async () => {
    const { host, service } = await attachPractice();
    host.cutConnections();
    expect(service.get('practice')).toMatchObject({ stale: true });
  });
});
