import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error';
import { parseInvocation } from './arguments';

const parse = (line: string) => parseInvocation(line.split(' '));
function refusal(line: string): string {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof AppError) return error.data.detail;
    throw error;
  }
  throw new Error('It was understood');
}

describe('the words for machines', () => {
  it.each([
    ['attach attic web --network lan --portgroup ten --model e1000e --mac 52:54:00:00:00:01 --live', { command: 'attach', host: 'attic', machine: 'web', options: { network: 'lan', portgroup: 'ten', model: 'e1000e', mac: '52:54:00:00:00:01', live: true } }],
    ['detach attic web 52:54:00:00:00:01 --config --yes', { command: 'detach', mac: '52:54:00:00:00:01', options: { config: true, yes: true } }],
    ['move attic web 52:54:00:00:00:01 --network lan', { command: 'move', options: { network: 'lan' } }],
    ['link attic web 52:54:00:00:00:01 down', { command: 'link', up: false }],
    ['limit attic web 52:54:00:00:00:01 --inbound 100,200 --outbound none', { command: 'limit', mac: '52:54:00:00:00:01', options: { inbound: '100,200', outbound: 'none' } }],
    ['start attic web', { command: 'power', verb: 'start' }],
    ['shutdown attic web --plan', { command: 'power', verb: 'shutdown', options: { plan: true } }],
    ['force-off attic web', { command: 'power', verb: 'force-off', machine: 'web' }],
  ])('read “%s”', (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  it.each([
    ['attach attic web', '--network is missing.'],
    ['move attic web 52:54:00:00:00:01', '--network is missing.'],
    ['link attic web 52:54:00:00:00:01 left', 'A link is up or down, not “left”.'],
    ['limit attic web 52:54:00:00:00:01', 'Neither --inbound nor --outbound is given.'],
    ['detach attic web', 'Something is missing.'],
    ['detach attic web 52:54:00:00:00:01 --live --config', '--live and --config exclude each other.'],
    ['start attic web --live', 'Unknown option \'--live\'.'],
  ])('refuse “%s”', (line, detail) => {
    expect(refusal(line)).toBe(detail);
  });
});

describe('the words for conversions', () => {
  it.each([
    ['transactions attic --json', { command: 'transactions', host: 'attic', options: { json: true } }],
    ['confirm attic', { command: 'conclude', verb: 'confirm', host: 'attic', id: null }],
    ['revert attic 20261127040000-0badcafe --sudo', { command: 'conclude', verb: 'revert', id: '20261127040000-0badcafe', options: { sudo: true } }],
  ])('read “%s”', (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  it('refuse a host that is missing', () => {
    expect(refusal('confirm')).toBe('Something is missing.');
  });
});

describe('the words for what carries the session', () => {
  it.each([
    ['convert attic eno1 --bridge br0 --ovs --hold', { command: 'change-uplink', host: 'attic', request: { kind: 'convert', nic: 'eno1', bridge: 'br0', switch: 'ovs' }, options: { hold: true } }],
    ['convert attic eno1 --bridge br0 --leave 10.8.0.7 --leave route:10.9.0.0/16 --leave dns', { command: 'change-uplink', request: { kind: 'convert', leave: ['10.8.0.7', 'route:10.9.0.0/16', 'dns'] } }],
    ['unbridge attic br0 --plan', { command: 'change-uplink', request: { kind: 'unbridge', bridge: 'br0' }, options: { plan: true } }],
    ['unbridge attic br0 --port eno2', { command: 'change-uplink', request: { kind: 'unbridge', bridge: 'br0', port: 'eno2' } }],
    ['readdress attic br0 --dhcp --dns dhcp', { command: 'change-uplink', request: { kind: 'readdress', device: 'br0', dhcp: true, dns: [] } }],
    ['readdress attic br0 --address 10.0.0.7/24 --dns 9.9.9.9,2620:fe::fe --mtu 1400', { command: 'change-uplink', request: { kind: 'readdress', device: 'br0', address: '10.0.0.7/24', dns: ['9.9.9.9', '2620:fe::fe'], mtu: 1400 } }],
    ['readdress attic br0 --address6 fd77::7/64,2001:db8::7/64 --gateway6 fe80::1', { request: { kind: 'readdress', addresses6: ['fd77::7/64', '2001:db8::7/64'], gateway6: 'fe80::1' } }],
    ['readdress attic br0 --address6 none --gateway6 none', { request: { addresses6: [], gateway6: null } }],
    ['undo attic 20261127040000-0badcafe --yes', { command: 'change-uplink', host: 'attic', request: { kind: 'undo', id: '20261127040000-0badcafe' }, options: { yes: true } }],
    ['undo 4711', { command: 'undo', historyId: '4711' }],
  ])('read “%s”', (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  it.each([
    ['readdress attic br0 --mtu much', '“much” is no MTU.'],
    ['readdress attic br0 --address 10.0.0.7', 'An IPv4 address with its prefix, such as 192.168.1.20/24.'],
    ['readdress attic br0 --address6 fd77::7', 'An IPv6 address with its prefix, such as 2001:db8::7/64.'],
    ['readdress attic br0 --dns nobody', /./],
    ['undo 4711 --hold', '--hold is for changes on trial.'],
    ['convert attic eno1', 'The bridge has no name.'],
    ['convert attic eno1 --bridge br0 --leave 10.8.0.0/16', '“10.8.0.0/16” is nothing that could be left out.'],
  ])('refuse “%s”', (line, detail) => {
    expect(refusal(line)).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
  });
});
