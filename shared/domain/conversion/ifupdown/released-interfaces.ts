import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem } from '../finding';
import type { LastingFile } from '../release';
import { readInterfaces } from './interfaces-files';
import { moveOption } from './move-stanzas';
import { formatInterfaces, headKind } from './parse-interfaces';
import type { InterfacesLine, InterfacesStanza } from './parse-interfaces';

/** The bridge's stanzas become the NIC's, with the link's options of its own; what is about the bridge goes. Source: interfaces(5). */
export function releasedInterfaces(facts: ConversionFacts, spec: ConversionSpec): LastingFile[] {
  const files = readInterfaces(facts.files);
  const stanzas = files.flatMap((file) => file.stanzas.map((stanza) => ({ path: file.path, stanza })));
  const own = stanzas.filter(({ stanza }) => isOf(stanza, spec.nic));
  if (!stanzas.some(({ stanza }) => isOf(stanza, spec.bridge))) throw ConfigProblem.of('config.missing', `No file configures ${spec.bridge}`, `None of ifupdown's files has a stanza for ${spec.bridge}.`);
  for (const { path, stanza } of own) {
    if (stanza.head!.words[3] !== 'manual') throw ConfigProblem.at(path, stanza.head!.line, `${spec.nic} has addresses of its own.`);
  }
  const state: Giving = { ...spec, link: own.flatMap(({ stanza }) => stanza.body.filter(({ words }) => words.length > 0 && !isBridging(words[0]!))), given: false, started: false };
  return files.flatMap((file) => {
    const content = formatInterfaces(file.stanzas.flatMap((stanza) => give(file.path, stanza, state)));
    return content === formatInterfaces(file.stanzas) ? [] : [{ path: file.path, content, mode: file.mode }];
  });
}

interface Giving extends ConversionSpec { link: InterfacesLine[]; given: boolean; started: boolean }

const isOf = (stanza: InterfacesStanza, name: string): boolean => headKind(stanza) === 'iface' && stanza.head!.words[1]!.split(':')[0] === name;
const isBridging = (key: string): boolean => /^(bridge|ovs)[_-]/.test(key);

function give(path: string, stanza: InterfacesStanza, state: Giving): InterfacesStanza[] {
  const kind = headKind(stanza);
  const { nic, bridge } = state;
  if (kind === 'auto' || kind.startsWith('allow-')) return giveStart(stanza, state);
  // Comments below it belong to what follows.
  if (isOf(stanza, nic)) return [{ head: null, body: stanza.body.filter(({ text }) => text.trim().startsWith('#')) }];
  if (isOf(stanza, bridge)) return [giveStanza(path, stanza, state)];
  const lines = kind === 'iface' || kind === 'mapping' ? [stanza.head!, ...stanza.body] : [];
  const naming = lines.find(({ words }) => words.slice(1).some((word) => word === bridge || word.startsWith(`${bridge}.`)));
  if (naming) throw ConfigProblem.at(path, naming.line, `It names ${bridge} in the configuration of something else.`);
  return [stanza];
}

function giveStart(stanza: InterfacesStanza, state: Giving): InterfacesStanza[] {
  const { words, line } = stanza.head!;
  const { nic, bridge } = state;
  if (words[0] === `allow-${bridge}`) return [{ head: null, body: stanza.body }];
  if (!words.slice(1).some((word) => word === nic || word.split(':')[0] === bridge)) return [stanza];
  const names = words.slice(1).flatMap((word) => {
    if (word !== nic && word !== bridge) return [word.startsWith(`${bridge}:`) ? `${nic}${word.slice(bridge.length)}` : word];
    if (state.started) return [];
    state.started = true;
    return [nic];
  });
  // `allow-ovs` would wait for Open vSwitch.
  const verb = words[0] === 'allow-ovs' ? 'auto' : words[0]!;
  return [{ head: names.length === 0 ? null : { text: `${verb} ${names.join(' ')}`, words: [verb, ...names], line }, body: stanza.body }];
}

function giveStanza(path: string, stanza: InterfacesStanza, state: Giving): InterfacesStanza {
  const head = stanza.head!;
  const [, name = '', ...rest] = head.words;
  const body = stanza.body.filter(({ words }) => words.length === 0 || !isBridging(words[0]!))
    .map((line) => moveOption(path, line, { nic: state.bridge, bridge: state.nic }));
  const link = state.given ? [] : state.link;
  state.given = true;
  const present = new Set(body.map(({ words }) => words[0]));
  const added = link.filter(({ words }) => /^(pre-|post-)?(up|down)$/.test(words[0]!) || !present.has(words[0]));
  return { head: { ...head, text: `iface ${state.nic}${name.slice(state.bridge.length)} ${rest.join(' ')}` }, body: [...added, ...body] };
}
