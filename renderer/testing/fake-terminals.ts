import type { EventName, EventPayload } from '../../shared/contract/events';
import type { Terminal, TerminalState, TerminalTarget } from '../../shared/domain/terminal';
import { AppError } from '../../shared/errors/app-error';
import type { FakeHandlers } from './fake-bridge';
import { FakeShell } from './fake-shell';
import type { FakeState } from './fake-state';

type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;
type TerminalProcedure = Extract<keyof FakeHandlers, `terminals.${string}`>;

const encoder = new TextEncoder();
const chunkBytes = 65_536;
/** Main stops reading the process above this, as the real one does. */
const mostUnacknowledged = 1_048_576;

/** One terminal's far end: what it printed, what the window has drawn of it. */
interface FakeTerminal { terminal: Terminal; shell: FakeShell; position: number; replay: Uint8Array; waiting: Uint8Array[]; unacknowledged: number }

/** Terminals with a fake shell each, with the real thing's flow control. */
export function createFakeTerminals(state: FakeState, emit: Emit): Pick<FakeHandlers, TerminalProcedure> {
  const known = new Map<string, FakeTerminal>();
  let opened = 0;

  const find = (id: string): FakeTerminal => {
    const found = known.get(id);
    if (!found) throw new AppError('not-found', 'No such terminal', 'It was closed.');
    return found;
  };
  const publish = (): void => emit('terminals.changed', state.terminals);
  const setState = (id: string, next: TerminalState): void => {
    const { terminal } = find(id);
    terminal.state = next;
    publish();
  };

  function flush(entry: FakeTerminal): void {
    while (entry.waiting.length > 0 && entry.unacknowledged < mostUnacknowledged) {
      const data = entry.waiting.shift()!;
      const { position } = entry;
      entry.position += data.length;
      entry.replay = Uint8Array.from([...entry.replay, ...data]).slice(-mostUnacknowledged);
      entry.unacknowledged += data.length;
      emit('terminal.output', { terminalId: entry.terminal.id, position, data });
    }
  }
  function print(id: string, text: string): void {
    const entry = known.get(id);
    if (!entry) return;
    const data = encoder.encode(text);
    for (let at = 0; at < data.length; at += chunkBytes) entry.waiting.push(data.slice(at, at + chunkBytes));
    flush(entry);
  }

  const hostName = (hostId: string): string => state.hosts.find(({ profile }) => profile.id === hostId)?.profile.name ?? hostId;
  function describe(target: TerminalTarget): { title: string; user: string; host: string } {
    if (target.kind === 'local') return { title: target.shell?.split('/').at(-1) ?? 'bash', user: 'mara', host: 'desk' };
    if (target.kind === 'host') return { title: hostName(target.hostId), user: 'root', host: hostName(target.hostId) };
    const machine = state.inventories.get(target.hostId)?.snapshot.machines.find(({ uuid }) => uuid === target.machineUuid);
    const name = machine?.name ?? target.machineUuid;
    return { title: `${name} console`, user: 'root', host: name };
  }

  return {
    'terminals.list': () => state.terminals,
    'terminals.open': ({ target, typed }) => {
      opened += 1;
      const id = `terminal-${opened}`;
      const { title, user, host } = describe(target);
      const terminal: Terminal = { id, target, title, state: { phase: 'open' } };
      const shell = new FakeShell(user, host, { print: (text) => print(id, text), end: (exitCode) => setState(id, { phase: 'ended', exitCode, signal: null }) });
      known.set(id, { terminal, shell, position: 0, replay: new Uint8Array(), waiting: [], unacknowledged: 0 });
      state.terminals = [...state.terminals, terminal];
      publish();
      if (target.kind === 'console') print(id, `Connected to domain '${host}'\r\nEscape character is ^] (Ctrl + ])\r\n\r\nDebian GNU/Linux 12 ${host} ttyS0\r\n\r\n${host} login: `);
      else shell.greet(typed);
      return terminal;
    },
    'terminals.reopen': ({ terminalId }) => {
      const wasLost = find(terminalId).terminal.state.phase === 'lost';
      setState(terminalId, { phase: 'open' });
      print(terminalId, `\r\n\x1b[90m${`── 14:03 ${wasLost ? 'connected again' : 'started again'} `.padEnd(72, '─')}\x1b[0m\r\n`);
      find(terminalId).shell.greet(null);
    },
    'terminals.attach': ({ terminalId }) => {
      const entry = find(terminalId);
      entry.unacknowledged = 0;
      return { replay: entry.replay, position: entry.position };
    },
    'terminals.write': ({ terminalId, data }) => find(terminalId).shell.input(data),
    'terminals.resize': ({ terminalId }) => { find(terminalId); },
    'terminals.acknowledge': ({ terminalId, bytes }) => {
      const entry = find(terminalId);
      entry.unacknowledged -= bytes;
      flush(entry);
    },
    'terminals.rename': ({ terminalId, title }) => {
      find(terminalId).terminal.title = title;
      publish();
    },
    'terminals.close': ({ terminalId }) => {
      state.terminals = state.terminals.filter(({ id }) => id !== terminalId);
      known.delete(terminalId);
      publish();
    },
    'terminals.localShells': () => [{ name: 'bash', path: '/bin/bash' }, { name: 'fish', path: '/usr/bin/fish' }],
  };
}
