import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFacts, makeUserFacts, modularUnits, monolithicUnits, unitOff, unitOn, unitWaiting } from '../../../test/fakes/preflight-facts';
import { assessHost } from './assess-host';
import type { PreflightFacts } from './facts';
import { findingSchema } from './finding';
import type { Finding } from './finding';

const fedora = { id: 'fedora', like: [], name: 'Fedora Linux 43', ostree: false };
const ovs = { 'openvswitch-switch.service': unitOn };
const libvirtProblem = (code: string) => [{ area: 'libvirt' as const, code, title: 'libvirt is not there', detail: 'virsh said no.' }];

/** Severity and code of all that is found. */
const found = (facts: PreflightFacts): string[] => assessHost(facts).findings.map(({ severity, code }) => `${severity} ${code}`);
function only(facts: PreflightFacts): Finding {
  const { findings } = assessHost(facts);
  expect(findings).toHaveLength(1);
  return findings[0]!;
}

describe('libvirt', () => {
  it('is well when it runs, when it sleeps, and as modular daemons', () => {
    expect(found(makeFacts())).toEqual([]);
    const sleeping = makeFacts({ units: { ...monolithicUnits(unitOn), 'libvirtd.service': unitWaiting, ...ovs } });
    expect(found(sleeping)).toEqual([]);
    expect(assessHost(sleeping).passed[0]).toMatch(/libvirtd.service sleeps/);
    expect(found(makeFacts({ os: fedora, units: { ...modularUnits(unitOn), ...ovs } }))).toEqual([]);
    // Debian's libvirtd beside nothing else, Fedora's libvirtd installed but never switched on.
    expect(found(makeFacts({ os: fedora, units: { ...modularUnits(unitOn), ...monolithicUnits(unitOff), ...ovs } }))).toEqual([]);
  });

  it('is missing: one finding, whose fix brings the emulator and dnsmasq along', () => {
    const facts = makeFacts({ units: ovs, tools: ['apt-get', 'ip', 'ss', 'iptables', 'ovs-vsctl'], emulators: [], versions: { libvirt: null, iproute: '6.1.0' }, problems: libvirtProblem('libvirt.missing') });
    const finding = only(facts);
    expect(finding).toMatchObject({ code: 'libvirt.missing', severity: 'blocker' });
    expect(finding.fix).toEqual({
      kind: 'plan', label: 'Install libvirt',
      script: 'apt-get update\napt-get install --no-install-recommends libvirt-daemon-system libvirt-clients qemu-system-x86 dnsmasq-base\nsystemctl enable --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service',
    });
  });

  it('is installed but off, failed or masked', () => {
    const off = only(makeFacts({ units: { ...monolithicUnits(unitOff), ...ovs }, problems: libvirtProblem('libvirt.not-running') }));
    expect(off).toMatchObject({ code: 'libvirt.not-running', severity: 'blocker', detail: 'libvirtd.service is inactive and disabled, and no socket waits in its place.' });
    expect(only(makeFacts({ units: { ...monolithicUnits(unitOff), 'libvirtd.service': { enabled: 'enabled', active: 'failed' }, ...ovs } })).detail).toBe('libvirtd.service has failed.');
    const masked = only(makeFacts({ units: { ...monolithicUnits(unitOff), 'libvirtd.service': { enabled: 'masked', active: 'inactive' }, ...ovs } }));
    expect(masked.detail).toMatch(/masked/);
    expect(masked.fix).toMatchObject({ script: expect.stringMatching(/^systemctl unmask libvirtd.service\nsystemctl enable --now libvirtd.socket/) as unknown });
  });

  it('runs, but lets nobody in', () => {
    expect(only(makeUserFacts({ privilege: 'libvirt-group', sessionGroups: ['libvirt'], libvirtMembers: ['mara'], problems: libvirtProblem('libvirt.denied') }))).toMatchObject({ code: 'libvirt.unreachable', severity: 'blocker', fix: null });
  });

  it('has two generations at once: the complete one is kept', () => {
    const both = only(makeFacts({ os: fedora, units: { ...modularUnits(unitOn), ...monolithicUnits(unitOff), 'libvirtd.socket': unitOn, ...ovs } }));
    expect(both).toMatchObject({ code: 'libvirt.mixed-daemons', fix: { label: 'Keep the modular daemons', script: 'systemctl disable --now libvirtd.socket' } });
    const halfway = only(makeFacts({ units: { ...monolithicUnits(unitOn), ...modularUnits(unitOn, ['qemu']), ...ovs } }));
    expect(halfway).toMatchObject({ code: 'libvirt.mixed-daemons', fix: { label: 'Keep libvirtd', script: expect.stringContaining('virtqemud.service') as unknown } });
  });

  it('lacks a part of the modular daemons', () => {
    expect(only(makeFacts({ os: fedora, tools: [...makeFacts().tools, 'dnf'], units: { ...modularUnits(unitOn, ['qemu', 'nodedev']), ...ovs } })))
      .toMatchObject({ code: 'libvirt.part-missing', fix: { script: expect.stringContaining('dnf install libvirt-daemon-driver-network') as unknown } });
    expect(only(makeFacts({ os: fedora, units: { ...modularUnits(unitOn), ...modularUnits(unitOff, ['network']), ...ovs } })))
      .toMatchObject({ code: 'libvirt.part-not-running', severity: 'blocker', detail: 'virtnetworkd.service neither runs nor waits on a socket.' });
    expect(only(makeFacts({ os: fedora, units: { ...modularUnits(unitOn), ...modularUnits(unitOff, ['nodedev']), ...ovs } })).severity).toBe('warning');
  });

  it('is old, or without virsh', () => {
    expect(found(makeFacts({ versions: { libvirt: '5.10.0', iproute: '5.4.0' } }))).toEqual(['warning libvirt.too-old']);
    expect(found(makeFacts({ versions: { libvirt: '6.0.0', iproute: '5.4.0' } }))).toEqual([]);
    expect(found(makeFacts({ tools: makeFacts().tools.filter((tool) => tool !== 'virsh') }))).toEqual(['blocker libvirt.client-missing']);
  });
});

