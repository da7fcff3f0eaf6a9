import { quoteWord } from '../../shell-quote';
import type { ConversionFacts, ConversionSpec, LinkFacts } from '../facts';
import { addSwitch, changesOf, deleteBridge, deleteSwitch, portOf } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionFile, TransactionStep } from '../transaction';
import { readInterfaces, sourcedBy } from './interfaces-files';
import type { InterfacesFile } from './interfaces-files';
import { moveStanzas } from './move-stanzas';
import { formatInterfaces } from './parse-interfaces';
import type { InterfacesStanza } from './parse-interfaces';

const trialPath = '/run/netwright/interfaces';

/**
 * On trial one file with everything that ifupdown would read, for `ifup -i`; committed the files as they are split now. The NIC is taken
 * out of ifupdown's hands without its own `ifdown`, which would release the lease and take the link down. Sources: ifup(8),
 * interfaces(5), bridge-utils-interfaces(5).
 * @throws ConfigProblem for what is not understood
 */
export function planIfupdown(facts: ConversionFacts, spec: ConversionSpec): StackPlan {
  const port = portOf(facts, spec);
  const before = readInterfaces(facts.files);
  const moved = moveStanzas(before, spec, port);
  const extra = !moved.hasInet6 && port.acceptRa === 2 ? `\n# As it was for ${spec.nic}.\niface ${spec.bridge} inet6 manual\n    up echo 2 > /proc/sys/net/ipv6/conf/${spec.bridge}/accept_ra\n` : '';
  const texts = moved.files.map((file) => formatInterfaces(file.stanzas));
  const holder = moved.files.findIndex((file) => file.stanzas.some(({ head }) => head?.words[0] === 'iface' && head.text.startsWith(`iface ${spec.bridge} `)));
  texts[holder] = `${texts[holder]!}${extra}`;
  const changed = moved.files.flatMap((file, at): TransactionFile[] => (texts[at] === formatInterfaces(before[at]!.stanzas) ? [] : [{
    name: `commit${file.path.replaceAll('/', '-')}`, content: texts[at]!, mode: file.mode, trialPath: null, commitPath: file.path,
  }]));
  const files: TransactionFile[] = [
    { name: 'trial-interfaces', content: `${flatten(facts, moved.files)}${extra}`, mode: 0o600, trialPath, commitPath: null }, ...changed,
  ];
  const isLinux = spec.kind === 'linux';
  const [nic, bridge] = [quoteWord(spec.nic), quoteWord(spec.bridge)];
  const up = (step: string): TransactionStep => ({ says: step, command: `ip link set dev ${nic} up` });
  return {
    transaction: {
      stack: 'ifupdown', kind: spec.kind, nic: spec.nic, bridge: spec.bridge, files,
      protects: changed.map((file) => file.commitPath!),
      apply: [
        { says: 'See whether ifupdown understands the new file, before anything changes', command: `ifup --no-act -i ${trialPath} --force ${bridge} >/dev/null 2>&1` },
        stopClients(spec.nic),
        { says: `Let the DHCP client of ${spec.bridge} ask for the address that ${spec.nic} has`, command: copyLease(spec) },
        // Made before the addresses go: the scripts of bridge-utils would wait a second between the two.
        ...isLinux ? [{ says: `Make the bridge ${spec.bridge}`, command: `ip link add name ${bridge} address ${port.mac} type bridge stp_state 0 forward_delay 0` }] : [],
        clearInterface(spec.nic, true),
        forget(spec),
        ...isLinux ? [] : [addSwitch(spec, port.mac), up(`Keep ${spec.nic} switched on`)],
        { says: `Have ifupdown bring ${spec.bridge} up`, command: `ifup -i ${trialPath} --force ${bridge}` },
      ],
      commit: [],
      revert: [
        stopClients(spec.bridge),
        isLinux ? deleteBridge(spec.bridge) : deleteSwitch(spec.bridge),
        forget(spec),
        clearInterface(spec.nic, false),
        { says: `Let ${spec.nic} have IPv6 as before`, command: restoreIpv6(port) },
        { says: `Have ifupdown bring ${spec.nic} up as before`, command: `ifup --force ${nic}` },
      ],
      needsBootGuard: !isLinux,
      expectedGap: 2,
    },
    changes: changesOf(facts, changed),
    warnings: [],
  };
}

