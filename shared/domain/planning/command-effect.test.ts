import { describe, expect, it } from 'vitest';
import { defaultUuid, defaultXml, makeInterface, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { sameDefinition } from '../network-xml/same-definition';
import type { HostSnapshot } from '../snapshot';
import { effectHolds } from './command-effect';
import { defineNetwork, destroyNetwork, networkReference, plugTap, setNetworkAutostart, startNetwork, undefineNetwork } from './network-commands';

const observed = (snapshot: HostSnapshot, persistent: string | null = defaultXml) => ({ snapshot, machineXmlOf: () => null, xmlOf: () => ({ running: null, persistent }) });
const withDefault = (more = {}): HostSnapshot => makeSnapshot({ networks: [makeNetwork(defaultXml, more)] });

describe('effectHolds', () => {
  it('reads off the host what a lost reply would have said', () => {
    const active = observed(withDefault({ active: true, autostart: true }));
    const idle = observed(withDefault({ active: false, autostart: false }));
    const none = observed(makeSnapshot(), null);
    expect([startNetwork('default'), startNetwork(defaultUuid), setNetworkAutostart('default', true), defineNetwork('default', defaultXml)].map((command) => effectHolds(command, active))).toEqual([true, true, true, true]);
    expect([startNetwork('default'), setNetworkAutostart('default', true), undefineNetwork('default')].map((command) => effectHolds(command, idle))).toEqual([false, false, false]);
    expect([destroyNetwork('default'), setNetworkAutostart('default', false)].map((command) => effectHolds(command, idle))).toEqual([true, true]);
    expect([undefineNetwork('default'), destroyNetwork('default'), defineNetwork('default', defaultXml)].map((command) => effectHolds(command, none))).toEqual([true, true, false]);
    expect(effectHolds(defineNetwork('default', defaultXml.replace('.254', '.200')), active)).toBe(false);
    expect(effectHolds({ argv: ['virsh', '-c', 'qemu:///system', 'reboot', 'x'] }, active)).toBeNull();
    expect(effectHolds({ argv: ['true'] }, active)).toBeNull();
  });

  it('knows whether a tap is in its bridge', () => {
    const snapshot = makeSnapshot({ interfaces: [makeInterface('vnet0', { controller: 'virbr0' })] });
    expect(effectHolds(plugTap('vnet0', 'virbr0', null), observed(snapshot))).toBe(true);
    expect(effectHolds(plugTap('vnet0', 'virbr1', 1400), observed(snapshot))).toBe(false);
    expect(effectHolds(plugTap('vnet9', 'virbr0', null), observed(snapshot))).toBe(false);
  });
});

describe('networkReference', () => {
  it.each([['lab-web', 'lab-web'], ['-x', 'U'], ['with blank', 'U'], ['ü', 'U'], ['525d772d-5c82-4e03-b6ce-7eb39dcb763d', 'U'], ['525d772d5c824e03b6ce7eb39dcb763d', 'U']])('%s → %s', (name, reference) => {
    expect(networkReference({ name, uuid: 'U' })).toBe(reference);
  });
});

describe('sameDefinition', () => {
  it('forgives what libvirt adds, and nothing else', () => {
    const given = defaultXml.replace(/ {2}<mac.*\n/, '').replace('mode=\'nat\'/>', 'dev=\'eno1\' mode=\'nat\'/>');
    const held = defaultXml.replace('mode=\'nat\'/>', 'dev=\'eno1\' mode=\'nat\'>\n    <interface dev=\'eno1\'/>\n  </forward>');
    expect(sameDefinition(given, held)).toBe(true);
    expect(sameDefinition(defaultXml, defaultXml.replace('c3:f8', 'c3:f9'))).toBe(false);
    expect(sameDefinition(given, held.replace('interface dev=\'eno1\'', 'interface dev=\'eno2\''))).toBe(false);
    expect(sameDefinition(defaultXml, defaultXml.replace('virbr0', 'virbr1'))).toBe(false);
  });
});
