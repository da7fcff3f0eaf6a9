import type { RehearsalFault } from '../../../../shared/domain/rehearsal-fault';
import { fail, succeed } from '../world';
import type { Tool } from '../world';
import { isStruck } from './faults';
import { mend, strike } from './strike';

/** What goes wrong, the word that makes it so, and the one that puts it right. */
const switches: Readonly<Record<RehearsalFault, { on: string; off: string; says: string }>> = {
  cable: { on: 'out', off: 'in', says: 'the cable of your NIC falls out, for a minute' },
  gateway: { on: 'silent', off: 'back', says: 'the LAN\'s router stops answering, for a minute' },
  app: { on: 'closed', off: 'open', says: 'the host hears nothing of the app until the conversion has ended' },
  power: { on: 'off', off: 'on', says: 'the host loses its power, and starts again' },
  dhcp: { on: 'other', off: 'same', says: 'DHCP gives the bridge another address' },
  firewall: { on: 'closed', off: 'open', says: 'the host\'s firewall lets no new SSH connection in by the bridge' },
};

/** No tool of a real host: `practice FAULT WORD` makes something go wrong while a conversion is rehearsed. */
export const practice: Tool = (world, [name = '', word = '']) => {
  const faults = Object.keys(switches) as RehearsalFault[];
  if (name === '') {
    return succeed(faults.map((fault) => {
      const { on, off, says } = switches[fault];
      return `practice ${`${fault} ${on}|${off}`.padEnd(22)} ${says}${isStruck(world.state, fault) ? ' (now)' : ''}\n`;
    }).join(''));
  }
  const fault = faults.find((known) => known === name);
  if (!fault || (word !== switches[fault].on && word !== switches[fault].off)) return fail(1, 'practice: this can\'t happen here; “practice” alone lists what can\n');
  if (word === switches[fault].off) {
    mend(world, fault);
    return succeed();
  }
  const refusal = strike(world, fault);
  return refusal === null ? succeed() : fail(1, `practice: ${refusal}\n`);
};
