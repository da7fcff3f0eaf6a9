import type { ConversionSpec, LinkFacts } from '../facts';
import { ConfigProblem } from '../finding';
import type { InterfacesFile } from './interfaces-files';
import { headKind } from './parse-interfaces';
import type { InterfacesLine, InterfacesStanza } from './parse-interfaces';

/** Options about the link itself, of ifupdown and of the hooks of ethtool, vlan and ifenslave: they stay with the NIC. */
export const linkOption = /^(mtu|hwaddress|(ethernet|offload|hardware|link|driver|vlan|bond|rxusecs|txusecs|ring|pause|coalesce)[_-].*|slaves|vlan_raw_device)$/;
const command = /^(pre-up|up|post-up|pre-down|down|post-down)$/;
/** Commands about the link itself. */
const linkCommand = /^(\/\S*\/)?(ethtool|mii-tool|ip(\s+-\S+)*\s+link|ifenslave)\s/;

export interface MovedInterfaces {
  files: InterfacesFile[];
  /** The NIC has IPv6 of its own in these files. */
  hasInet6: boolean;
}

interface Moving extends ConversionSpec {
  /** Lines for the NIC's own stanza. */
  link: InterfacesLine[];
  /** The NIC is brought up by itself before the bridge: it has settings, or it has to be made first. */
  ownStart: boolean;
  bridgeOptions: string[];
  moved: boolean;
  started: boolean;
}

/**
 * Gives the NIC's stanzas to the bridge. Everything that is not about the NIC stays byte for byte. Sources: interfaces(5),
 * bridge-utils-interfaces(5), README.Debian of openvswitch-switch.
 * `bridgeOptions`: the bridge's own, where they are written otherwise.
 * @throws ConfigProblem for what is not understood
 */
export function moveStanzas(files: readonly InterfacesFile[], spec: ConversionSpec, port: LinkFacts & { mac: string }, bridgeOptions?: string[]): MovedInterfaces {
  const own = files.flatMap(({ path, stanzas }) => stanzas.filter((stanza) => isOf(spec.nic, stanza)).map((stanza) => ({ path, stanza })));
  if (own.length === 0) throw ConfigProblem.of('config.missing', `No file configures ${spec.nic}`, `None of ifupdown's files has a stanza for ${spec.nic}.`);
  const link = own.flatMap(({ path, stanza }) => stanza.body.filter((line) => isAboutLink(path, line, spec.nic)));
  const moving: Moving = {
    ...spec, link, ownStart: spec.kind === 'linux' && (link.length > 0 || port.kind === 'bond' || port.kind === 'vlan'),
    bridgeOptions: bridgeOptions ?? (spec.kind === 'linux'
      ? [`bridge_ports ${spec.nic}`, 'bridge_stp off', 'bridge_fd 0', 'bridge_maxwait 0', `bridge_hw ${port.mac}`]
      : ['ovs_type OVSBridge', `ovs_ports ${spec.nic}`, `ovs_extra set bridge ${spec.bridge} other-config:hwaddr=\\"${port.mac}\\"`]),
    moved: false, started: false,
  };
  return {
    files: files.map((file) => ({ ...file, stanzas: file.stanzas.flatMap((stanza) => move(file.path, stanza, moving)) })),
    hasInet6: own.some(({ stanza }) => stanza.head!.words[2] === 'inet6'),
  };
}

/** The NIC itself, or a label of it (`eno1:1`). */
const names = (nic: string, word: string | undefined): boolean => word === nic || (word?.startsWith(`${nic}:`) ?? false);
const isOf = (nic: string, stanza: InterfacesStanza): boolean => headKind(stanza) === 'iface' && names(nic, stanza.head!.words[1]);

function move(path: string, stanza: InterfacesStanza, moving: Moving): InterfacesStanza[] {
  const kind = headKind(stanza);
  if (kind === 'auto' || kind.startsWith('allow-') || kind === 'no-auto-down' || kind === 'no-scripts') return moveStart(path, stanza, moving);
  if (isOf(moving.nic, stanza)) return moveInterface(path, stanza, moving);
  if (kind === 'iface' || kind === 'mapping' || kind === 'template') refuseMentions(path, stanza, moving.nic);
  if (kind === 'iface' && stanza.head!.words[1] === moving.bridge) {
    throw ConfigProblem.at(path, stanza.head!.line, `${moving.bridge} is configured already.`, 'Choose another name for the bridge.');
  }
  return [stanza];
}

