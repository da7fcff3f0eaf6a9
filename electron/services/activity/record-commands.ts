import { toErrorData } from '../../../shared/errors/app-error';
import type { Command } from '../../../shared/domain/plan';
import type { CommandResult, CommandRunner } from '../../transport/command-runner';
import { describeVirshEvent } from '../../commands/virsh/describe-event';
import type { GatherSection } from '../../commands/command';
import type { ActivityLog } from './activity-log';

/**
 * The same runner, with every command and every event of libvirt written to the activity log. Sits above the transport, where passwords are not
 * yet part of anything: what is recorded is exactly what the caller asked for.
 */
export function recordCommands(runner: CommandRunner, hostId: string, log: ActivityLog): CommandRunner {
  async function record<T>(
    kind: 'command' | 'read', argv: readonly string[], stdin: Command['stdin'], work: () => Promise<T>, outcome: (value: T, elapsedMs: number) => CommandResult,
  ): Promise<T> {
    const id = log.record({ hostId, kind, argv: [...argv], stdin: stdin ?? null, state: 'running' });
    const startedAt = Date.now();
    try {
      const value = await work();
      const result = outcome(value, Date.now() - startedAt);
      log.finish(hostId, id, { ...result, state: result.exitCode === 0 ? 'ok' : 'failed' });
      return value;
    } catch (error) {
      const data = toErrorData(error);
      log.finish(hostId, id, {
        state: 'failed', exitCode: null, durationMs: Date.now() - startedAt, stdout: '', stderr: data.stderr ?? `${data.title}: ${data.detail}`,
      });
      throw error;
    }
  }

  return {
    get privilege() {
      return runner.privilege;
    },
    run: (command, options) =>
      record('command', command.argv, command.stdin, () => runner.run(command, options), (result) => result),
    gather: (sections, options) =>
      record('read', ['sh', '-s'], { name: 'gather', text: describeSections(sections) }, () => runner.gather(sections, options), summarizeGather),
    virsh: (argvs, options) =>
      record(
        'read', argvs.length === 1 ? ['virsh', ...(argvs[0] ?? [])] : ['virsh'],
        argvs.length === 1 ? undefined : { name: `${argvs.length} reads`, text: argvs.map((argv) => argv.join(' ')).join('\n') },
        () => runner.virsh(argvs, options), summarizeBatch,
      ),
    follow: (sources, onLine) => runner.follow(sources, (line) => {
      const sentence = line.text === null ? null : describeVirshEvent(line.source, line.text);
      if (sentence !== null) log.record({ hostId, kind: 'event', argv: [sentence], state: 'info' });
      onLine(line);
    }),
    connectTcp: (address, port, options) => runner.connectTcp(address, port, options),
    openTerminal: (request) => runner.openTerminal(request),
    ping: (timeoutMs) => runner.ping(timeoutMs),
    onClose: (listener) => runner.onClose(listener),
    close: () => runner.close(),
  };
}

function describeSections(sections: readonly GatherSection[]): string {
  return sections
    .map(({ name, command }) => {
      switch (command.kind) {
        case 'argv': return `${name}: ${command.argv.join(' ')}`;
        case 'files': return `${name}: read ${command.globs.join(' ')}`;
        case 'tools': return `${name}: look for ${command.names.join(' ')}`;
        case 'sysctls': return `${name}: sysctl ${command.keys.join(' ')}`;
      }
    })
    .join('\n');
}

/** A missing tool is an answer, not a failure: the script as a whole succeeded when every section came back. */
function summarizeGather(results: ReadonlyMap<string, CommandResult>, elapsedMs: number): CommandResult {
  const lines = [...results].map(([name, result]) => `${name}: exit ${result.exitCode}, ${result.stdout.length} characters`);
  return { exitCode: 0, stdout: lines.join('\n'), stderr: joinErrors([...results.values()]), durationMs: elapsedMs };
}

function summarizeBatch(results: CommandResult[], elapsedMs: number): CommandResult {
  const failed = results.filter((result) => result.exitCode !== 0);
  const stdout = results.length === 1 ? (results[0]?.stdout ?? '') : `${results.length} answers, ${failed.length} failed`;
  return { exitCode: failed.length === 0 ? 0 : 1, stdout, stderr: joinErrors(failed), durationMs: elapsedMs };
}

const joinErrors = (results: CommandResult[]): string => results.map((result) => result.stderr).filter(Boolean).join('');