/** The main file with each sourced file's text in place of the line that reads it. */
function flatten(facts: ConversionFacts, files: readonly InterfacesFile[]): string {
  const textOf = (file: InterfacesFile): string => file.stanzas.map((stanza) => {
    const sourced = sourcedBy(facts.files, file.path, stanza);
    const kind = stanza.head?.words[0] ?? '';
    if (!kind.startsWith('source')) return formatInterfaces([stanza]);
    const inner = sourced.map((path) => textOf(files.find((other) => other.path === path)!));
    return `${inner.join('\n')}\n${formatInterfaces([{ head: null, body: stanza.body } satisfies InterfacesStanza])}`;
  }).join('');
  return files[0] ? textOf(files[0]) : '';
}

/**
 * Every DHCP client of the interface, one that still waits for its first lease too, which has no pid file yet. SIGKILL releases nothing. They
 * are known by the name of their program: the shell that runs this has all these words in its own command line.
 */
function stopClients(name: string): TransactionStep {
  const word = quoteWord(name);
  const kill = `case " $(tr '\\0' ' ' <"$p/cmdline") " in *" "${word}" "*) kill -KILL "\${p#/proc/}";; esac`;
  const loop = `for p in /proc/[0-9]*; do { read -r c <"$p/comm"; } 2>/dev/null || continue; case $c in dhclient|udhcpc) ${kill};; esac; done`;
  return { says: `Stop the DHCP client of ${name}, without giving the lease back`, command: `${loop}; ! command -v dhcpcd >/dev/null || dhcpcd -x ${word} || true` };
}

function copyLease({ nic, bridge }: ConversionSpec): string {
  const folder = '/var/lib/dhcp';
  const [from, to] = [quoteWord(`${folder}/dhclient.${nic}.leases`), quoteWord(`${folder}/dhclient.${bridge}.leases`)];
  return `[ ! -f ${from} ] || sed ${quoteWord(`s/interface "${nic}"/interface "${bridge}"/`)} ${from} >${to}`;
}

/** Routes are flushed by themselves: IPv6's static ones, and the default of a router, outlive their addresses. */
function clearInterface(name: string, stopsAdvertisements: boolean): TransactionStep {
  const word = quoteWord(name);
  const conf = quoteWord(`/proc/sys/net/ipv6/conf/${name}/accept_ra`);
  const off = `[ ! -e ${conf} ] || echo 0 >${conf}; `;
  return {
    says: `Take addresses and routes off ${name}`,
    command: `${stopsAdvertisements ? off : ''}ip address flush dev ${word}; ip -6 route flush dev ${word}; ip route flush dev ${word}`,
  };
}

function forget({ nic, bridge }: ConversionSpec): TransactionStep {
  const one = (name: string): string => `[ ! -e /run/network/ifstate ] || sed -i ${quoteWord(`/^${name.replaceAll('.', '\\.')}=/d`)} /run/network/ifstate; rm -f ${quoteWord(`/run/network/ifstate.${name}`)}`;
  return { says: `Let ifupdown forget what it knows of ${nic} and ${bridge}`, command: `${one(nic)}; ${one(bridge)}` };
}

/**
 * bridge-utils tells its ports to make no link-local address; deleting the bridge doesn't change that back. Switching IPv6 off and on makes the
 * address anew, and asks the routers.
 */
function restoreIpv6({ name, acceptRa, addresses, addressGeneration }: LinkFacts): string {
  const folder = `/proc/sys/net/ipv6/conf/${name}`;
  if (!addresses.some(({ family }) => family === 'ipv6')) return 'true';
  const mode = quoteWord(addressGeneration ?? 'eui64');
  return `[ ! -d ${quoteWord(folder)} ] || { echo ${acceptRa ?? 1} >${quoteWord(`${folder}/accept_ra`)}; ip link set dev ${quoteWord(name)} addrgenmode ${mode}; for v in 1 0; do echo $v >${quoteWord(`${folder}/disable_ipv6`)}; done; }`;
}