describe('rights', () => {
  it('are complete for root, a member of libvirt, and with sudo', () => {
    expect(found(makeUserFacts({ privilege: 'libvirt-group', sessionGroups: ['mara', 'libvirt'], libvirtMembers: ['mara'] }))).toEqual([]);
    expect(found(makeUserFacts({ libvirtMembers: null }))).toEqual([]);
    expect(only(makeUserFacts())).toMatchObject({ code: 'rights.not-in-group', severity: 'note', fix: { kind: 'plan', script: 'sudo gpasswd --add mara libvirt' } });
  });

  it('count from the next login on', () => {
    expect(only(makeUserFacts({ libvirtMembers: ['mara'] }))).toMatchObject({ code: 'rights.reconnect', severity: 'note', fix: { kind: 'reconnect' } });
    expect(only(makeUserFacts({ libvirtMembers: ['mara'], privilege: 'read-only' })).severity).toBe('warning');
  });

  it('are missing: the app can\'t give them to itself', () => {
    expect(only(makeUserFacts({ privilege: 'read-only', sessionGroups: ['mara'] }))).toMatchObject({ code: 'rights.read-only', fix: { kind: 'manual', text: expect.stringContaining('as root') as unknown, script: 'sudo gpasswd --add mara libvirt' } });
    expect(only(makeUserFacts({ privilege: 'read-only' })).fix).toMatchObject({ text: expect.stringContaining('“Use sudo”') as unknown });
    expect(only(makeUserFacts({ privilege: 'read-only', sessionGroups: ['mara'], libvirtMembers: null })).fix).toMatchObject({ script: null });
  });

  it('decide whether a fix is the app\'s or the user\'s', () => {
    const stopped = { units: { ...monolithicUnits(unitOff), ...ovs } };
    expect(only(makeUserFacts({ ...stopped, libvirtMembers: ['mara'], sessionGroups: ['libvirt'], privilege: 'sudo' })).fix?.kind).toBe('plan');
    expect(only(makeUserFacts({ ...stopped, libvirtMembers: ['mara'], sessionGroups: ['libvirt'], privilege: 'libvirt-group' })).fix).toMatchObject({
      kind: 'manual', script: 'sudo systemctl enable --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service',
    });
  });
});

