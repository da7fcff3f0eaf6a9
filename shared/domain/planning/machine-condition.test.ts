import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeMachine, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { conditionOf } from './machine-condition';
import { nicChecks } from './nic-transition';

const documentOf = (name: string): string => readFileSync(`test/fixtures/machine-documents/function-${name}.xml`, 'utf8');
const machine = makeMachine('guest', 'limited', 'vnet0');
const pool = makeNetwork('<network><name>pool</name><forward mode="hostdev" managed="yes"><pf dev="enp3s0"/></forward></network>');
const snapshot = makeSnapshot({ machines: [machine], networks: [pool] });

it('gives a virtual function that runs back to its pool, as the definition has it', () => {
  const condition = conditionOf(machine.uuid, { snapshot, machineXmlOf: () => ({ running: documentOf('running'), persistent: documentOf('definition') }) })!;
  expect(condition.running?.[1]).toContain('<source network=\'pool\'/>');
  expect(condition.running?.[1]).toBe(condition.definition?.[1]);
  const alone = conditionOf(machine.uuid, { snapshot, machineXmlOf: () => ({ running: documentOf('running'), persistent: '<domain/>' }) })!;
  expect(alone.running?.[1]).toContain('<interface type=\'hostdev\' managed=\'yes\'>');
});

it('asks a NIC that runs for its pool’s function, whichever it is, and a definition for the pool', () => {
  const after = ['<interface type="network"><mac address="52:54:00:aa:00:09"/><source network="pool"/><model type="virtio"/></interface>'];
  const places = (side: 'running' | 'definition') => nicChecks({ uuid: machine.uuid, machine: machine.name, side, before: [], after }, snapshot)
    .map(({ check }) => (check.kind === 'nic-present' ? check.place : check.kind));
  expect(places('running')).toEqual([null]);
  expect(places('definition')).toEqual(['network pool']);
});
