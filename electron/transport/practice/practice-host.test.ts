import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/fakes/manual-clock';
import { createDefaultPracticeHost } from './default-host';
import { openPracticeRunner } from './open-practice-runner';
import { PracticeHost } from './practice-host';

/** The contract suite holds its answers to the real host's; here is what only the practice host has. */
describe('PracticeHost', () => {
  const leasesOf = (host: PracticeHost): string[] => host.state.networks.flatMap((network) => network.leases.map((lease) => lease.address));

  it('gives a machine a lease a moment after it starts, by its clock', async () => {
    const clock = new ManualClock();
    const host = createDefaultPracticeHost({ clock, latencyMs: 0 });
    const runner = openPracticeRunner(host);
    clock.advance(10_000);
    const before = leasesOf(host);
    expect((await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'start', 'cameras'] })).exitCode).toBe(0);
    expect(leasesOf(host)).toEqual(before);
    clock.advance(10_000);
    expect(leasesOf(host)).toHaveLength(before.length + 1);
    host.dispose();
  });

  it('is the same after it was kept and read back', async () => {
    const host = createDefaultPracticeHost({ latencyMs: 0 });
    const runner = openPracticeRunner(host);
    await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'net-start', 'old-lab'] });
    const back = PracticeHost.fromJSON(JSON.parse(JSON.stringify(host)), { latencyMs: 0 });
    const list = { argv: ['virsh', '-c', 'qemu:///system', 'net-list', '--all'] };
    expect((await openPracticeRunner(back).run(list)).stdout).toBe((await runner.run(list)).stdout);
    expect(back.toJSON()).toEqual(host.toJSON());
    host.dispose();
    back.dispose();
  });

  it.each([null, 7, {}, { version: 2, networks: [], machines: [] }])('refuses %j as a kept state', (value) => {
    expect(() => PracticeHost.fromJSON(value)).toThrow('no kept state');
  });

  it('ends every connection when it is cut, and takes new ones', async () => {
    const host = createDefaultPracticeHost({ latencyMs: 0 });
    const runner = openPracticeRunner(host);
    const ends: unknown[] = [];
    runner.onClose((error) => ends.push(error));
    host.cutConnections();
    expect(ends).toEqual([expect.objectContaining({ code: 'ssh.closed' })]);
    await expect(runner.run({ argv: ['true'] })).rejects.toMatchObject({ code: 'ssh.closed' });
    expect((await openPracticeRunner(host).run({ argv: ['id', '-u'] })).exitCode).toBe(0);
    host.dispose();
  });
});
