import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbePlan } from '../../../shared/domain/labs/connectivity/probe-plan';
import { transcript } from '../../../test/fixtures/read-transcript';
import { explainProbe, parseProbeResults, probeArgv, probeNetworksCommand } from './probe-networks';

const recorded = (name: string) => transcript(`probes-debian-12/${name}`);
const parsed = (name: string) => {
  const { probes, tries, removedLeftovers } = parseProbeResults(recorded(name).stdout);
  return { probes: Object.fromEntries(probes), tries: Object.fromEntries([...tries].map(([n, { tcp, ping }]) => [n, [Object.fromEntries(tcp), ping]])), removedLeftovers };
};
const command = { argv: [...probeArgv] };

describe('what a connectivity test says', () => {
  it('of probes that were plugged in, and whom they reached', () => {
    expect(recorded('reached').argv).toEqual(probeArgv);
    expect(parsed('reached')).toEqual({
      probes: {
        0: { state: 'up', address: '192.168.122.254' }, 1: { state: 'up', address: '192.168.122.252' }, 2: { state: 'up', address: '198.18.0.3' }, 3: { state: 'up', address: '198.18.0.4' },
        4: { state: 'untagged', why: 'Error: Unknown device type' },
      },
      tries: {
        0: [{ 47077: 'open' }, true], 1: [{ 47077: 'open' }, true], 2: [{ 47077: 'unreachable' }, false], 3: [{ 53: 'open', 81: 'refused' }, true], 4: [{ 47077: 'open' }, true], 6: [{ 53: 'unreachable' }, false],
      },
      removedLeftovers: 0,
    });
  });

  it('of what is not there, or somebody\'s', () => {
    expect(parsed('not-there').probes).toEqual({ 0: { state: 'failed', why: 'Error: argument "br-none" is wrong: Device does not exist' }, 1: { state: 'failed', why: 'ovs-vsctl.real: no bridge named ovs-none' } });
    expect(parsed('taken').probes).toEqual({ 0: { state: 'taken' }, 1: { state: 'up', address: '192.168.122.253' } });
  });

  it('of an earlier one that was killed, another one, and a missing tool', () => {
    expect(parsed('leftovers')).toEqual({ probes: {}, tries: {}, removedLeftovers: 1 });
    expect(() => parsed('no-dnsmasq')).toThrow('There is no dnsmasq on this host.');
    expect(() => parseProbeResults('busy 4711\n')).toThrow('Another test is running');
  });

  it('when it was cut off, or there is no bash', () => {
    expect(explainProbe(recorded('cut-off'), command)).toMatchObject({ code: 'command.failed', data: { detail: expect.stringMatching(/^It took longer than it may/) as unknown } });
    expect(explainProbe({ exitCode: null, stdout: '', stderr: '' }, command)?.data.detail).toBe('Its script ended with a signal.');
    expect(explainProbe({ exitCode: 127, stdout: '', stderr: 'sh: bash: not found' }, command)).toMatchObject({ code: 'command.not-found' });
    expect(explainProbe(recorded('reached'), command)).toBeNull();
  });

  it('is not read over where it says something else', () => {
    for (const text of ['', 'done', 'probe 0 up 10.1.1.1\n', 'done\ndone\n', 'probe 0 up x\ndone\n', 'probe 0 taken more\ndone\n', 'probe x taken\ndone\n', 'probe 0 taken\nprobe 0 taken\ndone\n', 'tried 0 47077=maybe yes\ndone\n',
      'tried 0 47077 yes\ndone\n', 'tried 0 47077=open perhaps\ndone\n', 'tried 0 47077=open\ndone\n', 'hello\ndone\n', 'removed x\ndone\n', 'probe 0 lost\ndone\n', 'waited 0 maybe\ndone\n', 'waited 0 yes\nwaited 0 yes\ndone\n']) {
      expect(() => parseProbeResults(text), JSON.stringify(text)).toThrow(expect.objectContaining({ code: 'reply.unreadable' }));
    }
    expect(parseProbeResults('tried 0 53=open -\ndone\n').tries.get(0)?.ping).toBeNull();
    expect([...parseProbeResults('waited 0 yes\nwaited 1 no\ndone\n').waits]).toEqual([[0, true], [1, false]]);
  });
});

describe('the command', () => {
  const plan: ProbePlan = {
    probes: [{ n: 0, role: 'first', kind: 'ovs', device: 'ovs0', mtu: 1500, wireAddress: '198.18.0.1', addresses: ['10.1.1.254', '10.1.1.252'], prefix: 24, gateway: '10.1.1.1', routes: [{ subnet: '10.1.2.0/24', via: '10.1.1.9' }, { subnet: '10.1.3.0/24', via: '10.1.1.9' }], tag: 20, options: ['vlan_mode=native-untagged', 'tag=10', 'trunks=10,20'] },
      { n: 1, role: 'control', kind: 'linux', device: 'br-1', mtu: 9000, wireAddress: '198.18.0.2', addresses: [], prefix: null, gateway: null, routes: [], tag: null, options: [] }],
    waits: [{ n: 0, from: 0, address: '10.1.1.9', port: 53, seconds: 25 }, { n: 1, from: 0, address: '10.1.1.10', port: null, seconds: 90 }],
    tries: [{ n: 0, from: 0, to: { probe: 1, wire: true }, ports: [47077] }, { n: 1, from: 'host', to: { address: '10.0.0.1' }, ports: [53, 80] }, { n: 2, from: 1, to: { probe: 0, wire: false }, ports: [47077] }],
    settleSeconds: 9, limitSeconds: 60,
  };

  it('carries the plan behind the script', () => {
    const { argv, stdin } = probeNetworksCommand(plan);
    expect(argv).toEqual(['bash', '-s', 'netwright-probe']);
    expect(stdin?.text.split('\nmain <<')[1]).toBe(`'NETWRIGHT_PLAN'
limit 60
settle 9
probe 0 ovs ovs0 1500 198.18.0.1 10.1.1.254,10.1.1.252 24 10.1.1.1 20 vlan_mode=native-untagged;tag=10;trunks=10,20 10.1.2.0/24=10.1.1.9;10.1.3.0/24=10.1.1.9
probe 1 linux br-1 9000 198.18.0.2 - - - - - -
wait 0 0 10.1.1.9 53 25
wait 1 0 10.1.1.10 - 90
try 0 0 ~1 47077
try 1 host 10.0.0.1 53,80
try 2 1 @0 47077
NETWRIGHT_PLAN
`);
  });

  it('takes no name that a shell would read as more than a word', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 15 }).filter((text) => !/^[A-Za-z0-9][A-Za-z0-9._,=:/-]*$/.test(text)), (device) => {
      expect(() => probeNetworksCommand({ ...plan, probes: [{ ...plan.probes[0]!, device }] })).toThrow('is no name or address that a test can use');
    }));
  });
});
