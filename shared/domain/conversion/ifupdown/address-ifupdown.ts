import { quoteWord } from '../../shell-quote';
import { linkOf } from '../facts';
import type { ConversionFacts } from '../facts';
import { ConfigProblem } from '../finding';
import type { AddressChange } from '../readdress/address-request';
import type { AddressPlanner } from '../readdress/address-planner';
import { filesAfter, releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile } from '../release';
import type { TransactionStep } from '../transaction';
import { flatten, trialPath } from './flatten';
import { bringUpAgain, clearInterface, forget, restoreIpv6, stopClients } from './interface-steps';
import { readInterfaces } from './interfaces-files';
import { formatInterfaces, headKind } from './parse-interfaces';
import type { InterfacesLine, InterfacesStanza } from './parse-interfaces';
import { withSix } from './six-ifupdown';

/** Options of the method static, which the method dhcp doesn't know. */
const staticOptions = /^(address|netmask|broadcast|network|gateway|pointopoint|scope)$/;
/** Options of the method dhcp, which mean nothing to a fixed address. */
const dhcpOptions = /^(hostname|leasehours|leasetime|vendor|client|request_prefix|accept_ra)$/;

/** Without `ifdown`, which would release a lease and take a bridge's ports away. Sources: ifup(8), interfaces(5), resolvconf(8). */
export const ifupdownAddress: AddressPlanner = {
  files: changedFiles,
  plan: (facts, device, files, wants) => {
    const after = { files: filesAfter(facts.files, files) };
    const trial = { name: 'trial-interfaces', content: flatten(after, readInterfaces(after.files)), mode: 0o600, trialPath, commitPath: null };
    const name = quoteWord(device);
    const link = linkOf(facts, device)!;
    const take = (up: TransactionStep): TransactionStep[] => [
      stopClients(device),
      forget({ nic: device, bridge: device }),
      clearInterface(device, false),
      { says: `Let ${device} have IPv6 as before`, command: restoreIpv6(link) },
      up,
    ];
    return releasePlan(facts, {
      stack: 'ifupdown', kind: 'linux', goal: 'address', nic: device, bridge: device, wants,
      files: [trial, ...writtenFiles(files, () => null)], removes: removedFiles(facts, files, () => 'commit'),
      apply: [
        { says: 'See whether ifupdown understands the new file, before anything changes', command: `ifup --no-act -i ${trialPath} --force ${name} >/dev/null 2>&1` },
        ...take({ says: `Have ifupdown bring ${device} up`, command: `ifup -i ${trialPath} --force ${name}` }),
      ],
      commit: [], revert: take(bringUpAgain(facts, device)), needsBootGuard: false, expectedGap: 2,
    });
  },
};

function changedFiles(facts: ConversionFacts, change: AddressChange): LastingFile[] {
  if ((change.dns ?? change.search) !== null && !facts.tools.includes('resolvconf')) {
    throw ConfigProblem.of('dns.no-resolvconf', 'ifupdown has no name servers here', 'Without resolvconf it leaves /etc/resolv.conf alone.', 'Write them into /etc/resolv.conf, or install resolvconf.');
  }
  const before = readInterfaces(facts.files);
  const files = change.six === null ? before : withSix(before, change.six, change.device);
  const texts = new Map(before.map(({ path, stanzas }) => [path, formatInterfaces(stanzas)]));
  const written = (path: string, mode: number, stanzas: readonly InterfacesStanza[]): LastingFile[] => { const content = formatInterfaces(stanzas); return content === texts.get(path) ? [] : [{ path, content, mode }]; };
  if (!asksMore(change)) return files.flatMap(({ path, mode, stanzas }) => written(path, mode, stanzas));
  const own = files.flatMap((file) => file.stanzas.filter((stanza) => isInet(stanza, change.device)));
  if (own.length !== 1) throw ConfigProblem.of(own.length === 0 ? 'config.missing' : 'config.several', `${own.length === 0 ? 'No' : 'More than one'} stanza configures ${change.device}`, `ifupdown's files have ${own.length} stanzas “iface ${change.device} inet”.`);
  return files.flatMap(({ path, mode, stanzas }) => written(path, mode, stanzas.map((stanza) => (stanza === own[0] ? changed(path, stanza, change) : stanza))));
}

