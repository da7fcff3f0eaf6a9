import { describe, expect, it, vi } from 'vitest';
import type { CommandResult } from '../../transport/command-runner';
import { checkBridgeUp } from './checks/bridge-checks';
import { checkForwardRules } from './checks/forward-rules-check';
import { checkNatRules } from './checks/nat-rules-check';
import { checkNetworkActive, checkNetworkAutostart } from './checks/network-checks';
import type { PlanInventory } from './observe-host';
import { SharedLook } from './shared-look';
import { makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';

const result = (stdout: string, exitCode = 0): CommandResult => ({ stdout, stderr: '', exitCode, durationMs: 1 });
const network = makeNetwork('<network><name>lab</name><uuid>u1</uuid><bridge name="virbr1"/></network>');

function setUp() {
  const gather = vi.fn(async (sections: readonly { name: string; command: { argv?: readonly string[] } }[]) =>
    new Map(sections.map(({ name, command }) => [name, result(command.argv?.[0] === 'ip' ? '[{"flags":["UP"]}]' : '-A x -s 10.1.0.0/24 -j MASQUERADE')])));
  const refreshItems = vi.fn(async () => undefined);
  const inventory = {
    get: () => ({ snapshot: makeSnapshot({ networks: [network] }), stale: false }), refreshItems,
    xml: async () => ({ running: null, persistent: '<network/>' }), runner: () => ({ gather }),
  } as unknown as PlanInventory;
  return { gather, refreshItems, look: new SharedLook(inventory, 'h', { networks: ['u1'], machines: [] }) };
}

describe('one look for many checks', () => {
  it('asks in one round trip for each right, the same question once', async () => {
    const { gather, look } = setUp();
    const verdicts = await Promise.all([
      checkBridgeUp({ kind: 'bridge-up', bridge: 'virbr1', address: null, prefix: 24 }, look),
      checkBridgeUp({ kind: 'bridge-up', bridge: 'virbr2', address: null, prefix: 24 }, look),
      checkNatRules({ kind: 'nat-rules', subnet: '10.1.0.0/24', bridge: 'virbr1', present: true }, look),
      checkNatRules({ kind: 'nat-rules', subnet: '10.2.0.0/24', bridge: 'virbr1', present: false }, look),
      checkForwardRules({ kind: 'forward-rules', mode: 'open', bridge: 'virbr1', subnet: '10.1.0.0/24' }, look),
    ]);
    expect(verdicts.map(({ state }) => state)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed']);
    const asked = gather.mock.calls.map(([sections]) => sections.map(({ command }) => command.argv?.join(' ')));
    expect(asked).toEqual([
      ['ip -j addr show dev virbr1', 'ip -j addr show dev virbr2'],
      ['iptables-save -t nat', 'nft list table ip libvirt_network', 'iptables-save -t filter'],
    ]);
  });

  it('rereads what the plan touched once, and keeps what it saw', async () => {
    const { refreshItems, look } = setUp();
    expect(look.observed).toBeNull();
    const verdicts = await Promise.all([
      checkNetworkActive({ kind: 'network-active', uuid: 'u1', active: true }, look), checkNetworkAutostart({ kind: 'network-autostart', uuid: 'u1', autostart: true }, look),
    ]);
    expect(verdicts.map(({ state }) => state)).toEqual(['passed', 'passed']);
    expect(refreshItems.mock.calls).toEqual([['h', { networks: ['u1'], machines: [] }]]);
    expect(look.observed?.xmlOf('u1')).toEqual({ running: null, persistent: '<network/>' });
  });

  it('tells everybody who asked when the session ends', async () => {
    const { gather, look } = setUp();
    gather.mockRejectedValue(new Error('closed'));
    const ends = await Promise.allSettled([look.runner.run({ argv: ['ss'] }), look.runner.run({ argv: ['ip'] })]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
