import { expect, it } from 'vitest';
import { assessHost } from '../../shared/domain/preflight/assess-host';
import { makeFacts, makeUserFacts, monolithicUnits, unitOff } from '../../test/fakes/preflight-facts';
import { parseInvocation } from './arguments';
import { formatReport } from './print-report';

const print = (facts: ReturnType<typeof makeFacts>): string => formatReport({ hostId: 'h', takenAt: '', ...assessHost(facts) }, 'attic');

it('prints what stands in the way, and both ways out', () => {
  const text = print(makeUserFacts({ units: { ...makeFacts().units, ...monolithicUnits(unitOff) }, libvirtMembers: null }));
  expect(text.split('\n').slice(0, 5)).toEqual([
    '✕ In the way: libvirt is installed, but not running [libvirt.not-running]',
    '    libvirtd.service is inactive and disabled, and no socket waits in its place.',
    '    Networks and machines can\'t be read or changed until it runs. They are still defined and come back with it.',
    '    Start libvirt: netwright preflight attic --fix libvirt.not-running   or yourself:',
    '      sudo systemctl enable --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service',
  ]);
  expect(print(makeFacts())).toMatch(/^Nothing stands in the way on attic\.\n\nLooked at, and well:\n {4}libvirt runs/);
});

it('is asked for by host, with a fix where one is wanted', () => {
  expect(parseInvocation(['preflight', 'attic', '--json'])).toMatchObject({ command: 'preflight', host: 'attic', options: { json: true } });
  expect(parseInvocation(['preflight', 'attic', '--fix', 'ovs.missing', '--yes'])).toMatchObject({ options: { fix: 'ovs.missing', yes: true } });
  expect(() => parseInvocation(['preflight'])).toThrow(/missing/);
  expect(() => parseInvocation(['preflight', 'attic', '--plan', '--yes'])).toThrow(/exclude/);
});