/** Something that stands in the stanza of IPv4. */
const asksMore = ({ dhcp, address, gateway, dns, search, mtu }: AddressChange): boolean => dhcp || [address, gateway, dns, search, mtu].some((asked) => asked !== null);

const isInet = (stanza: InterfacesStanza, device: string): boolean => headKind(stanza) === 'iface' && stanza.head!.words[1] === device && stanza.head!.words[2] === 'inet';

function changed(path: string, stanza: InterfacesStanza, change: AddressChange): InterfacesStanza {
  const head = stanza.head!;
  const method = head.words[3];
  if (method !== 'static' && method !== 'dhcp') throw ConfigProblem.at(path, head.line, `The method ${method ?? ''} gives no address that could be changed.`);
  const own = stanza.body.find(({ words }) => words[0] === 'address');
  if (change.address !== null && method === 'static' && !change.replaced.includes(own?.words[1]?.split('/')[0] ?? '')) {
    throw ConfigProblem.at(path, head.line, `${change.replaced.join(', ') || 'Its address'} is not the address of this stanza.`);
  }
  if (change.dhcp && !change.replaced.includes(own?.words[1]?.split('/')[0] ?? '')) throw ConfigProblem.at(path, head.line, `${change.replaced[0] ?? 'Its address'} is not the address of this stanza.`);
  const fixes = change.address !== null && method === 'dhcp';
  let body = fixes ? stanza.body.filter(({ words }) => !dhcpOptions.test(words[0] ?? '')) : stanza.body;
  if (change.dhcp) body = withMtuCommand(body.filter(({ words }) => !staticOptions.test(words[0] ?? '')));
  if (change.address !== null) body = withOption(body.filter(({ words }) => !/^(netmask|broadcast|network)$/.test(words[0] ?? '')), 'address', change.address);
  if (change.gateway !== null) body = withOption(body, 'gateway', change.gateway);
  if ((fixes || change.dhcp) && change.metric !== null && change.metric !== 0 && !body.some(({ words }) => words[0] === 'metric')) body = withOption(body, 'metric', String(change.metric));
  if (change.dns !== null) body = change.dns.length === 0 ? body.filter(({ words }) => !/^dns[-_]nameservers?$/.test(words[0] ?? '')) : withOption(body, 'dns-nameservers', change.dns.join(' '));
  if (change.search !== null) body = change.search.length === 0 ? body.filter(({ words }) => !/^dns[-_](search|domain)$/.test(words[0] ?? '')) : withOption(body, 'dns-search', change.search.join(' '));
  if (change.mtu !== null) body = withOption(body, 'mtu', String(change.mtu));
  const text = fixes ? head.text.replace(/\bdhcp\b(?=\s*$)/, 'static') : change.dhcp ? head.text.replace(/\bstatic\b(?=\s*$)/, 'dhcp') : head.text;
  return { head: { ...head, text }, body };
}

/** With a leased address `mtu` is no option: ifup(8) would pass over it. */
function withMtuCommand(body: readonly InterfacesLine[]): InterfacesLine[] {
  return body.map((line) => {
    const [key, bytes = ''] = line.words;
    if (key !== 'mtu') return line;
    const words = ['pre-up', 'ip', 'link', 'set', 'dev', '$IFACE', 'mtu', bytes];
    return { ...line, text: `${/^\s*/.exec(line.text)![0]}${words.join(' ')}`, words };
  });
}

/** In the place of the present one, else first. */
function withOption(body: readonly InterfacesLine[], key: string, value: string): InterfacesLine[] {
  const indent = /^\s+/.exec(body.find(({ words }) => words.length > 0)?.text ?? '')?.[0] ?? '    ';
  const line: InterfacesLine = { text: `${indent}${key} ${value}`, words: [key, ...value.split(' ')], line: 0 };
  const at = body.findIndex(({ words }) => words[0] === key || words[0] === key.replace('-', '_'));
  return at < 0 ? [line, ...body] : body.map((present, index) => (index === at ? line : present));
}
