import { isUp } from './facts';
import type { PreflightFacts } from './facts';
import { isOlder } from './libvirt-rules';
import { isWildcard } from './remedy';
import type { Observed } from './rule';

/** What virtual networks need besides libvirt: dnsmasq, port 53, forwarding, firewall tools; and who gets in their way. */
export function networkRules(facts: PreflightFacts): Observed[] {
  return [...dnsmasq(facts), ...port53(facts), ...forwarding(facts), ...firewallTools(facts), ...firewalld(facts), ...docker(facts)];
}

function dnsmasq(facts: PreflightFacts): Observed[] {
  if (facts.tools.includes('dnsmasq')) return [{ passed: 'dnsmasq is there for DHCP and DNS' }];
  return [{
    code: 'dnsmasq.missing', severity: 'blocker', title: 'dnsmasq is not installed', detail: 'There is no dnsmasq on this host.',
    meaning: 'libvirt hands out addresses and names by it: NAT, routed and isolated networks with DHCP or DNS can\'t be started.',
  }];
}

function port53(facts: PreflightFacts): Observed[] {
  const holders = facts.dnsSockets.filter(isWildcard);
  if (holders.length === 0) {
    const resolved = isUp(facts, 'systemd-resolved.service');
    return [{ passed: `Port 53 is free for libvirt's networks${resolved ? ' (systemd-resolved keeps to its own address)' : ''}` }];
  }
  const names = [...new Set(holders.map((socket) => socket.process ?? 'some service'))].join(' and ');
  const isDnsmasq = names === 'dnsmasq' || (names === 'some service' && facts.units['dnsmasq.service']?.active === 'active');
  return [{
    code: 'dns.port-taken', severity: 'warning', title: `${isDnsmasq ? 'The host\'s own dnsmasq' : names} holds port 53 on every address`,
    detail: `It listens on ${[...new Set(holders.map((socket) => socket.address))].join(' and ')} port 53.`,
    meaning: 'A network\'s own DNS needs port 53 of its bridge. Starting a network then fails with “Address already in use”, unless its DNS is switched off.',
    ...isDnsmasq ? {} : { fix: { kind: 'manual', text: `Have ${names} listen on single addresses of the host only, without 0.0.0.0 and without libvirt's bridges (virbr…). Where it is a container such as Pi-hole: publish port 53 on the host's LAN address, as in “-p 192.168.1.10:53:53/udp”.`, script: null } as const },
  }];
}

function forwarding(facts: PreflightFacts): Observed[] {
  if (facts.ipForward === null) return [];
  if (facts.ipForward || facts.routedNetworks.length === 0) return facts.ipForward ? [{ passed: 'The kernel passes packets between networks' }] : [];
  return [{
    code: 'forwarding.off', severity: 'warning', title: 'IP forwarding is off',
    detail: `net.ipv4.ip_forward is 0, although ${list(facts.routedNetworks)} ${facts.routedNetworks.length === 1 ? 'is' : 'are'} active. libvirt had switched it on; something switched it off again.`,
    meaning: 'Machines on these networks reach this host and each other, but nothing beyond.',
  }];
}

/** libvirt writes its rules by iptables; since 10.4 by nft where that is there. Source: libvirt news, 10.4.0; network.conf. */
function firewallBackend({ tools, versions }: PreflightFacts): 'iptables' | 'nftables' | null {
  const older = versions.libvirt !== null && isOlder(versions.libvirt, [10, 4, 0]);
  if (tools.includes('nft') && !older) return 'nftables';
  return tools.includes('iptables') ? 'iptables' : null;
}

function firewallTools(facts: PreflightFacts): Observed[] {
  const has = (tool: string): boolean => facts.tools.includes(tool);
  const backend = firewallBackend(facts);
  if (backend) return [{ passed: `libvirt can write its firewall rules (${backend})` }];
  return [{
    code: 'firewall.tools-missing', severity: 'blocker', title: 'The tools for libvirt\'s firewall rules are missing',
    detail: has('nft') ? `nft is there, but libvirt ${facts.versions.libvirt ?? ''} writes its rules by iptables only.` : 'Neither iptables nor nft is on this host.',
    meaning: 'Starting a NAT, routed or isolated network fails, for libvirt can\'t let its traffic through.',
  }];
}

function firewalld(facts: PreflightFacts): Observed[] {
  if (!isUp(facts, 'firewalld.service')) return [];
  if (facts.libvirtZone) return [{ passed: 'firewalld runs, and knows libvirt\'s zone' }];
  return [{
    code: 'firewalld.no-zone', severity: 'warning', title: 'firewalld has no zone for libvirt',
    detail: 'firewalld runs, but neither /usr/lib/firewalld/zones nor /etc/firewalld/zones has a libvirt.xml.',
    meaning: 'libvirt puts its bridges into the zone “libvirt”. Without it, starting a network fails with INVALID_ZONE.',
    fix: { kind: 'manual', text: 'libvirt\'s network driver brings the zone: install it again, then have firewalld read its zones.', script: `${facts.user === 'root' ? '' : 'sudo '}firewall-cmd --reload` },
  }];
}

function docker(facts: PreflightFacts): Observed[] {
  if (!isUp(facts, 'docker.service') || facts.forwardPolicy !== 'DROP') return [];
  return [{
    code: 'docker.forward-drop', severity: 'note', title: 'Docker refuses to forward what it doesn\'t know',
    detail: 'docker.service runs, and the policy of the FORWARD chain is DROP.',
    meaning: `${firewallBackend(facts) === 'nftables'
      ? 'libvirt\'s rules are in an nftables table of their own, which can\'t overrule that: machines on NAT networks may reach nothing beyond the host.'
      : 'NAT networks are not affected: libvirt lets them through by rules of its own.'} Machines on a Linux bridge of the host may be cut off from the LAN where bridge traffic passes iptables (br_netfilter).`,
    fix: null,
  }];
}

function list(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ').replace(/, ([^,]*)$/, ' and $1');
}
