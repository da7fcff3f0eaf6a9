import { describe, expect, it } from 'vitest';
import type { AttachedSpec } from '../../../shared/domain/attached-spec';
import { mergeFields } from '../../../shared/domain/three-way';
import { makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { useAttachedForm } from './use-attached-form';

describe('a form of an attached network', () => {
  it('takes a merged spec in, with what it does not show', () => {
    const snapshot = makeSnapshot();
    const start: AttachedSpec = { kind: 'ovs', name: 'n', title: 'Opened', description: null, vlan: null, portgroups: [], autostart: true, bridge: 'ovsbr0', createBridge: null };
    const form = useAttachedForm(start, 'ovsbr0', () => ({ snapshot, used: [], uuid: null }));
    form.draft.value.name = 'mine';
    const mine = form.lastSpec.value;
    const { merged, differences } = mergeFields<AttachedSpec>(start, mine, { ...start, autostart: !start.autostart });
    expect(differences.map(({ path, changedBy }) => [path, changedBy])).toEqual([['name', 'mine'], ['autostart', 'theirs']]);
    form.replace(merged);
    expect(form.lastSpec.value).toEqual(merged);
    expect(form.lastSpec.value).toMatchObject({ name: 'mine', autostart: !start.autostart });
  });
});