function moveStart(path: string, stanza: InterfacesStanza, moving: Moving): InterfacesStanza[] {
  const { text, words, line } = stanza.head!;
  const pattern = words.slice(1).find((word) => /[/*?[]/.test(word));
  if (pattern !== undefined) throw ConfigProblem.at(path, line, `${pattern} is a pattern, which may mean ${moving.nic}.`, 'Write the names of the interfaces in its place.');
  if (!words.slice(1).some((word) => names(moving.nic, word))) return [stanza];
  const starts = words[0] === 'auto' || words[0]!.startsWith('allow-');
  const others = words.slice(1).filter((word) => !names(moving.nic, word) || (word === moving.nic && moving.ownStart && starts));
  const renamed = words.slice(1).filter((word) => names(moving.nic, word)).map((word) => rename(word, moving));
  const kept = others.length > 0 ? [`${words[0]} ${others.join(' ')}`] : [];
  const added = starts && moving.started ? renamed.filter((word) => word !== moving.bridge) : renamed;
  if (starts) moving.started = true;
  // A bridge never comes by hotplug: it is started with the host.
  const lines = [...kept, ...added.length > 0 ? [`${starts ? 'auto' : words[0]} ${added.join(' ')}`] : []];
  return lines.length === 0 ? [{ head: null, body: stanza.body }] : [{ head: { text: lines.join('\n'), words, line: text === '' ? 0 : line }, body: stanza.body }];
}

const rename = (word: string, { nic, bridge }: ConversionSpec): string => `${bridge}${word.slice(nic.length)}`;

function moveInterface(path: string, stanza: InterfacesStanza, moving: Moving): InterfacesStanza[] {
  const head = stanza.head!;
  const [, name = '', family, method, ...more] = head.words;
  if (more.length > 0 || !['inet', 'inet6'].includes(family ?? '') || !['dhcp', 'static', 'manual', 'auto'].includes(method ?? '')) {
    throw ConfigProblem.at(path, head.line, `${head.words.slice(2).join(' ')} can't be moved to a bridge.`);
  }
  const indent = /^\s+/.exec(stanza.body.find((line) => line.words.length > 0)?.text ?? '')?.[0] ?? '    ';
  const body = stanza.body.filter((line) => !isAboutLink(path, line, moving.nic)).map((line) => moveOption(path, line, moving));
  const renamed: InterfacesStanza = { head: { ...head, text: `iface ${rename(name, moving)} ${family} ${method}` }, body };
  if (moving.moved || name !== moving.nic) return [renamed];
  moving.moved = true;
  const written = (text: string): InterfacesLine => ({ text, words: text.trim().split(/\s+/), line: 0 });
  const option = (text: string): InterfacesLine => written(`${indent}${text}`);
  const blank: InterfacesLine = { text: '', words: [], line: 0 };
  const isOvs = moving.kind === 'ovs';
  const own = isOvs ? [option(`ovs_bridge ${moving.bridge}`), option('ovs_type OVSPort'), ...moving.link] : moving.link;
  return [
    ...isOvs ? [{ head: written(`allow-${moving.bridge} ${moving.nic}`), body: [] }] : [],
    { head: written(`iface ${moving.nic} inet manual`), body: [...own, blank] },
    ...moving.started ? [] : [{ head: written(`auto ${moving.bridge}`), body: [] }],
    { ...renamed, body: [...moving.bridgeOptions.map(option), ...body] },
  ];
}

function isAboutLink(path: string, line: InterfacesLine, nic: string): boolean {
  const key = line.words[0] ?? '';
  if (/^(bridge|ovs)[_-]/.test(key)) throw ConfigProblem.at(path, line.line, `${nic} has settings of a bridge (${key}).`);
  if (/^(wpa|wireless)[_-]/.test(key)) throw ConfigProblem.at(path, line.line, `${nic} has settings of Wi-Fi or 802.1X (${key}).`);
  return linkOption.test(key) || (command.test(key) && linkCommand.test(line.words.slice(1).join(' ')));
}

/** The NIC's name in a command about addresses and routes becomes the bridge's: left there, it would fail at the next boot. */
export function moveOption(path: string, line: InterfacesLine, moving: Pick<ConversionSpec, 'nic' | 'bridge'>): InterfacesLine {
  const key = line.words[0];
  if (key === undefined || !mentions(line.text, moving.nic)) return line;
  if (!command.test(key)) throw ConfigProblem.at(path, line.line, `It is not clear whether ${key} should name ${moving.nic} or the bridge.`);
  const nic = escaped(moving.nic);
  const text = line.text
    .replace(new RegExp(`(\\s(?:dev|-i|-o|--in-interface|--out-interface)\\s+)${nic}(?=\\s|$|;)`, 'g'), `$1${moving.bridge}`)
    .replace(new RegExp(`(conf[./])${nic}(?=[./])`, 'g'), `$1${moving.bridge}`);
  if (mentions(text, moving.nic)) throw ConfigProblem.at(path, line.line, `It is not clear whether this command should name ${moving.nic} or the bridge.`);
  return { ...line, text };
}

function refuseMentions(path: string, { head, body }: InterfacesStanza, nic: string): void {
  for (const line of [head!, ...body]) {
    if (/^vlan[_-]raw[_-]device$/.test(line.words[0] ?? '') || !line.words.slice(1).some((word) => names(nic, word))) continue;
    throw ConfigProblem.at(path, line.line, `It names ${nic} in the configuration of something else.`);
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** As a whole name: `eno1` is not in `eno1.100` or `eno10`, but in `conf.eno1.accept_ra`. */
function mentions(text: string, nic: string): boolean {
  return new RegExp(`(?<![\\w:-])(?<!\\w\\.)${escaped(nic)}(?![\\w.:-])|conf[./]${escaped(nic)}[./]`).test(text);
}
