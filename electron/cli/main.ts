import { join } from 'node:path';
import { createCore, type Core } from '../core';
import { dataFolder } from '../storage/data-folder';
import { AppError, toErrorData } from '../../shared/errors/app-error';
import type { AppErrorData } from '../../shared/errors/app-error-data';
import type { HostProfile } from '../../shared/domain/host';
import { readSshConfig } from '../transport/ssh/ssh-config';
import { parseInvocation, usage, type CommonOptions, type Invocation } from './arguments';
import { createAddressed } from './commands/create-addressed';
import { createAttached } from './commands/create-attached';
import { concludeConversion, showTransactions } from './commands/conversions';
import { deleteNetwork } from './commands/delete-network';
import { editNetwork, reserveAddress } from './commands/edit-network';
import { changeUplink } from './commands/change-uplink';
import { attachNic, detachNic, limitNic, linkNic, moveNic, switchMachine } from './commands/machine';
import { exportNetwork } from './commands/export-network';
import { importNetwork } from './commands/import-network';
import { inspect } from './commands/inspect';
import { applyLab, assignRole, cloneLab, destroyLab, exportLab, listLabs, newLab, planLab, showJumpBox, showTemplates, switchLab } from './commands/lab';
import { testLab } from './commands/test-lab';
import { preflight } from './commands/preflight';
import { showEntry, showHistory } from './commands/history';
import { showHosts } from './commands/hosts';
import { undo } from './commands/undo';
import { exitCode, exitCodeOf } from './exit-code';
import { resolveHost } from './host-reference';
import { HistoryService } from '../services/history/history-service';
import { FileHistoryStore } from '../storage/history-store';
import { HostStore } from '../storage/host-store';
import { readFirstLine, TerminalAsker } from './terminal-asker';

declare const __NETWRIGHT_VERSION__: string;

/** What a subcommand gets: the services, where to write, and how to reach a host. */
export interface CliContext {
  core: Core;
  asker: TerminalAsker;
  print(text: string): void;
  /** To stderr: progress and questions. */
  tell(text: string): void;
  connect(hostId: string): Promise<void>;
}

async function main(argv: readonly string[]): Promise<number> {
  let json = argv.includes('--json');
  try {
    const invocation = parseInvocation(argv);
    if (invocation.command === 'help') { console.log(usage); return argv.length === 0 ? exitCode.usage : exitCode.ok; }
    if (invocation.command === 'version') { console.log(__NETWRIGHT_VERSION__); return exitCode.ok; }
    json = invocation.options.json ?? false;
    return await run(invocation);
  } catch (error) {
    const data = toErrorData(error);
    if (json) console.log(JSON.stringify({ error: data }, null, 2));
    else console.error(formatError(data));
    return error instanceof AppError ? exitCodeOf(data.code) : exitCode.failed;
  }
}

type HostInvocation = Exclude<Invocation, { command: 'help' | 'version' }>;

