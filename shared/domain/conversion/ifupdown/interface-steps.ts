import { quoteWord } from '../../shell-quote';
import { linkOf } from '../facts';
import type { ConversionFacts, ConversionSpec, LinkFacts } from '../facts';
import type { TransactionStep } from '../transaction';

/**
 * Every DHCP client of the interface, one that still waits for its first lease too, which has no pid file yet. SIGKILL releases nothing. They
 * are known by the name of their program: the shell that runs this has all these words in its own command line.
 */
export function stopClients(name: string): TransactionStep {
  const word = quoteWord(name);
  const kill = `case " $(tr '\\0' ' ' <"$p/cmdline") " in *" "${word}" "*) kill -KILL "\${p#/proc/}";; esac`;
  const loop = `for p in /proc/[0-9]*; do { read -r c <"$p/comm"; } 2>/dev/null || continue; case $c in dhclient|udhcpc) ${kill};; esac; done`;
  return { says: `Stop the DHCP client of ${name}, without giving the lease back`, command: `${loop}; ! command -v dhcpcd >/dev/null || dhcpcd -x ${word} || true` };
}

export function copyLease({ nic, bridge }: Pick<ConversionSpec, 'nic' | 'bridge'>): string {
  const folder = '/var/lib/dhcp';
  const [from, to] = [quoteWord(`${folder}/dhclient.${nic}.leases`), quoteWord(`${folder}/dhclient.${bridge}.leases`)];
  return `[ ! -f ${from} ] || sed ${quoteWord(`s/interface "${nic}"/interface "${bridge}"/`)} ${from} >${to}`;
}

/** Several times what a DHCP server that is there needs for its answer. */
const answerSeconds = 5;

/**
 * The way back for an interface whose address is leased: dhclient would ask for a minute before it gives up, and nothing answers at the host's
 * address meanwhile. A client that is not answered goes, since it would take addresses away at its end, and the interface has those of before even
 * so: for ever, as nobody renews them. Source: dhclient-script(8) as Debian has it.
 */
export function bringUpAgain(facts: ConversionFacts, name: string): TransactionStep {
  const word = quoteWord(name);
  const says = `Have ifupdown bring ${name} up as before`;
  const leased = linkOf(facts, name)?.addresses.filter(({ family, dynamic }) => family === 'ipv4' && dynamic) ?? [];
  if (leased.length === 0) return { says, command: `ifup --force ${word}` };
  const gateways = facts.routes.filter(({ family, destination, device, gateway }) => family === 'ipv4' && destination === 'default' && device === name && gateway !== null);
  const byHand = [
    `ip link set dev ${word} up`,
    ...leased.map(({ address, prefix }) => `ip address replace ${address}/${prefix} brd + dev ${word}`),
    ...gateways.map(({ gateway, metric }) => `ip route replace default via ${gateway} dev ${word}${metric ? ` metric ${metric}` : ''}`),
  ];
  return {
    says: `${says}, and give it its addresses even if no DHCP server answers`,
    command: `timeout --signal=KILL ${answerSeconds} ifup --force ${word} || { ${byHand.join(' && ')}; }`,
  };
}

/** Routes are flushed by themselves: IPv6's static ones, and the default of a router, outlive their addresses. */
export function clearInterface(name: string, stopsAdvertisements: boolean): TransactionStep {
  const word = quoteWord(name);
  const conf = quoteWord(`/proc/sys/net/ipv6/conf/${name}/accept_ra`);
  const off = `[ ! -e ${conf} ] || echo 0 >${conf}; `;
  return {
    says: `Take addresses and routes off ${name}`,
    command: `${stopsAdvertisements ? off : ''}ip address flush dev ${word}; ip -6 route flush dev ${word}; ip route flush dev ${word}`,
  };
}

export function forget({ nic, bridge }: Pick<ConversionSpec, 'nic' | 'bridge'>): TransactionStep {
  const one = (name: string): string => `[ ! -e /run/network/ifstate ] || sed -i ${quoteWord(`/^${name.replaceAll('.', '\\.')}=/d`)} /run/network/ifstate; rm -f ${quoteWord(`/run/network/ifstate.${name}`)}`;
  return { says: `Let ifupdown forget what it knows of ${nic} and ${bridge}`, command: `${one(nic)}; ${one(bridge)}` };
}

/**
 * bridge-utils tells its ports to make no link-local address; deleting the bridge doesn't change that back. Switching IPv6 off and on makes the
 * address anew, and asks the routers.
 */
export function restoreIpv6({ name, acceptRa, addresses, addressGeneration }: LinkFacts): string {
  const folder = `/proc/sys/net/ipv6/conf/${name}`;
  if (!addresses.some(({ family }) => family === 'ipv6')) return 'true';
  const mode = quoteWord(addressGeneration ?? 'eui64');
  return `[ ! -d ${quoteWord(folder)} ] || { echo ${acceptRa ?? 1} >${quoteWord(`${folder}/accept_ra`)}; ip link set dev ${quoteWord(name)} addrgenmode ${mode}; for v in 1 0; do echo $v >${quoteWord(`${folder}/disable_ipv6`)}; done; }`;
}
