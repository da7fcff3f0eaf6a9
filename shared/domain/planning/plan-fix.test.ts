import { describe, expect, it } from 'vitest';
import { makeFacts, makeUserFacts, modularUnits, monolithicUnits, unitOff, unitOn } from '../../../test/fakes/preflight-facts';
import { AppError } from '../../errors/app-error';
import type { HistoryEntry, Plan } from '../plan';
import type { PreflightFacts } from '../preflight/facts';
import type { FindingCode } from '../preflight/finding';
import { currentItem } from '../preflight/system-item';
import type { SystemItem } from '../preflight/system-item';
import { planFix, planFixUndo, touchedItems } from './plan-fix';
import { systemEffectHolds } from './system-effect';

const fix = (code: FindingCode, facts: PreflightFacts) => planFix({ kind: 'preflight.fix', code }, facts);
const lines = ({ steps }: ReturnType<typeof planFix>): string[] => steps.map((step) => step.command.argv.join(' '));
const inverses = ({ steps }: ReturnType<typeof planFix>): string[] => steps.map((step) => step.inverse.map(({ argv }) => argv.join(' ')).join('; '));
function codeOf(act: () => unknown): string {
  try {
    act();
    return 'no error';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('a fix', () => {
  it('switches units on by kind, and back exactly', () => {
    const plan = fix('libvirt.not-running', makeFacts({ units: { ...monolithicUnits(unitOff), 'libvirtd.service': { enabled: 'masked', active: 'inactive' } } }));
    expect(lines(plan)).toEqual([
      'systemctl unmask libvirtd.service', 'systemctl enable --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket', 'systemctl enable --now libvirtd.service',
    ]);
    expect(inverses(plan)).toEqual([
      'systemctl mask libvirtd.service', 'systemctl disable --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket', 'systemctl disable --now libvirtd.service',
    ]);
    // What is on already stays out of it.
    const half = fix('libvirt.not-running', makeFacts({ units: { ...monolithicUnits({ enabled: 'enabled', active: 'inactive' }) } }));
    expect(lines(half)).toEqual(['systemctl start libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket', 'systemctl start libvirtd.service']);
    expect(inverses(half)).toEqual(['systemctl stop libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket', 'systemctl stop libvirtd.service']);
  });

  it('parts the daemons: one kind off, then the other on', () => {
    const plan = fix('libvirt.mixed-daemons', makeFacts({ units: { ...modularUnits(unitOff, ['network']), ...modularUnits(unitOn, ['qemu', 'nodedev']), ...monolithicUnits(unitOn) } }));
    expect(lines(plan)).toEqual([
      'systemctl disable --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket', 'systemctl disable --now libvirtd.service',
      'systemctl enable --now virtnetworkd.socket virtnetworkd-ro.socket virtnetworkd-admin.socket', 'systemctl enable --now virtnetworkd.service',
    ]);
  });

  it('installs first, says that packages stay, and checks what it promised', () => {
    const plan = fix('libvirt.missing', makeFacts({ units: {}, tools: ['apt-get', 'ip', 'ss', 'iptables'], emulators: [], versions: { libvirt: null, iproute: '6.1.0' } }));
    expect(plan.steps.map((step) => [step.lasting ?? false, step.optional ?? false])).toEqual([[true, true], [true, false], [false, false], [false, false]]);
    expect(plan.steps[1]).toMatchObject({ inverse: [], inverseTitle: 'Not taken back by the app: the packages stay', timeoutMs: 1_800_000 });
    expect(plan.notices[0]?.text).toMatch(/packages stay/);
    expect(plan.checks.map((check) => check.title)).toEqual(expect.arrayContaining(['libvirtd.service runs, and starts with the host', 'The host has virsh', 'libvirt answers']));
  });

  it('writes a file that can be read before', () => {
    const plan = fix('dns.port-taken', makeFacts({ dnsSockets: [{ protocol: 'udp', address: '0.0.0.0', process: 'dnsmasq' }], units: { ...makeFacts().units, 'dnsmasq.service': unitOn } }));
    expect(plan.changes).toEqual([{ title: '/etc/dnsmasq.d/50-libvirt-bridges.conf', language: 'text', before: null, after: '# libvirt runs a dnsmasq of its own on each of its bridges.\nbind-dynamic\nexcept-interface=virbr*\n' }]);
    expect(lines(plan)).toEqual(['install -D -m 0644 /dev/stdin /etc/dnsmasq.d/50-libvirt-bridges.conf', 'systemctl restart dnsmasq.service']);
    expect(inverses(plan)).toEqual(['rm -f /etc/dnsmasq.d/50-libvirt-bridges.conf', 'rm -f /etc/dnsmasq.d/50-libvirt-bridges.conf; systemctl restart dnsmasq.service']);
  });

  it('is refused where nothing is wrong, where the app has none, and without rights', () => {
    expect(codeOf(() => fix('ovs.missing', makeFacts()))).toBe('plan.invalid');
    expect(codeOf(() => fix('kvm.missing', makeFacts({ kvm: { device: null, cpu: 'none', inside: null } })))).toBe('plan.invalid');
    expect(codeOf(() => fix('libvirt.not-running', makeUserFacts({ units: monolithicUnits(unitOff), privilege: 'libvirt-group' })))).toBe('auth.no-privilege');
    expect(codeOf(() => fix('libvirt.missing', makeFacts({ units: {}, tools: ['ip', 'ss'], os: { id: 'void', like: [], name: 'Void', ostree: false } })))).toBe('plan.invalid');
  });
});

describe('the undo of a fix', () => {
  const stopped = makeFacts({ units: monolithicUnits(unitOff) });
  const entryOf = (code: FindingCode, before: PreflightFacts, after: PreflightFacts, outcome: 'applied' | 'rolled-back' = 'applied'): HistoryEntry => {
    const draft = fix(code, before);
    const items = touchedItems({ kind: 'preflight.fix', code }, null, before);
    const plan: Plan = { ...draft, hostId: 'h', intent: { kind: 'preflight.fix', code }, digest: '', steps: draft.steps.map((step) => ({ ...step, id: '' })), checks: [] };
    return {
      id: 'e', hostId: 'h', hostName: 'h', before: [], after: [], undoneBy: null, undoes: null, system: { before: items, after: items.map((item) => currentItem(item, after)) },
      run: { id: 'e', plan, phase: 'ended', steps: plan.steps.map(() => ({ state: 'done', outcome: null, inverseOutcomes: [] })), checks: [], outcome, cancelled: false, error: null, startedAt: '', endedAt: '' },
    };
  };

  it('goes back to each state before', () => {
    expect(lines(planFixUndo(entryOf('libvirt.not-running', stopped, makeFacts()), makeFacts()))).toEqual([
      'systemctl disable --now libvirtd-admin.socket libvirtd-ro.socket libvirtd.socket', 'systemctl disable --now libvirtd.service',
    ]);
    const grouped = makeUserFacts({ libvirtMembers: ['mara'] });
    expect(lines(planFixUndo(entryOf('rights.not-in-group', makeUserFacts(), grouped), grouped))).toEqual(['gpasswd --delete mara libvirt']);
  });

  it('is refused when somebody went on, and for packages', () => {
    const entry = entryOf('libvirt.not-running', stopped, makeFacts());
    const changed = makeFacts({ units: { ...makeFacts().units, 'libvirtd.socket': { enabled: 'disabled', active: 'active' } } });
    expect(() => planFixUndo(entry, changed)).toThrow(/libvirtd.socket was changed in the meantime/);
    const noOvs = makeFacts({ tools: makeFacts().tools.filter((tool) => tool !== 'ovs-vsctl') });
    expect(() => planFixUndo(entryOf('ovs.missing', noOvs, makeFacts()), makeFacts())).toThrow(/installed packages/);
    expect(() => planFixUndo({ ...entry, undoneBy: 'x' }, makeFacts())).toThrow(/undone already/);
    expect(codeOf(() => planFixUndo(entry, makeUserFacts({ privilege: 'libvirt-group' })))).toBe('auth.no-privilege');
  });
});

describe('the effect of a command', () => {
  const holds = (line: string, facts: PreflightFacts, extent: 'all' | 'any' = 'all') => systemEffectHolds({ argv: line.split(' ') }, facts, extent);

  it('is seen in the facts, in part or in full', () => {
    const half = makeFacts({ units: { 'a.service': { enabled: 'enabled', active: 'failed' }, 'b.service': unitOn } });
    expect(holds('systemctl enable --now a.service b.service', half)).toBe(false);
    expect(holds('systemctl enable --now a.service', half, 'any')).toBe(true);
    expect(holds('systemctl start a.service', half, 'any')).toBe(false);
    expect(holds('systemctl restart a.service', half, 'any')).toBe(true);
    expect(holds('systemctl disable --now a.service', half)).toBe(false);
    expect(holds('gpasswd --add mara libvirt', makeUserFacts({ libvirtMembers: ['mara'] }))).toBe(true);
    expect(holds('gpasswd --delete mara libvirt', makeUserFacts({ libvirtMembers: ['mara'] }))).toBe(false);
    expect(holds('sysctl -w net.ipv4.ip_forward=1', makeFacts({ ipForward: false }))).toBe(false);
    expect(holds('apt-get install x', makeFacts())).toBeNull();
  });

  it('follows every step of every fix that the facts then show', () => {
    const before: SystemItem[] = touchedItems({ kind: 'preflight.fix', code: 'libvirt.not-running' }, null, makeFacts({ units: monolithicUnits(unitOff) }));
    expect(before).toHaveLength(4);
    const plan = fix('libvirt.not-running', makeFacts({ units: monolithicUnits(unitOff) }));
    for (const step of plan.steps) {
      expect(systemEffectHolds(step.command, makeFacts(), 'all')).toBe(true);
      expect(systemEffectHolds(step.command, makeFacts({ units: monolithicUnits(unitOff) }), 'any')).toBe(false);
    }
  });
});