describe('networks', () => {
  const without = (...tools: string[]): Partial<PreflightFacts> => ({ tools: makeFacts().tools.filter((tool) => !tools.includes(tool)) });

  it('need dnsmasq and firewall tools that libvirt can use', () => {
    expect(found(makeFacts(without('dnsmasq')))).toEqual(['blocker dnsmasq.missing']);
    // Before 10.4 libvirt can't use nft.
    expect(only(makeFacts(without('iptables'))).detail).toMatch(/libvirt 9\.0\.0 writes its rules by iptables only/);
    expect(found(makeFacts({ ...without('iptables'), versions: { libvirt: '10.4.0', iproute: '6.1.0' } }))).toEqual([]);
    expect(found(makeFacts({ ...without('iptables', 'nft'), versions: { libvirt: '11.3.0', iproute: '6.1.0' } }))).toEqual(['blocker firewall.tools-missing']);
  });

  it('need port 53 of their bridge', () => {
    const socket = (address: string, process: string | null) => ({ protocol: 'udp', address, process });
    expect(found(makeFacts({ dnsSockets: [socket('127.0.0.53%lo', 'systemd-resolve'), socket('192.168.122.1', 'dnsmasq'), socket('[::1]', 'unbound')] }))).toEqual([]);
    const own = only(makeFacts({ dnsSockets: [socket('0.0.0.0', 'dnsmasq'), socket('[::]', 'dnsmasq')], units: { ...makeFacts().units, 'dnsmasq.service': unitOn }, bridges: ['virbr0', 'lab0'] }));
    expect(own).toMatchObject({ code: 'dns.port-taken', severity: 'warning', fix: { kind: 'plan', script: expect.stringContaining('except-interface=virbr*\\nexcept-interface=lab0') as unknown } });
    const pihole = only(makeFacts({ dnsSockets: [socket('*', 'pihole-FTL')] }));
    expect(pihole).toMatchObject({ title: 'pihole-FTL holds port 53 on every address', fix: { kind: 'manual', text: expect.stringContaining('pihole-FTL') as unknown } });
  });

  it('need forwarding while they are active', () => {
    expect(only(makeFacts({ ipForward: false, routedNetworks: ['default', 'lab'] }))).toMatchObject({ code: 'forwarding.off', detail: expect.stringContaining('default and lab are active') as unknown });
    expect(found(makeFacts({ ipForward: false, routedNetworks: [] }))).toEqual([]);
    expect(found(makeFacts({ ipForward: null }))).toEqual([]);
  });

  it('meet firewalld and Docker', () => {
    const units = { ...makeFacts().units, 'firewalld.service': unitOn, 'docker.service': unitOn };
    expect(found(makeFacts({ units }))).toEqual(['warning firewalld.no-zone']);
    const docker = only(makeFacts({ units, libvirtZone: true, forwardPolicy: 'DROP' }));
    expect(docker).toMatchObject({ code: 'docker.forward-drop', severity: 'note', fix: null, meaning: expect.stringContaining('NAT networks are not affected') as unknown });
    expect(only(makeFacts({ units, libvirtZone: true, forwardPolicy: 'DROP', versions: { libvirt: '11.3.0', iproute: '6.1.0' } })).meaning).toMatch(/reach nothing beyond the host/);
  });
});

