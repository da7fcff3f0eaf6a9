import { expect, it } from 'vitest';
import { parseAgentAddresses } from './agent-addresses';

it('reads what a guest agent says, but for addresses nobody can reach', () => {
  expect(parseAgentAddresses([
    ' lo         00:00:00:00:00:00    ipv4         127.0.0.1/8', ' lo         00:00:00:00:00:00    ipv6         ::1/128',
    ' enp1s0     52:54:00:55:D1:20    ipv4         192.168.1.132/24', ' enp1s0     52:54:00:55:d1:20    ipv6         2001:db8::1/64',
    ' enp1s0     52:54:00:55:d1:20    ipv6         fe80::5054:ff:fe55:d120/64', ' -          -                    ipv4         10.0.0.1/24', 'noise', '',
  ].join('\n'))).toEqual([{ mac: '52:54:00:55:d1:20', address: '192.168.1.132' }, { mac: '52:54:00:55:d1:20', address: '2001:db8::1' }]);
});
