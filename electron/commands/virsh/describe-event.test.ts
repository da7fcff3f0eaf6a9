import { describe, expect, it } from 'vitest';
import { describeVirshEvent } from './describe-event';

describe('describeVirshEvent', () => {
  it.each([
    ['network', 'event \'lifecycle\' for network lab: web: Started', 'Network lab: web: Started'],
    ['machine', 'event \'lifecycle\' for domain \'web1\': Started Booted', 'Machine web1: Started Booted'],
    ['machine', 'event \'device-added\' for domain \'web1\': net1', 'Machine web1: net1'],
    ['machine', 'event \'rtc-change\' for domain \'web1\': 12', null],
    ['link', '3: virbr1: <BROADCAST> mtu 1500', null],
    ['network', 'error: Disconnected from qemu:///system', null],
  ])('%s: %s', (source, line, sentence) => {
    expect(describeVirshEvent(source, line)).toBe(sentence);
  });
});
