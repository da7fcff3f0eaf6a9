import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPracticeCli } from '../../test/fakes/practice-cli';
import type { PracticeCli } from '../../test/fakes/practice-cli';
import { parseInvocation } from './arguments';
import { attachNic, limitNic } from './commands/machine';
import { exitCode } from './exit-code';

/** The commands about machines' NICs as they are typed, on a practice host of their own. */
let context: PracticeCli['context'];
let host: PracticeCli['host'];
let close: PracticeCli['close'];
beforeEach(async () => { ({ context, host, close } = await openPracticeCli()); });
afterEach(() => close());

/** Types `netwright …`. */
async function type(...words: string[]): Promise<number> {
  const invocation = parseInvocation(words);
  switch (invocation.command) {
    case 'attach': return attachNic(context, host, invocation.machine, invocation.options);
    case 'limit': return limitNic(context, host, invocation.machine, invocation.mac, invocation.options);
    default: throw new Error(`${invocation.command} is not tried here`);
  }
}
const mac = '52:54:00:aa:bb:01';
const nic = (machine: string) => context.core.inventory.get(host.id)!.snapshot.machines.find(({ name }) => name === machine)!.nics.find((item) => item.mac === mac)!;
const rate = (averageKBps: number, peakKBps: number | null = null, burstKiB: number | null = null) => ({ averageKBps, peakKBps, burstKiB });

it('limit a NIC from the start, change one side while it runs, and take it away', async () => {
  await context.connect(host.id);
  const machine = context.core.inventory.get(host.id)!.snapshot.machines.find(({ state }) => state === 'running')!.name;
  expect(await type('attach', 'practice', machine, '--network', 'default', '--mac', mac, '--inbound', '512,1024,64', '--outbound', '100', '--yes')).toBe(exitCode.ok);
  expect(nic(machine)).toMatchObject({ pending: null, bandwidth: { inbound: rate(512, 1024, 64), outbound: rate(100) } });
  expect(await type('limit', 'practice', machine, mac, '--inbound', '256', '--yes')).toBe(exitCode.ok);
  expect(nic(machine)).toMatchObject({ pending: null, bandwidth: { inbound: rate(256), outbound: rate(100) } });
  expect(await type('limit', 'practice', machine, mac, '--inbound', 'none', '--outbound', 'none', '--yes')).toBe(exitCode.ok);
  expect(nic(machine).bandwidth).toEqual({ inbound: null, outbound: null });
  await expect(type('limit', 'practice', machine, mac, '--inbound', '0', '--yes')).rejects.toThrow('--inbound: At least 1');
  await expect(type('limit', 'practice', machine, mac, '--inbound', 'fast', '--yes')).rejects.toThrow('--inbound takes AVERAGE');
});
