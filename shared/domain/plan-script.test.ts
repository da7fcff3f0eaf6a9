import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Plan, PlanStep } from './plan';
import { planToScript } from './plan-script';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netwright-script-'));
  // Writes down each argument and its input, byte for byte.
  writeFileSync(join(folder, 'virsh'), `#!/bin/sh\nfor word in "$@"; do printf '<%s>' "$word" >> "$LOG"; done\ncase "$*" in *define*) cat >> "$LOG";; esac\nprintf '\\n' >> "$LOG"\n`);
  chmodSync(join(folder, 'virsh'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const makePlan = (title: string, steps: Partial<PlanStep>[]): Plan => ({
  hostId: 'attic', intent: { kind: 'network.start', uuid: '00000000-0000-4000-8000-000000000001' }, title, summary: title,
  steps: steps.map((step, at) => ({ id: `step-${at}`, title, command: { argv: ['virsh'] }, inverse: [], inverseTitle: title, ...step })),
  checks: [], changes: [], notices: [], digest: '',
});

function runScript(plan: Plan): string {
  const script = join(folder, 'plan.sh');
  const log = join(folder, 'log');
  writeFileSync(script, planToScript(plan));
  writeFileSync(log, '');
  execFileSync('sh', ['-n', script]);
  execFileSync('sh', [script], { env: { PATH: `${folder}:/usr/bin:/bin`, LOG: log } });
  return readFileSync(log, 'utf8');
}

describe('planToScript', () => {
  it('reads like a recipe', () => {
    const plan = makePlan('Create x', [
      { title: 'Define x', command: { argv: ['virsh', 'net-define', '/dev/stdin'], stdin: { name: 'x.xml', text: '<network/>\n' } }, inverse: [{ argv: ['virsh', 'net-undefine', 'x'] }], inverseTitle: 'Remove x' },
      { title: 'Start x', command: { argv: ['virsh', 'net-start', 'x'] }, inverse: [{ argv: ['virsh', 'net-destroy', 'x'] }], inverseTitle: 'Stop x' },
    ]);
    expect(planToScript(plan)).toBe(`#!/bin/sh
# Create x
# Create x
#
# Run it on the host itself, as a user who may change libvirt networks.
set -eu

# Step 1: Define x
virsh net-define /dev/stdin <<'XML'
<network/>
XML

# Step 2: Start x
virsh net-start x

# How it is undone, in this order:
# Stop x
# virsh net-destroy x
#
# Remove x
# virsh net-undefine x
`);
    expect(runScript(plan)).toBe('<net-define></dev/stdin><network/>\n\n<net-start><x>\n');
  });

  it('stops at the first failure', () => {
    const plan = makePlan('x', [{ command: { argv: ['false'] } }, { command: { argv: ['virsh', 'late'] } }]);
    expect(() => runScript(plan)).toThrow();
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('');
  });

  it('goes on behind a step that may fail', () => {
    const plan = makePlan('x', [{ command: { argv: ['false'], stdin: { name: 'x', text: 'x\n' } }, optional: true }, { command: { argv: ['false'], stdin: { name: 'x', text: 'x' } }, optional: true }, { command: { argv: ['virsh', 'late'] } }]);
    expect(runScript(plan)).toBe('<late>\n');
  });

  it('passes on a line that begins like the delimiter and goes on beyond ASCII, of which dash would lose a byte', () => {
    const plan = makePlan('Define x', [{ command: { argv: ['virsh', 'net-define'], stdin: { name: 'x', text: 'XMLä\nEND_1ä\n' } } }]);
    expect(runScript(plan)).toBe('<net-define>XMLä\nEND_1ä\n\n');
  });

  it('passes any words and any document on unchanged, whatever the titles hold', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ä', ' ', '\n', '\r', '\'', '"', '$', '`', '\\', '!', '#', 'XML', 'XML\n', '%s', ';', '&'), maxLength: 12 });
    fc.assert(fc.property(text, fc.array(text, { maxLength: 3 }), text, (title, words, document) => {
      const plan = makePlan(title, [
        { command: { argv: ['virsh', 'net-start', ...words] }, inverse: [{ argv: ['virsh', 'bad', ...words] }] },
        { command: { argv: ['virsh', 'net-define'], stdin: { name: 'x', text: document } }, inverse: [{ argv: ['virsh', 'net-define'], stdin: { name: 'x', text: document } }] },
      ]);
      expect(runScript(plan)).toBe(`<net-start>${words.map((word) => `<${word}>`).join('')}\n<net-define>${document}\n`);
    }), { numRuns: 60 });
  });
});
