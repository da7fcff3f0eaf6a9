import { expect } from 'vitest';
import type { ConversionFacts } from '../../shared/domain/conversion/facts';
import type { AddressRequest } from '../../shared/domain/conversion/readdress/address-request';
import { planReaddress } from '../../shared/domain/conversion/readdress/plan-readdress';
import { configFile, conversionFacts } from './conversion-facts';

/** Where each stack has what it knows of eno1. */
export const places = {
  'systemd-networkd': '/etc/systemd/network/20-wired.network', 'netplan-networkd': '/etc/netplan/01.yaml',
  'NetworkManager': '/etc/NetworkManager/system-connections/eno1.nmconnection', 'ifupdown': '/etc/network/interfaces',
} as const;
export type Stack = keyof typeof places;

/** Of NetworkManager's connection for eno1. */
export const connectionUuid = '9be43860-c408-4df6-b5a6-0ca686608f30';

/** A host whose eno1 is configured by this stack, with this text in its file. */
export function stackFacts(stack: Stack, text: string, over: Partial<ConversionFacts>): ConversionFacts {
  return conversionFacts({
    networkd: stack === 'systemd-networkd' ? { eno1: { state: 'configured', file: places[stack] } } : stack === 'netplan-networkd' ? { eno1: { state: 'configured', file: '/run/systemd/network/10-netplan-eno1.network' } } : {},
    networkManager: stack === 'NetworkManager' ? { eno1: { state: 'connected', uuid: connectionUuid, name: 'eno1', file: places[stack] } } : {},
    files: [configFile(places[stack], text, 0o600)], ...over,
  });
}

/** What its file says once eno1 has other addresses; the change has to be possible. */
export function fileAfter(stack: Stack, facts: ConversionFacts, request: Omit<AddressRequest, 'device'>): string {
  const made = planReaddress(facts, { device: 'eno1', ...request });
  expect(made.findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
  return made.plan!.transaction.files.find(({ commitPath }) => commitPath === places[stack])!.content;
}