async function run(invocation: HostInvocation): Promise<number> {
  const { options } = invocation;
  const folder = dataFolder();
  const password = options['password-stdin'] ? await readFirstLine(process.stdin) : null;
  const asker = new TerminalAsker({ input: process.stdin, error: process.stderr }, password);
  const host = await hostOf(invocation, options, folder);
  const core = await createCore({
    folder, keychain: null, asker, knownHostsFile: options['known-hosts'],
    extraHosts: host ? [host] : [],
    onProblem: (what, error) => console.error(`netwright: ${what}: ${toErrorData(error).detail}`),
  });
  const context: CliContext = {
    core, asker,
    print: (text) => console.log(text),
    tell: (text) => console.error(text),
    connect: async (hostId) => {
      await core.sessions.connect(hostId);
      const state = core.sessions.stateOf(hostId);
      if (state.phase === 'failed') throw AppError.fromData(state.error);
      if (state.phase !== 'connected') throw new AppError('cancelled', 'Not connected', 'The connection was given up.');
    },
  };
  try {
    switch (invocation.command) {
      case 'hosts': return showHosts(context, options);
      case 'history': return showHistory(context, options, host?.id ?? null);
      case 'history-show': return showEntry(context, invocation.historyId, invocation.script, options);
      case 'inspect': return await inspect(context, theHost(host), options);
      case 'preflight': return await preflight(context, theHost(host), invocation.host, invocation.options);
      case 'create-addressed': return await createAddressed(context, theHost(host), invocation.kind, invocation.name, invocation.options);
      case 'create-attached': return await createAttached(context, theHost(host), invocation.kind, invocation.name, invocation.options);
      case 'edit': return await editNetwork(context, theHost(host), invocation.name, invocation.options);
      case 'reserve': {
        const { network, mac, ip, options: said } = invocation;
        return await reserveAddress(context, theHost(host), network, { mac, ip, name: said.name ?? null }, said);
      }
      case 'delete-network': return await deleteNetwork(context, theHost(host), invocation.name, invocation.options);
      case 'attach': return await attachNic(context, theHost(host), invocation.machine, invocation.options);
      case 'detach': return await detachNic(context, theHost(host), invocation.machine, invocation.mac, invocation.options);
      case 'move': return await moveNic(context, theHost(host), invocation.machine, invocation.mac, invocation.options);
      case 'link': return await linkNic(context, theHost(host), invocation.machine, invocation.mac, invocation.up, invocation.options);
      case 'limit': return await limitNic(context, theHost(host), invocation.machine, invocation.mac, invocation.options);
      case 'power': return await switchMachine(context, theHost(host), invocation.machine, invocation.verb, invocation.options);
      case 'export': return await exportNetwork(context, theHost(host), invocation.name, invocation.file);
      case 'import': return await importNetwork(context, theHost(host), invocation.file, invocation.options);
      case 'change-uplink': return await changeUplink(context, theHost(host), invocation.request, invocation.options);
      case 'transactions': return await showTransactions(context, theHost(host), options);
      case 'conclude': return await concludeConversion(context, theHost(host), invocation.verb, invocation.id, options);
      case 'lab-templates': return showTemplates(context, options);
      case 'lab-list': return await listLabs(context, theHost(host), options);
      case 'lab-new': return await newLab(context, theHost(host), invocation);
      case 'lab-plan': return await planLab(context, theHost(host), invocation);
      case 'lab-apply': return await applyLab(context, theHost(host), invocation);
      case 'lab-destroy': return await destroyLab(context, theHost(host), invocation);
      case 'lab-test': return await testLab(context, theHost(host), invocation);
      case 'lab-jump': return await showJumpBox(context, theHost(host), invocation);
      case 'lab-power': return await switchLab(context, theHost(host), invocation);
      case 'lab-assign': return await assignRole(context, theHost(host), invocation);
      case 'lab-export': return await exportLab(context, theHost(host), invocation);
      case 'lab-clone': return await cloneLab(context, theHost(host), invocation);
      case 'undo': return await undo(context, theHost(host), invocation.historyId, invocation.options);
    }
  } finally {
    await core.close();
  }
}

/** The host named on the command line, with the options laid over it; for `undo` the one the entry belongs to. */
async function hostOf(invocation: HostInvocation, options: CommonOptions, folder: string): Promise<HostProfile | null> {
  const reference = 'host' in invocation ? invocation.host : invocation.command === 'undo' ? await hostOfEntry(invocation.historyId, folder) : null;
  if (reference === null) return null;
  const store = new HostStore(folder);
  await store.load();
  return resolveHost(reference, options, {
    findByName: (name) => store.list().find((host) => host.id === name) ?? store.findByName(name),
    sshAlias: async (alias) => (await readSshConfig()).entries.find((entry) => entry.alias === alias) ?? null,
  });
}

const theHost = (host: HostProfile | null): HostProfile => {
  if (!host) throw new AppError('input.invalid', 'The command line is not understood', 'A host is missing.');
  return host;
};

function formatError(data: AppErrorData): string {
  return [`netwright: ${data.title}: ${data.detail}`, data.stderr && `  ${data.stderr.trim().replaceAll('\n', '\n  ')}`, data.hint && `  ${data.hint}`].filter(Boolean).join('\n');
}

/** The history knows hosts by id: one of the app, an ssh:// reference, or `alias:NAME`. */
async function hostOfEntry(historyId: string, folder: string): Promise<string> {
  const history = new HistoryService(new FileHistoryStore(join(folder, 'history')));
  await history.load();
  return history.get(historyId).hostId.replace(/^alias:/, '');
}

// An installed `netwright` is Electron that this variable makes plain Node; the programs it starts (ssh and whatever that
// starts) are none of its business.
delete process.env.ELECTRON_RUN_AS_NODE;
void main(process.argv.slice(2)).then((code) => { process.exitCode = code; });
