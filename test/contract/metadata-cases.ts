import { describe, expect, it } from 'vitest';
import { parseMachine } from '../../shared/domain/machine-xml/parse-machine';
import { setRoleMarks } from '../../shared/domain/planning/machine-commands';
import type { RoleMark } from '../../shared/domain/labs/role-mark';
import { done, failed, natXml } from './contract-host';
import type { ContractSession, Outcome } from './contract-host';

const uri = 'urn:x-netwright:lab:1';
const marks: RoleMark[] = [{ lab: 'home', role: 'web', nics: [{ network: 'a&b', mac: '52:54:00:c0:11:22', plugged: true }] }, { lab: 'other', role: 'r1', nics: [] }];

async function ready(session: ContractSession): Promise<void> {
  await session.define(natXml('nwc-a'));
  await session.virsh(['net-start', 'nwc-a']);
  await session.virsh(['define', '/dev/stdin'], await session.host.machineXml('nwc-vm', 'nwc-a', '52:54:00:c0:11:22'));
}

const mark = (session: ContractSession, sides: readonly ('running' | 'definition')[], wanted: readonly RoleMark[]): Promise<Outcome> =>
  session.virsh(setRoleMarks('nwc-vm', sides, wanted).argv.slice(3));

async function held(session: ContractSession, ...flags: string[]): Promise<RoleMark[]> {
  return parseMachine(await session.read('virsh', '-q', '-c', 'qemu:///system', 'dumpxml', 'nwc-vm', ...flags)).labRoles;
}

export function describeMetadata(current: () => ContractSession): void {
  describe('metadata of a machine', () => {
    it('is written where it is said, kept through starts and definitions, and taken out', async () => {
      const session = current();
      await ready(session);
      expect(await session.virsh(['metadata', 'nwc-vm', uri])).toEqual(failed('metadata not found: Requested metadata element is not present'));
      expect(await mark(session, ['definition'], marks)).toEqual(done('Metadata modified\n\n'));
      expect(await held(session)).toEqual(marks);
      await session.virsh(['start', 'nwc-vm']);
      expect(await held(session)).toEqual(marks);
      expect(await mark(session, ['definition'], [])).toEqual(done('Metadata removed\n\n'));
      expect([await held(session), await held(session, '--inactive')]).toEqual([marks, []]);
      expect(await mark(session, ['definition', 'running'], marks.slice(0, 1))).toEqual(done('Metadata modified\n\n'));
      expect([await held(session), await held(session, '--inactive')]).toEqual([marks.slice(0, 1), marks.slice(0, 1)]);
      expect((await session.virsh(['metadata', 'nwc-vm', uri])).stdout).toBe('<roles>\n  <role lab="home" key="web">\n    <nic network="a&amp;b" mac="52:54:00:c0:11:22" plugged="yes"/>\n  </role>\n</roles>\n\n');
      await session.virsh(['destroy', 'nwc-vm']);
      await session.virsh(['define', '/dev/stdin'], await session.read('virsh', '-q', '-c', 'qemu:///system', 'dumpxml', 'nwc-vm'));
      expect(await held(session)).toEqual(marks.slice(0, 1));
      for (let times = 1; times <= 2; times += 1) expect(await mark(session, ['definition'], [])).toEqual(done('Metadata removed\n\n'));
      expect(await session.read('virsh', '-q', '-c', 'qemu:///system', 'dumpxml', 'nwc-vm')).toContain('  <metadata/>\n');
    });

    it('of what runs is for machines that are on', async () => {
      const session = current();
      await ready(session);
      expect(await mark(session, ['definition', 'running'], marks)).toEqual(failed('Requested operation is not valid: domain is not running'));
      expect(await held(session)).toEqual([]);
      expect(await session.virsh(['metadata', 'nwc-vm', uri, '--set', '<roles/>', '--config'])).toEqual(failed('namespace key is required when modifying metadata'));
    });
  });
}
