import { expect, it } from 'vitest';
import { FakePlanHost } from '../../../test/fakes/fake-plan-host';
import { defaultUuid, defaultXml } from '../../../test/fakes/snapshot-fixture';
import { NetworkDrafts } from './network-drafts';

it('proposes what is free on all known hosts', () => {
  const host = new FakePlanHost();
  host.networks.set(defaultUuid, { persistent: defaultXml, running: defaultXml, autostart: true });
  const drafts = new NetworkDrafts({ inventory: host.inventory, hosts: { get: (id) => ({ name: id }), list: () => [{ id: 'attic', name: 'attic' }] }, random: () => 0.5 });
  const proposal = drafts.propose('attic', 'nat');
  expect(proposal.spec).toMatchObject({ name: 'lab-net', bridge: 'virbr1', ipv4: { address: '192.168.150.1' } });
  expect(proposal.ipv6).toEqual({ address: 'fd80:8080:8080::1', prefix: 64 });
  expect(proposal.used.map((range) => range.owner)).toContain('LAN of attic');
});
