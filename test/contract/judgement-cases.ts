import { describe, expect, it } from 'vitest';
import { judgeNetwork } from '../../electron/commands/virsh/judge-network';
import type { ContractSession } from './contract-host';

const doc = (inside: string) => `<network><name>default</name>${inside}</network>`;
const schema = (complaint: string) => `error: Failed to define network from /dev/stdin\nerror: XML document failed to validate against schema: Unable to validate doc against /usr/share/libvirt/schemas/network.rng\n${complaint}\n\n`;

/** What the test driver says, with the schema and without. */
const judgements: [xml: string, validate: boolean, exitCode: number, stderr: string][] = [
  [doc('<forward mode="nat"/><ip address="10.1.1.1" prefix="24"/>'), true, 0, ''],
  // The name, the bridge and the subnet of a network that is there are no matter to it.
  [doc('<bridge name="virbr0"/><ip address="192.168.122.1" netmask="255.255.255.0"/>'), true, 0, ''],
  [doc('<title>mine</title>'), true, 1, schema('Element network has extra content: title')],
  [doc('<title>mine</title><unknown/><bridge name="x" stp="maybe"/>'), false, 0, ''],
  [doc('<bridge name="x" stp="maybe"/>'), true, 1, schema('Extra element bridge in interleave\nElement network failed to validate content')],
  [doc('<forward mode="natt"/>'), false, 1, 'error: Failed to define network from /dev/stdin\nerror: unsupported configuration: unknown forwarding type \'natt\'\n'],
  ['<network>\n  <name>a</nam>\n</network>', true, 1, 'error: Failed to define network from /dev/stdin\nerror: (network_definition):2: Opening and ending tag mismatch: name line 2 and nam\n  <name>a</nam>\n---------------^\n'],
];

export function describeJudgements(current: () => ContractSession): void {
  describe('what libvirt\'s test driver makes of a document', () => {
    it.each(judgements)('%j, schema %j', async (xml, validate, exitCode, stderr) => {
      const { runner } = current();
      const before = await current().read('virsh', '-c', 'qemu:///system', 'net-list', '--all', '--uuid');
      const result = await runner.run(judgeNetwork(xml, { validate }), { elevate: false });
      expect({ exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr }).toEqual({ exitCode, stdout: '', stderr });
      expect(await current().read('virsh', '-c', 'qemu:///system', 'net-list', '--all', '--uuid')).toBe(before);
    });
  });
}
