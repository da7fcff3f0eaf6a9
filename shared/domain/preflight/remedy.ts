import type { PlanCheck } from '../plan';
import { bridgesFilePath } from './system-item';
import type { SystemItem } from './system-item';
import { hasRoot } from '../privilege';
import type { PreflightFacts } from './facts';
import type { FindingCode, FindingFix } from './finding';
import { daemonUnits, modularGaps, preferredKind, shippedKind, unitsOff, unitsOfService, unitsOn } from './libvirt-daemons';
import { ovsUnit } from './ovs-units';
import { installScript, packageManagerOf, packagesFor } from './package-manager';
import type { PackageNeed } from './package-manager';
import { currentItem, sameItem } from './system-item';

/** What puts a finding right: packages first, then states of the system. A pure function of code and facts. */
export interface Remedy {
  /** On the button: "Install libvirt". */
  label: string;
  /** Of the plan: one or two sentences. */
  summary: string;
  packages: string[];
  items: SystemItem[];
  /** Looked at besides the items. */
  checks: Omit<PlanCheck, 'id'>[];
  notices: { severity: 'info' | 'warning'; text: string }[];
}

const toolCheck = (tool: string): Omit<PlanCheck, 'id'> => ({ title: `The host has ${tool}`, check: { kind: 'tool-found', tool } });
const libvirtAnswers: Omit<PlanCheck, 'id'> = { title: 'libvirt answers', check: { kind: 'service-answers', service: 'libvirt' } };
const ovsAnswers: Omit<PlanCheck, 'id'> = { title: 'Open vSwitch answers', check: { kind: 'service-answers', service: 'ovs' } };

const unitOn = (unit: string): SystemItem => ({ kind: 'unit', unit, enabled: 'enabled', active: true });

