import { splitShellWords } from '../../../../shared/domain/shell-words';
import { toErrorData } from '../../../../shared/errors/app-error';
import type { CommandResult } from '../../command-runner';
import { followTool } from '../event-lines';
import type { PracticeHost } from '../practice-host';
import { openPracticeConsole } from './console';
import { LineEditor } from './line-editor';
import { isControl, onScreen, type PracticeProgram, type ProgramEvents } from './program';

export interface ShellOptions {
  host: PracticeHost;
  columns: number;
  /** One process on the practice host. */
  run(argv: readonly string[], signal: AbortSignal): Promise<CommandResult>;
}

const greeting = [
  'This is the practice host: a hypervisor that Netwright makes up. The shell is',
  'Netwright\'s own, too; it runs the few tools the host has, one command a line.',
  'Nothing on this computer is touched. Type “help” for what it knows.',
];

const help = [
  'Tools       virsh, ip, bridge, ss, ovs-vsctl, systemctl, sysctl, iptables-save',
  'Files       cat, ls, grep (try: ls /etc/libvirt/qemu/networks)',
  'Following   virsh event --all --loop, virsh net-event --event lifecycle --loop,',
  '            ip monitor; Ctrl-C ends them',
  'Console     virsh console MACHINE; Ctrl+] leaves it',
  'Rehearsing  practice: what may go wrong while a NIC becomes a bridge\'s port',
  'Shell       history, clear, help, exit',
  'There are no pipes, variables, patterns or files of your own.',
];

/** What a login on the practice host gives: prompt, line editing, and the host's tools. */
export function openPracticeShell(options: ShellOptions, events: ProgramEvents): PracticeProgram {
  const { host } = options;
  const prompt = `\x1b[1;32mroot@${host.state.hostname}\x1b[0m:\x1b[1;34m~\x1b[0m# `;
  let exitCode = 0;
  /** What runs now and takes the keys; null: the line editor does. */
  let foreground: { key(key: string): void; close(): void } | null = null;
  /** Typed while something that takes no keys was running. */
  let typedAhead: string[] = [];

  const print = (text: string): void => events.print(onScreen(text));
  const editor = new LineEditor({
    print: (text) => events.print(text),
    submit: (line) => runLine(line),
    endOfInput: () => {
      print('logout\n');
      events.end(exitCode);
    },
  }, options.columns);

  function showPrompt(): void {
    foreground = null;
    editor.begin(prompt);
    const waiting = typedAhead;
    typedAhead = [];
    for (const key of waiting) take(key);
  }

  function take(key: string): void {
    if (foreground) foreground.key(key);
    else editor.key(key);
  }

  function runLine(line: string): void {
    const read = splitShellWords(line);
    if (read.kind === 'words') return runWords(read.words);
    exitCode = 2;
    print(read.kind === 'unfinished' ? 'The quote is not closed.\n' : `The practice shell runs one command a line and knows no “${read.character}”. In quotes it is an ordinary character.\n`);
    showPrompt();
  }

  function runWords(words: readonly string[]): void {
    const [name = '', ...args] = words;
    switch (name) {
      case '': break;
      case 'help': print(`${help.join('\n')}\n`); break;
      case 'history': print(editor.history.map((line, index) => `${String(index + 1).padStart(5)}  ${line}\n`).join('')); break;
      case 'clear': events.print('\x1b[H\x1b[2J\x1b[3J'); break;
      case 'pwd': print('/root\n'); break;
      case 'whoami': print('root\n'); break;
      case 'echo': print(`${args.join(' ')}\n`); break;
      case 'exit': case 'logout': return events.end(/^\d+$/.test(args[0] ?? '') ? Number(args[0]) % 256 : exitCode);
      default: return runTool(words);
    }
    showPrompt();
  }

  function runTool(words: readonly string[]): void {
    const ended = (code: number): void => {
      exitCode = code;
      showPrompt();
    };
    if (words[0] === 'virsh' && words.includes('console')) {
      foreground = openPracticeConsole(host, words.slice(words.indexOf('console') + 1), { print: events.print, end: ended });
      return;
    }
    const followed = followTool(host, words);
    if (followed) follow(followed, ended);
    else runOnce(words, ended);
  }

  function follow(tool: NonNullable<ReturnType<typeof followTool>>, ended: (code: number) => void): void {
    print(tool.initial.map((line) => `${line}\n`).join(''));
    const stop = host.onEvent((event) => print(tool.lines(event, host.now()).map((line) => `${line}\n`).join('')));
    foreground = {
      key(key) {
        if (!isControl(key, 'C')) return;
        stop();
        print('^C\n');
        ended(130);
      },
      close: stop,
    };
  }

  function runOnce(words: readonly string[], ended: (code: number) => void): void {
    const abort = new AbortController();
    foreground = {
      key(key) {
        if (isControl(key, 'C')) abort.abort();
        else typedAhead.push(key);
      },
      close: () => abort.abort(),
    };
    options.run(words, abort.signal).then(
      (result) => {
        print(result.stdout + result.stderr);
        ended(result.exitCode ?? 128);
      },
      (error: unknown) => {
        const { code, title, detail } = toErrorData(error);
        // With the connection the whole terminal goes; Ctrl-C needs no sentence.
        if (code === 'ssh.closed') return;
        print(code === 'cancelled' ? '^C\n' : `${title}: ${detail}\n`);
        ended(130);
      },
    );
  }

  print(`\x1b[90m${greeting.join('\n')}\x1b[39m\n\n`);
  showPrompt();
  return {
    key: take,
    resize: (columns) => editor.setColumns(columns),
    close: () => foreground?.close(),
  };
}
