import { isUp, sleeps } from './facts';
import type { PreflightFacts } from './facts';
import { answers, daemonUnits, isInstalled, isInUse, modularGaps, preferredKind } from './libvirt-daemons';
import { keptKind } from './remedy';
import type { Observed } from './rule';

/** The oldest libvirt that the app's reads and plans are made for (Ubuntu 20.04). */
export const oldestLibvirt = [6, 0, 0] as const;

/** libvirt itself: there, running, of one kind, and of an age that can be talked to. */
export function libvirtRules(facts: PreflightFacts): Observed[] {
  const monolithic = isInstalled(facts, 'monolithic');
  const modular = isInstalled(facts, 'modular');
  const problem = facts.problems.find((item) => item.area === 'libvirt');
  // Without systemd the daemons are seen only by their answer.
  if (!monolithic && !modular && (facts.systemd || facts.versions.libvirt === null || problem !== undefined) && !reachable(facts)) return [...missing(facts)];
  return [...running(facts), ...parts(facts), ...client(facts), ...version(facts)];
}

const reachable = (facts: PreflightFacts): boolean => facts.versions.libvirt !== null && !facts.problems.some((item) => item.area === 'libvirt');

function missing(facts: PreflightFacts): Observed[] {
  const onlyClient = facts.tools.includes('virsh');
  if (!facts.systemd && onlyClient) return running(facts);
  return [{
    code: 'libvirt.missing', severity: 'blocker', title: 'libvirt is not installed',
    detail: onlyClient ? 'virsh is there, but neither libvirtd nor virtqemud is.' : 'There is neither libvirtd nor virtqemud, and no virsh.',
    meaning: 'libvirt runs the virtual networks and machines. Without it there is nothing here to show or to change but the host\'s own interfaces.',
  }];
}

function running(facts: PreflightFacts): Observed[] {
  const kind = preferredKind(facts);
  const both = isInUse(facts, 'monolithic') && isInUse(facts, 'modular') && isInstalled(facts, 'monolithic') && isInstalled(facts, 'modular');
  if (both) {
    const kept = keptKind(facts);
    const on = (units: readonly string[]): string => units.filter((unit) => isUp(facts, unit) || facts.units[unit]?.enabled === 'enabled').slice(0, 3).join(', ');
    return [{
      code: 'libvirt.mixed-daemons', severity: 'warning', title: 'Two generations of libvirt are switched on',
      detail: `${on(daemonUnits.monolithic)} (the one daemon) and ${on(daemonUnits.modular)} (one for each driver) are both enabled or running.`,
      meaning: `They look after the same networks and machines and get in each other's way: what one starts, the other doesn't know. ${kept === 'modular' ? 'The modular ones are complete here' : 'Only libvirtd can do everything here'}, so ${kept === 'modular' ? 'they are' : 'it is'} the one to keep.`,
    }];
  }
  const main = kind === 'modular' ? 'virtqemud.service' : 'libvirtd.service';
  if (facts.systemd ? !answers(facts, kind) : !reachable(facts)) {
    const unit = facts.units[main];
    const state = !facts.systemd ? 'It does not answer.' : unit?.active === 'failed' ? `${main} has failed.` : unit?.enabled === 'masked' ? `${main} is masked, so that nothing can start it.` : `${main} is ${unit?.active ?? 'inactive'} and ${unit?.enabled || 'not enabled'}, and no socket waits in its place.`;
    return [{
      code: 'libvirt.not-running', severity: 'blocker', title: 'libvirt is installed, but not running', detail: state,
      meaning: 'Networks and machines can\'t be read or changed until it runs. They are still defined and come back with it.',
    }];
  }
  const problem = facts.problems.find((item) => item.area === 'libvirt');
  if (problem && problem.code !== 'libvirt.missing') {
    return [{ code: 'libvirt.unreachable', severity: 'blocker', title: problem.title, detail: problem.detail, meaning: `libvirt runs, but does not let this session in: ${facts.privilege === 'read-only' || facts.privilege === 'libvirt-group' ? 'its socket or polkit refuses this user' : 'its own log on the host says more (journalctl -u ' + main + ')'}.` }];
  }
  return [{ passed: sleeps(facts, main) ? `${main} sleeps and is woken by the first who asks (its socket listens)` : `libvirt runs${facts.versions.libvirt ? ` (${facts.versions.libvirt}, ${kind})` : ''}` }];
}

function parts(facts: PreflightFacts): Observed[] {
  if (!facts.systemd || preferredKind(facts) !== 'modular' || !answers(facts, 'modular') || isInUse(facts, 'monolithic')) return [];
  const { missing: absent, stopped } = modularGaps(facts);
  const found: Observed[] = [];
  if (absent.includes('virtnetworkd.service')) {
    found.push({
      code: 'libvirt.part-missing', severity: 'blocker', title: 'libvirt\'s network driver is not installed',
      detail: 'virtqemud is there, virtnetworkd is not.', meaning: 'Machines run, but libvirt can keep no virtual networks on this host.',
    });
  }
  if (stopped.length > 0) {
    const network = stopped.includes('virtnetworkd.service');
    found.push({
      code: 'libvirt.part-not-running', severity: network ? 'blocker' : 'warning', title: `${stopped.length === 1 ? 'A part' : 'Parts'} of libvirt ${stopped.length === 1 ? 'is' : 'are'} not running`,
      detail: `${stopped.join(' and ')} neither ${stopped.length === 1 ? 'runs' : 'run'} nor ${stopped.length === 1 ? 'waits' : 'wait'} on a socket.`,
      meaning: network ? 'virtnetworkd keeps the virtual networks: none can be read, started or made without it.' : 'virtnodedevd knows the host\'s own devices, which virt-manager lists.',
    });
  }
  return found.length > 0 ? found : [{ passed: 'All of libvirt\'s daemons run or wait to be asked' }];
}

function client(facts: PreflightFacts): Observed[] {
  return facts.tools.includes('virsh') ? [] : [{
    code: 'libvirt.client-missing', severity: 'blocker', title: 'virsh is not installed', detail: 'libvirt is there, its command line tool is not.',
    meaning: 'Netwright installs nothing of its own on a host: it asks libvirt through virsh.',
  }];
}

function version(facts: PreflightFacts): Observed[] {
  const { libvirt } = facts.versions;
  if (libvirt === null) return [];
  if (!isOlder(libvirt, oldestLibvirt)) return [];
  return [{
    code: 'libvirt.too-old', severity: 'warning', title: `libvirt ${libvirt} is older than this app knows`,
    detail: `Netwright is made for libvirt ${oldestLibvirt.join('.')} and later.`,
    meaning: 'Reading should work; plans may fail at a step, and are then taken back.',
    fix: { kind: 'manual', text: 'A newer release of the distribution brings a newer libvirt.', script: null },
  }];
}

/** Dotted versions by their numbers. */
export function isOlder(version: string, than: readonly number[]): boolean {
  const numbers = version.split('.').map(Number);
  for (const [at, wanted] of than.entries()) {
    const have = numbers[at] ?? 0;
    if (have !== wanted) return have < wanted;
  }
  return false;
}
