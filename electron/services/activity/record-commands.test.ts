import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error';
import type { CommandResult, CommandRunner, EventLine } from '../../transport/command-runner';
import { ActivityLog } from './activity-log';
import { recordCommands } from './record-commands';

const ok = (stdout: string): CommandResult => ({ exitCode: 0, stdout, stderr: '', durationMs: 3 });
const failed: CommandResult = { exitCode: 1, stdout: '', stderr: 'error: no such network\n', durationMs: 2 };

function setUp(runner: Partial<CommandRunner>) {
  const log = new ActivityLog(() => new Date('2026-11-23T10:00:00Z'));
  return { log, recorded: recordCommands({ privilege: 'root', ...runner } as CommandRunner, 'h1', log), last: () => log.list('h1').at(-1) };
}

describe('recordCommands', () => {
  it('writes down a command with its document, exit code and output, running first', async () => {
    let finish: (result: CommandResult) => void = () => undefined;
    const { recorded, last } = setUp({ run: () => new Promise((resolve) => { finish = resolve; }) });
    const running = recorded.run({ argv: ['virsh', 'net-define', '/dev/stdin'], stdin: { name: 'web.xml', text: '<network/>' } });
    expect(last()).toMatchObject({ kind: 'command', state: 'running', stdin: { name: 'web.xml' } });
    finish(ok('Network web defined\n'));
    await running;
    expect(last()).toMatchObject({ state: 'ok', exitCode: 0, stdout: 'Network web defined\n', durationMs: 3 });
  });

  it('marks a failed command and keeps what it said', async () => {
    const { recorded, last } = setUp({ run: () => Promise.resolve(failed) });
    await recorded.run({ argv: ['virsh', 'net-start', 'x'] });
    expect(last()).toMatchObject({ state: 'failed', exitCode: 1, stderr: 'error: no such network\n' });
  });

  it('marks a command whose connection ended, and passes the error on', async () => {
    const { recorded, last } = setUp({ run: () => Promise.reject(new AppError('ssh.closed', 'The connection ended', 'Gone.')) });
    await expect(recorded.run({ argv: ['true'] })).rejects.toMatchObject({ code: 'ssh.closed' });
    expect(last()).toMatchObject({ state: 'failed', exitCode: null, stderr: 'The connection ended: Gone.' });
  });

  it('notes libvirt\'s events as they come, and passes every line on', async () => {
    const lines: EventLine[] = [{ source: 'network', text: 'event \'lifecycle\' for network web: Started' }, { source: 'link', text: '3: virbr1' }, { source: 'network', text: null }];
    const { log, recorded } = setUp({ follow: (_sources, onLine) => { lines.forEach(onLine); return Promise.resolve({ close: () => Promise.resolve() }); } });
    const passed: EventLine[] = [];
    await recorded.follow([], (line) => passed.push(line));
    expect(passed).toEqual(lines);
    expect(log.list('h1').map(({ kind, argv }) => [kind, ...argv])).toEqual([['event', 'Network web: Started']]);
  });

  it('lists what a batch of reads asked, and which answers failed', async () => {
    const { recorded, last } = setUp({ virsh: () => Promise.resolve([ok('a\n'), failed]) });
    await recorded.virsh([['net-list', '--all'], ['net-dumpxml', 'x']]);
    expect(last()).toMatchObject({ kind: 'read', state: 'failed', argv: ['virsh'], stdin: { name: '2 reads', text: 'net-list --all\nnet-dumpxml x' }, stdout: '2 answers, 1 failed' });
  });

  it('takes a gather for done when it came back, whatever tools are missing', async () => {
    const { recorded, last } = setUp({ gather: () => Promise.resolve(new Map([['ovs', { ...failed, exitCode: 127 }]])) });
    await recorded.gather([{ name: 'ovs', command: { kind: 'argv', argv: ['ovs-vsctl', 'show'] } }]);
    expect(last()).toMatchObject({ state: 'ok', stdin: { text: 'ovs: ovs-vsctl show' }, stdout: 'ovs: exit 127, 0 characters' });
  });
});

describe('ActivityLog', () => {
  it('tells of many changes in one batch, each line once in its last state', async () => {
    const log = new ActivityLog();
    const batches: number[] = [];
    log.onAppended((entries) => batches.push(entries.length));
    const id = log.record({ hostId: 'h', kind: 'command', argv: ['true'], state: 'running' });
    log.finish('h', id, { state: 'ok', exitCode: 0, durationMs: 1, stdout: '', stderr: '' });
    log.record({ hostId: 'h', kind: 'event', argv: ['started'], state: 'info' });
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(batches).toEqual([2]);
  });

  it('keeps the newest lines and cuts long output with a note', () => {
    const log = new ActivityLog();
    for (let n = 0; n < 2_100; n += 1) log.record({ hostId: 'h', kind: 'event', argv: [`event ${n}`], state: 'info' });
    expect(log.list('h')).toHaveLength(2_000);
    expect(log.list('h')[0]?.argv).toEqual(['event 100']);
    const id = log.record({ hostId: 'h', kind: 'command', argv: ['yes'], state: 'running' });
    log.finish('h', id, { state: 'ok', exitCode: 0, durationMs: 1, stdout: 'y'.repeat(70_000), stderr: '' });
    expect(log.list('h').at(-1)?.stdout).toMatch(/cut here: 4464 more characters$/);
  });
});
