import type { Terminal, TerminalState } from '../../../shared/domain/terminal';
import type { StateText } from '../../ui/state-marks';

/** A terminal's state by shape and word, as everywhere in the app. */
export function terminalStateText(state: TerminalState): StateText {
  switch (state.phase) {
    case 'opening': return { shape: 'warn', word: 'opening' };
    case 'open': return { shape: 'on', word: 'open' };
    case 'ended': {
      if (state.signal !== null) return { shape: 'off', word: `ended by ${state.signal}` };
      if (state.exitCode === null) return { shape: 'off', word: 'ended' };
      return { shape: state.exitCode === 0 ? 'off' : 'bad', word: `ended, ${state.exitCode}` };
    }
    case 'lost': return { shape: 'bad', word: 'lost' };
    case 'waiting': return { shape: 'warn', word: 'waiting' };
  }
}

/** The sentence over a screen that nothing is connected to any more. */
export function endSentence(state: Extract<TerminalState, { phase: 'ended' | 'lost' | 'waiting' }>): string {
  if (state.phase === 'waiting') return 'Goes on here as soon as the host is connected.';
  if (state.phase === 'lost') return `Connection lost. ${state.error.detail}`.trim();
  if (state.signal !== null) return `Ended by ${state.signal}.`;
  if (state.exitCode === null) return 'Ended.';
  return `Ended with exit code ${state.exitCode}.`;
}

const icons = { host: 'i-lucide-square-terminal', console: 'i-lucide-monitor', local: 'i-lucide-laptop' } as const;
export const terminalIcon = (terminal: Pick<Terminal, 'target'>): string => icons[terminal.target.kind];