describe('the machine', () => {
  it('needs an emulator, and is slow without KVM', () => {
    expect(only(makeFacts({ emulators: [] }))).toMatchObject({ code: 'qemu.missing', fix: { label: 'Install QEMU' } });
    const kvm = (more: Partial<PreflightFacts['kvm']>) => only(makeFacts({ kvm: { device: null, cpu: 'vmx', inside: null, ...more } }));
    expect(kvm({}).fix).toMatchObject({ script: 'modprobe kvm_intel\ndmesg | grep -i kvm' });
    expect(kvm({ cpu: 'none' }).fix).toMatchObject({ text: expect.stringContaining('BIOS') as unknown, script: null });
    expect(kvm({ cpu: 'none', inside: 'kvm' }).fix).toMatchObject({ text: expect.stringContaining('nested virtualization') as unknown });
    expect(kvm({ inside: 'lxc' }).fix).toMatchObject({ text: expect.stringContaining('container (lxc)') as unknown, script: null });
    expect(found(makeFacts({ kvm: { device: { mode: '600', group: 'root' }, cpu: 'vmx', inside: null } }))).toEqual(['warning kvm.not-accessible']);
    expect(found(makeFacts({ kvm: { device: { mode: '666', group: 'root' }, cpu: 'svm', inside: null } }))).toEqual([]);
  });

  it('may have Open vSwitch', () => {
    expect(only(makeFacts({ tools: makeFacts().tools.filter((tool) => tool !== 'ovs-vsctl') }))).toMatchObject({ code: 'ovs.missing', severity: 'note' });
    expect(only(makeFacts({ units: { ...makeFacts().units, 'ovs-vswitchd.service': { enabled: 'static', active: 'failed' } } })).detail).toBe('ovs-vswitchd.service is not active.');
  });

  it('needs an iproute2 that speaks JSON', () => {
    const ip = (iproute: string | null) => found(makeFacts({ versions: { libvirt: '9.0.0', iproute } }));
    expect(ip(null)).toEqual(['blocker iproute.missing']);
    expect(ip('170905')).toEqual(['blocker iproute.too-old']);
    expect(ip('190708')).toEqual([]);
    expect(found(makeFacts({ tools: makeFacts().tools.filter((tool) => tool !== 'ss') }))).toEqual(['blocker iproute.missing']);
  });

  it('may be run by OpenRC', () => {
    const alpine = makeFacts({ systemd: false, units: {}, os: { id: 'alpine', like: [], name: 'Alpine Linux v3.22', ostree: false }, tools: ['apk', ...makeFacts().tools.filter((tool) => tool !== 'apt-get')] });
    expect(found(alpine)).toEqual([]);
    expect(only({ ...alpine, versions: { libvirt: null, iproute: '6.1.0' }, problems: libvirtProblem('libvirt.not-running') }).fix).toMatchObject({ kind: 'manual', script: 'rc-update add libvirtd\nrc-service libvirtd start' });
  });
});

it('any facts give findings in the order of their severity, each with sentences', () => {
  const flag = fc.boolean();
  fc.assert(fc.property(fc.record({ systemd: flag, forwarding: flag, root: flag, libvirtd: fc.constantFrom(unitOn, unitOff, unitWaiting), modular: fc.constantFrom(unitOn, unitOff, null), tools: fc.subarray(makeFacts().tools), drop: flag }), (draw) => {
    const { findings, passed } = assessHost(makeUserFacts({
      systemd: draw.systemd, ipForward: draw.forwarding, privilege: draw.root ? 'sudo' : 'read-only', tools: draw.tools, forwardPolicy: draw.drop ? 'DROP' : 'ACCEPT',
      units: { ...monolithicUnits(draw.libvirtd), ...draw.modular ? modularUnits(draw.modular) : {}, 'docker.service': unitOn },
    }));
    const ranks = findings.map((finding) => ['blocker', 'warning', 'note'].indexOf(finding.severity));
    expect(ranks).toEqual([...ranks].sort());
    for (const finding of findings) {
      expect(findingSchema.parse(finding)).toEqual(finding);
      expect(finding.detail).toMatch(/\.$/);
      expect(finding.meaning).toMatch(/\.$/);
    }
    expect(new Set(findings.map((finding) => finding.code)).size).toBe(findings.length);
    expect(passed.every((sentence) => sentence.length > 10)).toBe(true);
  }));
});
