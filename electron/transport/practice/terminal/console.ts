import { findMachine } from '../libvirt/machines';
import type { PracticeHost } from '../practice-host';
import { isControl, onScreen, type PracticeProgram, type ProgramEvents } from './program';

/**
 * `virsh console` of the practice host (virsh(1)). Practice machines run no system, so nothing answers behind the
 * serial port: the console says so, and is left as a real one is.
 */
export function openPracticeConsole(host: PracticeHost, args: readonly string[], events: ProgramEvents): PracticeProgram {
  const print = (text: string): void => events.print(onScreen(text));
  const key = args.find((word) => !word.startsWith('--')) ?? '';
  const machine = findMachine(host.state, key);
  const problem = key === '' ? 'command \'console\' requires <domain> option'
    : !machine ? `failed to get domain '${key}'` : machine.running ? null : 'The domain is not running';
  if (problem !== null || !machine) {
    // After this turn: whoever opened it holds it by then.
    setImmediate(() => {
      print(`error: ${problem ?? ''}\n\n`);
      events.end(1);
    });
    return { key: () => undefined, resize: () => undefined, close: () => undefined };
  }

  let ended = false;
  const end = (text: string): void => {
    if (ended) return;
    ended = true;
    stop();
    print(text);
    events.end(0);
  };
  const stop = host.onEvent((event) => {
    if (event.kind === 'machine' && event.name === machine.name && !machine.running) end('\n\n');
  });
  print(`Connected to domain '${machine.name}'\nEscape character is ^] (Ctrl + ])\n`);
  print('\x1b[90mA practice machine runs no system: nothing answers here. Ctrl+] leaves.\x1b[39m\n');
  return {
    key: (typed) => { if (isControl(typed, ']')) end('\n\n'); },
    resize: () => undefined,
    close: () => {
      ended = true;
      stop();
    },
  };
}
