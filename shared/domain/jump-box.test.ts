import { describe, expect, it } from 'vitest';
import { makeMachine } from '../../test/fakes/snapshot-fixture';
import { newHostProfile, sshProfileSchema } from './host';
import { jumpBox } from './jump-box';
import type { Machine } from './machine';

const attic = newHostProfile('attic', 'Attic server', sshProfileSchema.parse({
  kind: 'ssh', address: '10.0.0.5', port: 2222, user: 'root', auth: 'key', keyPath: '~/.ssh/id lab', sshConfigAlias: null, useSudo: false,
}));

function machine(name: string, nics: [network: string, address: string | null][]): Machine {
  const [template] = makeMachine(name, 'default', 'vnet0').nics;
  return makeMachine(name, 'default', 'vnet0', {
    nics: nics.map(([network, address]) => ({ ...template!, network, addresses: address === null ? [] : [{ address, source: 'lease', expiresAt: null }] })),
  });
}

describe('jumpBox', () => {
  it('goes through the hypervisor and the machine into the isolated network', () => {
    const made = jumpBox({
      host: attic, machine: machine('jump', [['sandbox', '10.66.0.2'], ['default', '192.168.122.40']]), user: 'ada', throughHost: true,
      targets: [{ machine: machine('malware', [['sandbox', '10.66.0.9']]), user: null }],
    });
    expect(made.gaps).toEqual([]);
    expect(made.config).toBe([
      'Host Attic-server', '  HostName 10.0.0.5', '  User root', '  Port 2222', '  IdentityFile "~/.ssh/id lab"', '',
      'Host jump', '  HostName 192.168.122.40', '  User ada', '  ProxyJump Attic-server', '',
      'Host malware', '  HostName 10.66.0.9', '  ProxyJump jump', '',
    ].join('\n'));
  });

  it('uses the entry that ~/.ssh/config has already, and none for this computer', () => {
    const jump = machine('jump', [['default', '192.168.122.40']]);
    const known = { ...attic, connection: { ...sshProfileSchema.parse(attic.connection), sshConfigAlias: 'attic' } };
    expect(jumpBox({ host: known, machine: jump, user: null, throughHost: true, targets: [] }).config).toBe('Host jump\n  HostName 192.168.122.40\n  ProxyJump attic\n');
    const local = newHostProfile('here', 'here', { kind: 'local', rights: 'none' });
    expect(jumpBox({ host: local, machine: jump, user: null, throughHost: true, targets: [] }).config).toBe('Host jump\n  HostName 192.168.122.40\n');
    expect(jumpBox({ host: attic, machine: jump, user: null, throughHost: false, targets: [] }).config).toBe('Host jump\n  HostName 192.168.122.40\n');
  });

  it('says what is missing', () => {
    const made = jumpBox({ host: attic, machine: machine('Attic server', [['default', null]]), user: null, throughHost: true, targets: [{ machine: machine('malware', [['sandbox', null]]), user: null }] });
    expect(made.config).toContain('Host Attic-server-vm\n  HostName ADDRESS\n');
    expect(made.gaps).toHaveLength(3);
    expect(made.gaps[1]).toMatch(/no network in common/);
  });

  it('has a line for known_hosts where the jump box\'s key is known, and a name there that no other lab\'s has', () => {
    const box = machine('jump', [['default', '192.168.122.40']]);
    const made = jumpBox({ host: attic, machine: box, user: 'jump', throughHost: false, targets: [], hostKey: 'ssh-ed25519 AAAAC3' });
    const alias = `jump-${box.uuid.slice(0, 8)}`;
    expect([made.config, made.knownHosts]).toEqual([`Host jump\n  HostName 192.168.122.40\n  User jump\n  HostKeyAlias ${alias}\n`, `${alias} ssh-ed25519 AAAAC3`]);
  });

  it('has an entry for every machine behind it', () => {
    const behind = (name: string, address: string) => ({ machine: machine(name, [['sandbox', address]]), user: null });
    const made = jumpBox({ host: attic, machine: machine('jump', [['default', '192.168.122.40'], ['sandbox', '10.66.0.2']]), user: null, throughHost: false, targets: [behind('a', '10.66.0.9'), behind('b', '10.66.0.10')] });
    expect(made.config).toContain('Host a\n  HostName 10.66.0.9\n  ProxyJump jump\n\nHost b\n  HostName 10.66.0.10\n  ProxyJump jump\n');
  });
});
