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
