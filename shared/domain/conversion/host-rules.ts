import { linkOf } from './facts';
import type { ConversionFacts, ConversionSpec } from './facts';
import { blocker, warning } from './finding';
import type { ConversionFinding } from './finding';
import { soleOwner } from './sole-owner';
import type { StackName } from './transaction';

/** Half of it would do: configuration files, copies of them, the journal. */
const neededKilobytes = 10_240;
const reloadSince = 244;
const noWayBack = 'Something on the host has to bring the old network back when the app can\'t reach it any more; that is a timer of systemd.';

/** What the host around the NIC says. */
export function hostRules(facts: ConversionFacts, spec: ConversionSpec): ConversionFinding[] {
  return [...ownerRules(facts, spec), ...surroundingRules(facts, spec), ...safetyRules(facts)];
}

/** What every change that may cut the session off needs, whatever it changes. */
export function safetyRules(facts: ConversionFacts): ConversionFinding[] {
  const findings = diskRules(facts);
  if (facts.systemd === null) findings.push(blocker('systemd.missing', 'The host doesn\'t run systemd', noWayBack, 'Change its network by the means of the host.'));
  if (!facts.root) findings.push(blocker('rights.root', 'Only root may change the network', 'This session has no way to root\'s rights.', 'Log in as root, or as a user who may use sudo.'));
  if (facts.pending !== null) {
    findings.push(blocker('transaction.other', 'Another conversion is under way on this host', `Its notes are in /var/lib/netwright/${facts.pending}.`, 'Let it end, or revert it, first.'));
  }
  findings.push(warning('host.second-way', 'Have a second way in', 'The host goes back by itself when the app can\'t reach it. A console or a management card is good to have all the same.'));
  return findings;
}

function ownerRules(facts: ConversionFacts, { nic, kind }: ConversionSpec): ConversionFinding[] {
  if (!linkOf(facts, nic)) return [];
  const sole = soleOwner(facts, nic, {
    detail: `Neither NetworkManager, netplan, systemd-networkd, ifupdown nor wicked names ${nic}: a bridge would not outlast a restart.`, alternative: 'Configure the NIC by one of them first.',
  });
  return sole.owner === null ? [sole.finding] : [...packageRules(facts, sole.owner, kind), ...stateRules(facts, sole.owner)];
}

function packageRules(facts: ConversionFacts, owner: StackName, kind: ConversionSpec['kind']): ConversionFinding[] {
  if (owner === 'ifupdown' && kind === 'linux' && !facts.tools.includes('brctl')) {
    return [blocker('package.bridge-utils', 'bridge-utils is missing', 'ifupdown makes bridges by the scripts of the package bridge-utils.', 'Install it first: apt-get install bridge-utils')];
  }
  return [];
}

function stateRules(facts: ConversionFacts, owner: StackName): ConversionFinding[] {
  if (owner === 'systemd-networkd' && facts.systemd !== null && facts.systemd < reloadSince) {
    return [blocker('systemd.too-old', 'systemd is too old', `networkctl can reload its files from systemd ${reloadSince} on.`, 'Upgrade the host first.')];
  }
  if (owner === 'ifupdown2' && facts.files.some(({ path }) => path === '/etc/network/interfaces.new')) {
    return [blocker('config.pending', 'Changes of the network are waiting', '/etc/network/interfaces.new holds changes that were made in Proxmox VE and not applied.', 'Apply or revert them there first.')];
  }
  return [];
}

function diskRules(facts: ConversionFacts): ConversionFinding[] {
  const findings: ConversionFinding[] = [];
  const root = facts.mounts.filter(({ target }) => target === '/').at(-1);
  if (/^(nfs4?|cifs|ceph|9p)$/.test(root?.type ?? '')) {
    findings.push(blocker('disk.network-root', 'The host\'s own disk comes over the network', `Its root file system is of type ${root?.type}: without the network, even the way back could not run.`));
  }
  if (facts.iscsi) findings.push(blocker('disk.iscsi', 'The host has disks by iSCSI', 'They would lose their connection in the middle of the change.', 'Convert a NIC that carries no storage, with the targets logged out.'));
  for (const place of ['/etc', '/var'] as const) {
    const mount = mountOf(facts, place);
    if (mount?.readOnly) findings.push(blocker('disk.read-only', `${place} is read-only`, 'The new configuration could not be kept.', 'Make it writable first.'));
    const free = facts.freeKilobytes[place];
    if (free !== undefined && free < neededKilobytes) findings.push(blocker('disk.full', `${place} is nearly full`, `${free} KB are free; the change and its copies need ${neededKilobytes} KB.`, 'Make room first.'));
  }
  return findings;
}

/** The last mounted of the longest path that holds it. */
function mountOf(facts: ConversionFacts, path: string): ConversionFacts['mounts'][number] | undefined {
  const holding = facts.mounts.filter(({ target }) => target === '/' || path === target || path.startsWith(`${target}/`));
  const longest = Math.max(0, ...holding.map(({ target }) => target.length));
  return holding.filter(({ target }) => target.length === longest).at(-1);
}

function surroundingRules(facts: ConversionFacts, { nic, bridge }: ConversionSpec): ConversionFinding[] {
  const findings: ConversionFinding[] = [];
  const naming = facts.rules.filter((rule) => rule.split(/\s+/).includes(nic));
  if (naming.length > 0) {
    findings.push(warning('routes.rules', `Rules for routing name ${nic}`, `They will not match what comes in by ${bridge}: ${naming.join('; ')}`));
  }
  if (facts.units['docker.service'] === 'active' || facts.bridgeNetfilter === true) {
    findings.push(warning('firewall.bridged', 'The host\'s firewall sees frames between guests', 'Docker, or br_netfilter, sends bridged frames through iptables, which may drop those of guests. The host itself is not concerned.'));
  }
  if (facts.inside !== null) {
    findings.push(warning('host.guest', 'The host is a guest itself', 'Many hosters, and hypervisors as they come, drop frames with MAC addresses that they didn\'t give: guests on the bridge would stay without network.'));
  } else {
    findings.push(warning('switch.port-security', 'The switch has to allow several MAC addresses', 'A switch port with port security shuts down when guests appear behind it.'));
  }
  return findings;
}