/** Null: the app knows no way by itself. */
export function remedyOf(code: FindingCode, facts: PreflightFacts): Remedy | null {
  const install = (label: string, needs: PackageNeed[], more: Partial<Remedy>): Remedy | null => {
    const manager = packageManagerOf(facts);
    if (manager === null || manager === 'rpm-ostree') return null;
    return {
      label, packages: packagesFor(needs, manager, facts), items: [], checks: [], notices: [],
      summary: `The packages come from the sources that ${facts.os.name} is set up with; nothing else is upgraded on purpose.`, ...more,
    };
  };
  const change = (label: string, summary: string, items: SystemItem[], more: Partial<Remedy> = {}): Remedy | null => {
    const open = items.filter((item) => !sameItem(item, settled(currentItem(item, facts), item)));
    return open.length === 0 || (!facts.systemd && open.some((item) => item.kind === 'unit')) ? null : { label, summary, packages: [], items: open, checks: [], notices: [], ...more };
  };
  switch (code) {
    case 'libvirt.missing': {
      const kind = shippedKind(facts);
      return install('Install libvirt', ['libvirt', 'qemu', 'dnsmasq'], {
        // Their units are there only once the packages are.
        items: facts.systemd ? daemonUnits[kind].map(unitOn) : [],
        checks: [toolCheck('virsh'), toolCheck('dnsmasq'), ...facts.systemd ? [libvirtAnswers] : []],
      });
    }
    case 'libvirt.client-missing': return install('Install virsh', ['libvirt-client'], { checks: [toolCheck('virsh')] });
    case 'libvirt.part-missing': return install('Install the network driver', ['libvirt-network'], { items: facts.systemd ? unitsOfService('virtnetworkd.service').map(unitOn) : [], checks: [libvirtAnswers] });
    case 'qemu.missing': return install('Install QEMU', ['qemu'], {});
    case 'dnsmasq.missing': return install('Install dnsmasq', ['dnsmasq'], {
      checks: [toolCheck('dnsmasq')],
      notices: packageManagerOf(facts) === 'apt' ? [] : [{ severity: 'info', text: 'The package also brings a service of its own; it stays off. libvirt starts its own dnsmasq for each network.' }],
    });
    case 'ovs.missing': {
      const unit = packageManagerOf(facts) === 'apt' ? 'openvswitch-switch.service' : packageManagerOf(facts) === 'pacman' ? 'ovs-vswitchd.service' : 'openvswitch.service';
      return install('Install Open vSwitch', ['ovs'], { items: facts.systemd ? [unitOn(unit)] : [], checks: [toolCheck('ovs-vsctl'), ...facts.systemd ? [ovsAnswers] : []] });
    }
    case 'iproute.missing': return install('Install iproute2', ['iproute'], { checks: [toolCheck('ip'), toolCheck('ss')] });
    case 'firewall.tools-missing': return install('Install the firewall tools', ['firewall'], {});
    case 'libvirt.not-running': return change(
      'Start libvirt', 'libvirt runs now, and starts with the host from now on. Networks and machines that are set to start with it do so at once.',
      unitsOn(facts, daemonUnits[preferredKind(facts)]), { checks: [libvirtAnswers] });
    case 'libvirt.part-not-running': return change(
      'Start the missing daemons', 'Each driver of libvirt has a daemon of its own here; those that are off are switched on.',
      unitsOn(facts, modularGaps(facts).stopped.flatMap(unitsOfService)), { checks: [libvirtAnswers] });
    case 'libvirt.mixed-daemons': return mixedDaemons(facts, change);
    case 'ovs.not-running': {
      const unit = ovsUnit(facts);
      return unit === null ? null : change('Start Open vSwitch', 'Its bridges and ports come back as its own database has them.', [unitOn(unit)], { checks: [ovsAnswers] });
    }
    case 'rights.not-in-group': return change(
      `Add ${facts.user} to group libvirt`, 'Members of the group may use libvirt without sudo: virsh, virt-manager, and this app.',
      [{ kind: 'member', group: 'libvirt', user: facts.user, member: true }], {
        notices: [
          { severity: 'warning', text: 'Whoever may use libvirt can become root on this host, by giving a machine the host\'s own disk.' },
          { severity: 'info', text: 'Groups are read at login: connect again afterwards.' },
        ],
      });
    case 'forwarding.off': return change(
      'Switch IP forwarding on', 'The kernel passes packets between networks again. libvirt does the same whenever a network starts, so it lasts until something switches it off.',
      [{ kind: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' }]);
    case 'dns.port-taken': return freePort53(facts, change);
    default: return null;
  }
}

/** Static units and those that stay as they are count as what is wanted. */
function settled(now: SystemItem, wanted: SystemItem): SystemItem {
  return now.kind === 'unit' && wanted.kind === 'unit' && now.enabled === 'other' ? { ...now, enabled: wanted.enabled } : now;
}

type Change = (label: string, summary: string, items: SystemItem[], more?: Partial<Remedy>) => Remedy | null;

/** The kind that can do all stays: the modular one where its network daemon is there too. */
export function keptKind(facts: PreflightFacts): 'monolithic' | 'modular' {
  return modularGaps(facts).missing.some((unit) => unit !== 'virtnodedevd.service') ? 'monolithic' : 'modular';
}

function mixedDaemons(facts: PreflightFacts, change: Change): Remedy | null {
  const kept = keptKind(facts);
  const other = kept === 'modular' ? 'monolithic' : 'modular';
  return change(
    kept === 'modular' ? 'Keep the modular daemons' : 'Keep libvirtd',
    kept === 'modular' ? 'libvirtd is switched off; the modular daemons take over what it looked after.' : 'The modular daemons are switched off; libvirtd looks after everything.',
    [...unitsOff(facts, daemonUnits[other]), ...unitsOn(facts, daemonUnits[kept])],
    { checks: [libvirtAnswers], notices: [{ severity: 'info', text: 'Running machines and networks go on: the daemons find them again when they start.' }] });
}

function freePort53(facts: PreflightFacts, change: Change): Remedy | null {
  const service = facts.units['dnsmasq.service'];
  const holders = new Set(facts.dnsSockets.filter(isWildcard).map((socket) => socket.process));
  if (service?.active !== 'active' || !facts.dnsmasq.readsFolder || [...holders].some((name) => name !== 'dnsmasq' && name !== null)) return null;
  return change(
    'Keep dnsmasq off libvirt\'s bridges', 'The host\'s own dnsmasq goes on serving its other addresses. It is restarted: for a moment it answers nobody.',
    [{ kind: 'file', path: bridgesFilePath, text: bridgesFileText(facts.bridges), reader: 'dnsmasq.service' }],
    { checks: [{ title: 'Port 53 is free for libvirt\'s networks', check: { kind: 'dns-port-free' } }] });
}

/** dnsmasq(8): bind-dynamic binds single addresses, also those that appear later; a name may end in `*`. */
function bridgesFileText(bridges: readonly string[]): string {
  const others = bridges.filter((bridge) => !bridge.startsWith('virbr')).sort();
  return `${['# libvirt runs a dnsmasq of its own on each of its bridges.', 'bind-dynamic', ...['virbr*', ...others].map((name) => `except-interface=${name}`)].join('\n')}\n`;
}

/** Listens on every address, those of libvirt's bridges included. */
export function isWildcard({ address }: { address: string }): boolean {
  return ['0.0.0.0', '*', '[::]', '::'].includes(address);
}

/** A remedy as the report offers it: by the app where the session may, else as commands to run. */
export function fixOf(code: FindingCode, facts: PreflightFacts): FindingFix | null {
  const remedy = remedyOf(code, facts);
  const sudo = facts.user === 'root' ? '' : 'sudo ';
  if (remedy) {
    const script = scriptOf(remedy, facts, sudo);
    if (hasRoot(facts)) return { kind: 'plan', label: remedy.label, script };
    return { kind: 'manual', text: 'This session has no right to do it: connect as root or with sudo, or run it yourself as a user who may.', script };
  }
  return facts.systemd ? manualInstall(code, facts, sudo) : manualInstall(code, facts, sudo) ?? manualService(code, sudo);
}

const openRcServices: Partial<Record<FindingCode, string>> = { 'libvirt.not-running': 'libvirtd', 'ovs.not-running': 'ovs-modules ovsdb-server ovs-vswitchd' };

/** OpenRC, as on Alpine (rc-update(8)): shown, for plans know systemd only. */
function manualService(code: FindingCode, sudo: string): FindingFix | null {
  const services = openRcServices[code]?.split(' ');
  if (!services) return null;
  return {
    kind: 'manual', text: 'This host isn\'t run by systemd, so the app does not switch its services. With OpenRC it is:',
    script: services.flatMap((service) => [`${sudo}rc-update add ${service}`, `${sudo}rc-service ${service} start`]).join('\n'),
  };
}

function scriptOf(remedy: Remedy, facts: PreflightFacts, sudo: string): string {
  const manager = packageManagerOf(facts);
  const units = remedy.items.filter((item) => item.kind === 'unit');
  const on = units.filter((item) => item.active).map((item) => item.unit);
  const off = units.filter((item) => !item.active).map((item) => item.unit);
  const masked = on.filter((unit) => facts.units[unit]?.enabled.startsWith('masked'));
  return [
    ...remedy.packages.length > 0 && manager !== null ? installScript(manager, remedy.packages, sudo) : [],
    ...off.length > 0 ? [`${sudo}systemctl disable --now ${off.join(' ')}`] : [],
    ...masked.length > 0 ? [`${sudo}systemctl unmask ${masked.join(' ')}`] : [],
    ...on.length > 0 ? [`${sudo}systemctl enable --now ${on.join(' ')}`] : [],
    ...remedy.items.flatMap((item) => otherLines(item, sudo)),
  ].join('\n');
}

function otherLines(item: SystemItem, sudo: string): string[] {
  switch (item.kind) {
    case 'unit': return [];
    case 'member': return [`${sudo}gpasswd --add ${item.user} ${item.group}`];
    case 'sysctl': return [`${sudo}sysctl -w ${item.key}=${item.value}`];
    case 'file': return [
      `printf '${(item.text ?? '').replaceAll('\n', '\\n').replaceAll('\'', '')}' | ${sudo}tee ${item.path} >/dev/null`, `${sudo}systemctl restart ${item.reader}`,
    ];
  }
}

const needOf: Partial<Record<FindingCode, PackageNeed[]>> = {
  'libvirt.missing': ['libvirt', 'qemu', 'dnsmasq'], 'libvirt.client-missing': ['libvirt-client'], 'libvirt.part-missing': ['libvirt-network'], 'qemu.missing': ['qemu'],
  'dnsmasq.missing': ['dnsmasq'], 'ovs.missing': ['ovs'], 'iproute.missing': ['iproute'], 'firewall.tools-missing': ['firewall'],
};

/** Where packages can't be installed from here. */
function manualInstall(code: FindingCode, facts: PreflightFacts, sudo: string): FindingFix | null {
  const needs = needOf[code];
  if (!needs) return null;
  const manager = packageManagerOf(facts);
  if (manager === 'rpm-ostree') {
    return { kind: 'manual', text: 'This system is an image: packages are layered over it and are there after the next boot. Restart it when it suits you.', script: installScript(manager, packagesFor(needs, manager, facts), sudo).join('\n') };
  }
  return { kind: 'manual', text: 'No package manager that the app knows (apt, dnf, zypper, pacman, apk) was found: install it as your distribution\'s manual says.', script: null };
}
