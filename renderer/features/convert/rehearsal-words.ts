import type { RehearsalFault } from '../../../shared/domain/rehearsal-fault';

interface FaultWords {
  /** Goes on after “What if …”. */
  question: string;
  /** What the host is to make of it. */
  answer: string;
  strike: string;
  mend: string;
}

/** In the order of how soon one thinks of it. */
export const rehearsalWords: Readonly<Record<RehearsalFault, FaultWords>> = {
  cable: {
    question: 'the cable falls out now?', strike: 'Pull it out', mend: 'Plug it in',
    answer: 'The host is out of reach. Once its NIC has been without a signal for some seconds it goes back; the cable is in again after a minute.',
  },
  app: {
    question: 'the app is closed now?', strike: 'Close it', mend: 'Open it again',
    answer: 'Nobody confirms, and the host goes back by itself when the time is up. For the rehearsal the host just no longer hears this app.',
  },
  power: {
    question: 'the power fails now?', strike: 'Cut the power', mend: 'Power on',
    answer: 'The host starts again within half a minute, with the old network unless the new one was confirmed. Its machines start again, too.',
  },
  gateway: {
    question: 'the gateway stops answering?', strike: 'Silence it', mend: 'Let it answer',
    answer: 'The change counts as broken, and the host goes back within seconds. The gateway answers again after a minute.',
  },
  dhcp: {
    question: 'DHCP gives another address?', strike: 'Give another', mend: 'Give the same',
    answer: 'You would no longer find the host where it was: it goes back as soon as it sees the address.',
  },
  firewall: {
    question: 'the firewall blocks new SSH connections?', strike: 'Block them', mend: 'Let them in',
    answer: 'A session that is open lives on and proves nothing. No new one comes in, so the host goes back when the time is up.',
  },
};
