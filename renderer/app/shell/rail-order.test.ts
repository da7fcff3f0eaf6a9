import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newHostProfile } from '../../../shared/domain/host';
import { practiceHostId } from '../../../shared/domain/practice-host-id';
import type { HostView } from '../../../shared/domain/host';
import { dropHost, moveGroup, moveHost, railSections } from './rail-order';

const connection = {
  kind: 'ssh' as const, address: '10.0.0.12', port: 22, user: 'root', auth: 'auto' as const, keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin' as const,
};
const host = (id: string, group: string | null = null): HostView => ({ profile: { ...newHostProfile(id, id, connection), group }, session: { phase: 'disconnected' } });
const practice: HostView = { profile: newHostProfile(practiceHostId, 'Practice host', { kind: 'practice' }), session: { phase: 'disconnected' } };
const hosts = [host('rack1', 'Rack'), host('a'), host('nas', 'Attic'), host('rack2', 'Rack'), host('b'), practice];

describe('the rail', () => {
  it('shows hosts without a group first, then groups as their first hosts come, and the practice host in none', () => {
    expect(railSections(hosts).map(({ group, hosts: members }) => [group, members.map((member) => member.profile.id)])).toEqual([
      [null, ['a', 'b']], ['Rack', ['rack1', 'rack2']], ['Attic', ['nas']],
    ]);
  });

  it('moves a host among those of its group, and not beyond', () => {
    expect(moveHost(hosts, 'b', -1)).toEqual(['b', 'a', 'rack1', 'rack2', 'nas']);
    expect(moveHost(hosts, 'rack1', 1)).toEqual(['a', 'b', 'rack2', 'rack1', 'nas']);
    expect([moveHost(hosts, 'a', -1), moveHost(hosts, 'b', 1), moveHost(hosts, 'nas', 1), moveHost(hosts, practiceHostId, -1)]).toEqual([null, null, null, null]);
  });

  it('moves a group as a whole', () => {
    expect(moveGroup(hosts, 'Attic', -1)).toEqual(['a', 'b', 'nas', 'rack1', 'rack2']);
    expect([moveGroup(hosts, 'Rack', -1), moveGroup(hosts, 'Attic', 1), moveGroup(hosts, 'Gone', 1)]).toEqual([null, null, null]);
  });

  it('drops a host before another one or at the end of a section', () => {
    expect(dropHost(hosts, 'b', { group: 'Rack', beforeId: 'rack2' })).toEqual(['a', 'rack1', 'b', 'rack2', 'nas']);
    expect(dropHost(hosts, 'nas', { group: null, beforeId: null })).toEqual(['a', 'b', 'nas', 'rack1', 'rack2']);
    expect(dropHost(hosts, 'a', { group: null, beforeId: 'b' })).toBeNull();
    expect(dropHost(hosts, 'a', { group: 'Gone', beforeId: null })).toBeNull();
  });

  it('never loses or doubles a host', () => {
    const anyHosts = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 3 }), fc.option(fc.constantFrom('A', 'B', 'C'))), { selector: ([id]) => id, minLength: 1, maxLength: 12 })
      .map((list) => list.map(([id, group]) => host(id, group)));
    fc.assert(fc.property(anyHosts, fc.nat(), fc.nat(), fc.constantFrom(1 as const, -1 as const), (list, one, other, by) => {
      const id = list[one % list.length]!.profile.id;
      const target = list[other % list.length]!.profile;
      for (const order of [moveHost(list, id, by), moveGroup(list, target.group ?? 'A', by), dropHost(list, id, { group: target.group, beforeId: target.id })]) {
        if (order) expect([...order].sort()).toEqual(list.map((each) => each.profile.id).sort());
      }
    }));
  });
});
