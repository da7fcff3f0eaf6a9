import type { EventName, EventPayload } from '../../shared/contract/events';
import type { Terminal, TerminalTarget } from '../../shared/domain/terminal';
import { AppError } from '../../shared/errors/app-error';
import type { FakeHandlers } from './fake-bridge';
import type { FakeState } from './fake-state';

type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;
type TerminalProcedure = Extract<keyof FakeHandlers, `terminals.${string}`>;

const encoder = new TextEncoder();
const greeting = 'Linux attic 6.1.0 x86_64\r\n\r\nLast login: Mon Nov 23 19:04:11 2026 from 10.0.0.5\r\n\x1b[1;32mroot@attic\x1b[0m:\x1b[1;34m~\x1b[0m# ';

/** Terminals that greet, echo what is typed, and answer Enter with a new prompt. */
export function createFakeTerminals(state: FakeState, emit: Emit): Pick<FakeHandlers, TerminalProcedure> {
  const printed = new Map<string, Uint8Array>();
  let opened = 0;

  const find = (id: string): Terminal => {
    const terminal = state.terminals.find((candidate) => candidate.id === id);
    if (!terminal) throw new AppError('not-found', 'No such terminal', 'It was closed.');
    return terminal;
  };
  const publish = (): void => emit('terminals.changed', state.terminals);
  const print = (id: string, text: string): void => {
    const before = printed.get(id) ?? new Uint8Array();
    const data = encoder.encode(text);
    printed.set(id, Uint8Array.from([...before, ...data]));
    emit('terminal.output', { terminalId: id, position: before.length, data });
  };
  const titleOf = (target: TerminalTarget): string => {
    if (target.kind === 'local') return target.shell?.split('/').at(-1) ?? 'bash';
    if (target.kind === 'host') return state.hosts.find(({ profile }) => profile.id === target.hostId)?.profile.name ?? target.hostId;
    const machine = state.inventories.get(target.hostId)?.snapshot.machines.find(({ uuid }) => uuid === target.machineUuid);
    return `${machine?.name ?? target.machineUuid} console`;
  };

  return {
    'terminals.list': () => state.terminals,
    'terminals.open': ({ target, typed }) => {
      const terminal: Terminal = { id: `terminal-${++opened}`, target, title: titleOf(target), state: { phase: 'open' } };
      state.terminals = [...state.terminals, terminal];
      publish();
      print(terminal.id, greeting + (typed ?? ''));
      return terminal;
    },
    'terminals.reopen': ({ terminalId }) => {
      find(terminalId).state = { phase: 'open' };
      publish();
      print(terminalId, `\r\n${greeting}`);
    },
    'terminals.attach': ({ terminalId }) => {
      find(terminalId);
      const replay = printed.get(terminalId) ?? new Uint8Array();
      return { replay, position: replay.length };
    },
    'terminals.write': ({ terminalId, data }) => {
      find(terminalId);
      print(terminalId, data.replaceAll('\r', '\r\n\x1b[1;32mroot@attic\x1b[0m:\x1b[1;34m~\x1b[0m# '));
    },
    'terminals.resize': ({ terminalId }) => { find(terminalId); },
    'terminals.acknowledge': ({ terminalId }) => { find(terminalId); },
    'terminals.rename': ({ terminalId, title }) => {
      find(terminalId).title = title;
      publish();
    },
    'terminals.close': ({ terminalId }) => {
      state.terminals = state.terminals.filter(({ id }) => id !== terminalId);
      printed.delete(terminalId);
      publish();
    },
    'terminals.localShells': () => [{ name: 'bash', path: '/bin/bash' }, { name: 'fish', path: '/usr/bin/fish' }],
  };
}
