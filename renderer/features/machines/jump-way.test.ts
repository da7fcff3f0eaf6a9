import { describe, expect, it } from 'vitest';
import { newHostProfile } from '../../../shared/domain/host';
import type { HostProfile, SshProfile } from '../../../shared/domain/host';
import { atticSnapshot } from '../../testing/fixtures/attic-host';
import { buildMachine, buildNic } from '../../testing/fixtures/builders';
import { jumpCommand, jumpCommandFromHere, jumpEntry, networksBehind, targetsOn, wayInOf } from './jump-way';

const snapshot = atticSnapshot();
const machineOf = (name: string) => snapshot.machines.find((machine) => machine.name === name)!;
const ssh = (more: Partial<SshProfile> = {}): HostProfile => newHostProfile('attic', 'attic', {
  kind: 'ssh', address: '10.0.0.12', port: 22, user: 'root', auth: 'auto', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin', ...more,
});

describe('the way to a jump box', () => {
  it('is by the LAN where it has a NIC there, else by the host', () => {
    expect(wayInOf(machineOf('router'), 'lab-dmz', snapshot.networks)).toMatchObject({ address: '10.0.0.2', onlyByHost: false, fromHost: true });
    expect(wayInOf(machineOf('web1'), 'sandbox-net', snapshot.networks)).toMatchObject({ address: '192.168.122.40', place: 'default', onlyByHost: true, fromHost: true });
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
    expect(targetsOn(snapshot, 'sandbox-net', 'x')).toMatchObject([{ machine: { name: 'sandbox' }, address: '10.66.0.9' }]);
  });
});

describe('the entry for ~/.ssh/config', () => {
  const entry = (name: string, behind: string, hosts = ssh()): string[] => {
    const machine = machineOf(name);
    const way = wayInOf(machine, behind, snapshot.networks)!;
    const { config, gaps } = jumpEntry(hosts, machine, behind, way, targetsOn(snapshot, behind, machine.uuid)[0] ?? null, 'mara', '');
    expect(gaps).toEqual([]);
    return config.trim().split('\n').map((line) => line.trim());
  };

  it('goes by the host and the way chosen to the network behind, even before the second NIC is in', () => {
    expect(entry('web1', 'sandbox-net')).toEqual([
      'Host attic', 'HostName 10.0.0.12', 'User root', '', 'Host web1', 'HostName 192.168.122.40', 'User mara', 'ProxyJump attic', '', 'Host sandbox', 'HostName 10.66.0.9', 'ProxyJump web1',
    ]);
  });

  it('leaves the host out where the LAN reaches the jump box', () => {
    const lines = entry('router', 'lab-dmz');
    expect(lines.slice(0, 3)).toEqual(['Host router', 'HostName 10.0.0.2', 'User mara']);
    expect(lines).toContain('HostName 10.20.30.10');
  });

  it('has the same as one command', () => {
    const way = wayInOf(machineOf('web1'), 'sandbox-net', snapshot.networks)!;
    const [target] = targetsOn(snapshot, 'sandbox-net', 'x');
    expect(jumpCommand(way, target!, 'mara', 'root')).toBe('ssh -J mara@192.168.122.40 root@10.66.0.9');
    expect(jumpCommand({ ...way, address: 'fd00::5' }, target!, '', '')).toBe('ssh -J \'[fd00::5]\' 10.66.0.9');
  });

  it('goes from this computer by all hosts that lie on the way', () => {
    const way = wayInOf(machineOf('web1'), 'sandbox-net', snapshot.networks)!;
    const [target] = targetsOn(snapshot, 'sandbox-net', 'x');
    const from = (host: HostProfile): string => jumpCommandFromHere(host, way, target!, '');
    expect(from(ssh({ port: 2222, proxyJump: 'gate' }))).toBe('ssh -J gate,root@10.0.0.12:2222,jump@192.168.122.40 10.66.0.9');
    expect(from(ssh({ sshConfigAlias: 'attic' }))).toBe('ssh -J attic,jump@192.168.122.40 10.66.0.9');
    expect(from(newHostProfile('here', 'here', { kind: 'local', rights: 'none' }))).toBe('ssh -J jump@192.168.122.40 10.66.0.9');
    expect(jumpCommandFromHere(ssh(), { ...way, onlyByHost: false }, target!, 'root')).toBe('ssh -J jump@192.168.122.40 root@10.66.0.9');
  });
});
