import { describe, expect, it } from 'vitest';
import { newHostProfile } from '../../../shared/domain/host';
import type { HostProfile, SshProfile } from '../../../shared/domain/host';
import { atticSnapshot } from '../../testing/fixtures/attic-host';
import { buildMachine, buildNic } from '../../testing/fixtures/builders';
import { jumpCommand, networksBehind, sshConfigEntry, targetsOn, wayInOf } from './jump-box';
import type { JumpPlan } from './jump-box';

const snapshot = atticSnapshot();
const machineOf = (name: string) => snapshot.machines.find((machine) => machine.name === name)!;
const sandbox = snapshot.networks.find((network) => network.name === 'sandbox-net')!;
const ssh = (more: Partial<SshProfile> = {}): HostProfile => newHostProfile('attic', 'attic', {
  kind: 'ssh', address: '10.0.0.12', port: 22, user: 'root', auth: 'auto', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin', ...more,
});
const plan = (more: Partial<JumpPlan> = {}): JumpPlan => ({
  host: ssh(), machine: machineOf('web1'), behind: sandbox, way: wayInOf(machineOf('web1'), 'sandbox-net', snapshot.networks)!,
  targets: targetsOn(snapshot, 'sandbox-net', machineOf('web1').uuid), user: '', targetUser: '', ...more,
});

describe('the way to a jump box', () => {
  it('is by the LAN where it has a NIC there, else by the host', () => {
    expect(wayInOf(machineOf('router'), 'lab-dmz', snapshot.networks)).toMatchObject({ address: '10.0.0.2', onlyByHost: false, fromHost: true });
    expect(wayInOf(machineOf('web1'), 'sandbox-net', snapshot.networks)).toEqual({ address: '192.168.122.40', place: 'default', onlyByHost: true, fromHost: true });
  });

  it('is none by the network behind it, nor by an address nobody knows', () => {
    expect(wayInOf(machineOf('sandbox'), 'sandbox-net', snapshot.networks)).toBeNull();
    expect(wayInOf(machineOf('win11'), 'default', snapshot.networks)).toBeNull();
  });

  it('by macvtap is the LAN’s, not the host’s', () => {
    const machine = buildMachine({ uuid: 'x', name: 'x', nics: [buildNic({ mac: '52:54:00:00:00:01', type: 'direct', hostDevice: 'enp4s0', addresses: [{ address: '10.0.0.77', source: 'agent', expiresAt: null }] })] });
    expect(wayInOf(machine, 'sandbox-net', snapshot.networks)).toMatchObject({ onlyByHost: false, fromHost: false });
  });

  it('leads to the network that nothing else reaches first', () => {
    expect(networksBehind(snapshot)[0]!.name).toBe('sandbox-net');
    expect(targetsOn(snapshot, 'sandbox-net', 'x')).toEqual([{ name: 'sandbox', address: '10.66.0.9' }]);
  });
});

describe('the entry for ~/.ssh/config', () => {
  it('goes through the host, then the jump box, to machines by name and to the whole subnet', () => {
    expect(sshConfigEntry(plan({ user: 'mara', targetUser: 'root' }))).toBe([
      '# sandbox-net.attic, by way of web1.attic',
      'Host web1.attic', '    HostName 192.168.122.40', '    User mara', '    ProxyJump root@10.0.0.12', '',
      'Host sandbox.attic', '    HostName 10.66.0.9', '    User root', '    ProxyJump web1.attic', '',
      'Host 10.66.0.*', '    User root', '    ProxyJump web1.attic', '',
    ].join('\n'));
  });

  it('reaches the host as the profile does', () => {
    expect(sshConfigEntry(plan({ host: ssh({ sshConfigAlias: 'attic' }) }))).toContain('ProxyJump attic\n');
    expect(sshConfigEntry(plan({ host: ssh({ address: 'fd00::9', port: 2222, proxyJump: 'mara@gate' }) }))).toContain('ProxyJump mara@gate,root@[fd00::9]:2222\n');
    expect(sshConfigEntry(plan({ host: newHostProfile('here', 'here', { kind: 'local', rights: 'sudo' }) })).match(/ProxyJump/g)).toHaveLength(2);
  });

  it('names hosts with what ssh takes for a name, and has no pattern for half a byte', () => {
    const odd = sshConfigEntry(plan({ host: { ...ssh(), name: 'the old *box*' }, behind: { ...sandbox, ips: [{ ...sandbox.ips[0]!, prefix: 25 }] } }));
    expect(odd).toContain('Host web1.the-old-box-\n');
    expect(odd).not.toContain('10.66.0.*');
  });

  it('has the same as one command', () => {
    const { way, targets } = plan();
    expect(jumpCommand(way, targets[0]!, 'mara', 'root')).toBe('ssh -J mara@192.168.122.40 root@10.66.0.9');
    expect(jumpCommand({ ...way, address: 'fd00::5' }, targets[0]!, '', '')).toBe('ssh -J \'[fd00::5]\' 10.66.0.9');
  });
});
