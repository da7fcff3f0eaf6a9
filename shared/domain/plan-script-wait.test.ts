import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan, PlanStep } from './plan';
import { planToScript } from './plan-script';

const uuid = '00000000-0000-4000-8000-000000000007';
const mac = '52:54:00:aa:00:01';
const until: PlanStep['until'] = { check: { kind: 'nic-absent', uuid, mac, extent: 'running' }, patienceMs: 7_000, attempts: 3, otherwise: 'The guest didn\'t let it go.' };
const virsh = (verb: string): PlanStep['command'] => ({ argv: ['virsh', '-c', 'qemu:///system', verb, uuid, '/dev/stdin', '--live'], stdin: { name: 'interface.xml', text: '<interface/>\n' } });
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netwright-script-wait-'));
  const make = (name: string, script: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  // A machine that lets its NIC go once it was looked at so often; `EVENTS` tells what was asked of it, and how long was slept.
  make('virsh', `echo "$3" >> "$EVENTS"
case $3 in
  list) [ "$IS_ON" = no ] || echo ${uuid}; [ "$ANSWERS" = yes ];;
  dumpxml) [ "$(grep -c dumpxml "$EVENTS")" -gt "$LOOKS" ] || echo "<interface><mac address='${mac}'/>";;
  *) [ "$(cat)" = '<interface/>' ] || exit 3; [ "$(grep -c "$3" "$EVENTS")" = 1 ] || { echo 'in the process of unplug' >&2; exit 1; };;
esac`);
  make('sleep', 'echo "sleep $1" >> "$EVENTS"');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const step = (more: Partial<PlanStep>): PlanStep => ({ id: 's', title: 'Take it out', command: virsh('detach-device'), inverse: [], inverseTitle: 'Back', ...more });
const planOf = (...steps: PlanStep[]): Plan => ({
  hostId: 'attic', intent: { kind: 'network.start', uuid }, title: 'x', summary: 'x', steps, checks: [], changes: [], notices: [], digest: '',
});

function run(script: string, { looks = 0, isOn = true, answers = true } = {}): { status: number | null; stderr: string; asked: string[]; slept: number } {
  const log = join(folder, 'events');
  writeFileSync(log, '');
  const { status, stderr } = spawnSync('sh', ['-s'], {
    input: script, encoding: 'utf8',
    env: { PATH: `${folder}:/usr/bin:/bin`, EVENTS: log, LOOKS: String(looks), IS_ON: isOn ? 'yes' : 'no', ANSWERS: answers ? 'yes' : 'no' },
  });
  const events = readFileSync(log, 'utf8').trim().split('\n');
  return { status, stderr, asked: events.filter((event) => event.endsWith('-device')), slept: events.filter((event) => event === 'sleep 1').length };
}

const detachThenAttach = planToScript(planOf(step({ until }), step({ command: virsh('attach-device') })));
const out = 'detach-device';

describe('waitingCommand', () => {
  it('goes on only when the guest has let go', () => {
    expect(run(detachThenAttach)).toEqual({ status: 0, stderr: '', asked: [out, 'attach-device'], slept: 0 });
    expect(run(detachThenAttach, { looks: 4 })).toMatchObject({ status: 0, asked: [out, 'attach-device'], slept: 4 });
  });

  it('asks again after the patience, refused or not, and then gives up with the plan\'s sentence', () => {
    expect(run(detachThenAttach, { looks: 12 })).toMatchObject({ status: 0, asked: [out, out, 'attach-device'] });
    const never = run(detachThenAttach, { looks: 1_000 });
    expect(never).toMatchObject({ status: 1, asked: [out, out, out], slept: 21 });
    expect(never.stderr.trim().split('\n').at(-1)).toBe('The guest didn\'t let it go.');
  });

  it('takes a machine that went off as one without the NIC, and no answer as none', () => {
    expect(run(detachThenAttach, { looks: 1_000, isOn: false })).toMatchObject({ status: 0, slept: 0 });
    expect(run(detachThenAttach, { answers: false })).toMatchObject({ status: 1, asked: [out, out, out] });
  });

  it('waits for a machine that was asked to go off', () => {
    const off: PlanStep['until'] = { check: { kind: 'machine-state', uuid, state: 'shut-off', patienceMs: 3_000 }, patienceMs: 3_000, attempts: 2, otherwise: 'It runs.' };
    const script = planToScript(planOf(step({ until: off })));
    expect(run(script, { isOn: false })).toMatchObject({ status: 0, asked: [out], slept: 0 });
    expect(run(script)).toMatchObject({ status: 1, asked: [out, out], slept: 6, stderr: expect.stringContaining('It runs.') });
    expect(run(script, { isOn: false, answers: false })).toMatchObject({ status: 1 });
  });

  it('waits on the way back, too, where the way back is copied out of its comments', () => {
    const script = planToScript(planOf(step({ command: virsh('attach-device'), inverse: [virsh('detach-device')], inverseUntil: until })));
    expect(script.split('# How it is undone')[0]).not.toContain('wait_for');
    const [, comments = ''] = script.split('# How it is undone, in this order:\n');
    const undo = comments.replace(/^# ?/gm, '').replace(/^Back$/m, '');
    expect(run(undo, { looks: 3 })).toEqual({ status: 0, stderr: '', asked: [out], slept: 3 });
  });
});
