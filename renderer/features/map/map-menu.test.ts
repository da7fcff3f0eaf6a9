import { describe, expect, it } from 'vitest';
import type { MapNode } from './map-graph';
import { mapMenu } from './map-menu';

const labels = (menu: ReturnType<typeof mapMenu>): unknown[] => menu.map((group) => group.map(({ label, children }) => (children === undefined ? label : [label, children])));
const ofObject: Parameters<typeof mapMenu>[2] = (subject) => [[{ label: `of ${subject.kind} ${'uuid' in subject ? subject.uuid : subject.name}` }]];
const nothing = (): void => undefined;
const bridge = (...networks: { uuid: string; name: string }[]): MapNode => ({ kind: 'bridge', id: 'bridge:br0', name: 'br0', detail: '', column: 'bridges', active: true, ports: [], networks, problem: null });

describe('the menu of a thing on the map', () => {
  it('opens it here, then has what its row has', () => {
    const nic: MapNode = { kind: 'nic', id: 'nic:eno1', name: 'eno1', detail: '', column: 'outside', up: true };
    expect(labels(mapMenu(nic, { kind: 'interface', name: 'eno1' }, ofObject, nothing))).toEqual([['Open here'], ['of interface eno1']]);
    expect(labels(mapMenu(bridge({ uuid: 'a', name: 'lan' }), { kind: 'network', uuid: 'a' }, ofObject, nothing))).toEqual([['Open here'], ['of network a']]);
  });

  it('has one for each network that shares a bridge', () => {
    expect(labels(mapMenu(bridge({ uuid: 'a', name: 'lan' }, { uuid: 'b', name: 'dmz' }), { kind: 'interface', name: 'br0' }, ofObject, nothing))).toEqual([
      ['Open here'], [['Network lan', [[{ label: 'of network a' }]]], ['Network dmz', [[{ label: 'of network b' }]]]],
    ]);
  });

  it('unfolds a group, and has nothing for the internet and for what no inspector shows', () => {
    let chosen = 0;
    const group = mapMenu({ kind: 'group', id: 'g', name: '12 machines', detail: '', column: 'machines', count: 12 }, null, ofObject, () => { chosen += 1; });
    group[0]![0]!.onSelect!(new Event('select'));
    expect([labels(group), chosen]).toEqual([[['Show them']], 1]);
    expect(mapMenu({ kind: 'internet', id: 'internet', name: 'Internet', detail: '', column: 'outside' }, null, ofObject, nothing)).toEqual([]);
    expect(mapMenu(bridge(), null, ofObject, nothing)).toEqual([]);
  });
});
