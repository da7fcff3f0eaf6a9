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
      target: { machine: machine('malware', [['sandbox', '10.66.0.9']]), user: null },
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
    expect(jumpBox({ host: known, machine: jump, user: null, throughHost: true, target: null }).config).toBe('Host jump\n  HostName 192.168.122.40\n  ProxyJump attic\n');
    const local = newHostProfile('here', 'here', { kind: 'local', rights: 'none' });
    expect(jumpBox({ host: local, machine: jump, user: null, throughHost: true, target: null }).config).toBe('Host jump\n  HostName 192.168.122.40\n');
    expect(jumpBox({ host: attic, machine: jump, user: null, throughHost: false, target: null }).config).toBe('Host jump\n  HostName 192.168.122.40\n');
  });

  it('says what is missing', () => {
    const made = jumpBox({ host: attic, machine: machine('Attic server', [['default', null]]), user: null, throughHost: true, target: { machine: machine('malware', [['sandbox', null]]), user: null } });
    expect(made.config).toContain('Host Attic-server-vm\n  HostName ADDRESS\n');
    expect(made.gaps).toHaveLength(3);
    expect(made.gaps[1]).toMatch(/no network in common/);
  });
});
