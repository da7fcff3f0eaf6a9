import { expect, it } from 'vitest';
import { describeTransaction, nameTransaction } from './host-transaction';

it('says of each kind of change what has become of it', () => {
  expect(describeTransaction({ state: 'DONE' })).toBe('the bridge is there to stay');
  expect(describeTransaction({ state: 'DONE', goal: 'unbridge' })).toBe('the bridge is gone for good');
  expect(describeTransaction({ state: 'DONE', goal: 'address' })).toBe('the new addresses are there to stay');
  expect(describeTransaction({ state: 'REVERTED', goal: 'address' })).toBe('the old network is back');
});

it('names what is changed', () => {
  const names = { nic: 'eno1', bridge: 'br0' };
  expect([nameTransaction(names), nameTransaction({ ...names, goal: 'unbridge' }), nameTransaction({ ...names, goal: 'unport' }), nameTransaction({ ...names, goal: 'address' })]).toEqual(['eno1 → br0', 'br0 → eno1', 'eno1 out of br0', 'eno1']);
});
