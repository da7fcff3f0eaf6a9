import { quoteWord } from '../../shell-quote';
import { linkOf } from '../facts';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem } from '../finding';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import type { TransactionStep } from '../transaction';
import { putIn, refuseOwnSettings, takeOut } from '../unport/port-steps';
import { readInterfaces } from './interfaces-files';
import { formatInterfaces, headKind } from './parse-interfaces';
import type { InterfacesLine, InterfacesStanza } from './parse-interfaces';

/** A list of a bridge's ports, of bridge-utils and of Open vSwitch. */
const portList = /^(bridge|ovs)[_-]ports$/;
/** Settings of one port, which they name first. */
const portSetting = /^bridge[_-](pathcost|portprio|portmcrouter|hairpin|maclearning|unicast_flood|flood)$/;

/**
 * ifupdown reads the names of a bridge's ports when it brings the bridge up, and at no other time: on trial the kernel, or Open vSwitch, alone is
 * told. Afterwards nobody brings the NIC up. Sources: bridge-utils-interfaces(5), README.Debian of openvswitch-switch.
 */
export const ifupdownUnport: ReleasePlanner = {
  files: plainFiles,
  plan: (facts, spec, files) => releasePlan(facts, {
    stack: 'ifupdown', kind: spec.kind, goal: 'unport', nic: spec.nic, bridge: spec.bridge,
    files: writtenFiles(files, () => null), removes: removedFiles(facts, files, () => 'commit'),
    apply: [...refuseOwnSettings(spec), takeOut(spec), ...isNeeded(facts, spec.nic) ? [] : [switched(spec.nic, 'down')]],
    commit: [], revert: [switched(spec.nic, 'up'), putIn(spec)],
    needsBootGuard: spec.kind === 'ovs', expectedGap: 1,
  }),
};

const switched = (nic: string, to: 'up' | 'down'): TransactionStep => ({ says: `Switch ${nic} ${to === 'up' ? 'on' : 'off'}`, command: `ip link set dev ${quoteWord(nic)} ${to}` });

/** Others stand on it, or it has to be made first: it goes on being brought up. */
function isNeeded({ links }: ConversionFacts, nic: string): boolean {
  return links.some(({ parent }) => parent === nic) || ['bond', 'vlan'].includes(linkOf({ links }, nic)?.kind ?? '');
}

function plainFiles(facts: ConversionFacts, spec: ConversionSpec): LastingFile[] {
  const files = readInterfaces(facts.files);
  const needed = isNeeded(facts, spec.nic);
  let isListed = false;
  const changed = files.flatMap((file) => {
    const stanzas = file.stanzas.map((stanza) => {
      if (isOf(stanza, spec.bridge)) {
        const body = stanza.body.flatMap((line) => withoutPort(file.path, line, spec.nic));
        isListed ||= body.some((line, at) => line !== stanza.body[at] && portList.test(line.words[0] ?? ''));
        return { ...stanza, body };
      }
      if (isOf(stanza, spec.nic)) return plainStanza(file.path, stanza, spec.nic);
      return started(stanza, spec, needed);
    });
    const content = formatInterfaces(stanzas);
    return content === formatInterfaces(file.stanzas) ? [] : [{ path: file.path, content, mode: file.mode }];
  });
  if (!isListed) throw ConfigProblem.of('config.missing', `No file names ${spec.nic} as a port`, `The stanza of ${spec.bridge} has no list of ports with ${spec.nic} in it: it may be named by a pattern.`, `Name the ports of ${spec.bridge} one by one first.`);
  return changed;
}

const isOf = (stanza: InterfacesStanza, name: string): boolean => headKind(stanza) === 'iface' && stanza.head!.words[1] === name;

function withoutPort(path: string, line: InterfacesLine, nic: string): InterfacesLine[] {
  const [key = '', ...words] = line.words;
  if (!words.includes(nic)) return [line];
  if (portSetting.test(key) && words[0] === nic) return [];
  if (!portList.test(key)) throw ConfigProblem.at(path, line.line, `It names ${nic}, and it is not clear what is left of it without.`);
  const left = words.filter((word) => word !== nic);
  return [{ ...line, text: `${/^\s*/.exec(line.text)![0]}${[key, ...left].join(' ')}`, words: [key, ...left] }];
}

function plainStanza(path: string, stanza: InterfacesStanza, nic: string): InterfacesStanza {
  if (stanza.head!.words[3] !== 'manual') throw ConfigProblem.at(path, stanza.head!.line, `${nic} has addresses of its own.`);
  return { ...stanza, body: stanza.body.filter(({ words }) => !/^(bridge|ovs)[_-]/.test(words[0] ?? '')) };
}

function started(stanza: InterfacesStanza, { nic, bridge }: ConversionSpec, needed: boolean): InterfacesStanza {
  const kind = headKind(stanza);
  const isOwn = kind === `allow-${bridge}`;
  if (!stanza.head?.words.slice(1).includes(nic) || !(isOwn || (!needed && (kind === 'auto' || kind.startsWith('allow-'))))) return stanza;
  const left = stanza.head.words.slice(1).filter((word) => word !== nic);
  return { ...stanza, head: left.length === 0 ? null : { ...stanza.head, text: [kind, ...left].join(' '), words: [kind, ...left] } };
}
