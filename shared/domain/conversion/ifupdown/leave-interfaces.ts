import { lastIndex } from '../ini';
import { cantLeave, notConfigured } from '../leave/leave-problem';
import { describeLeft, isLeftAddress, isLeftRoute, leavingOf } from '../leave/left-setting';
import type { InterfacesFile } from './interfaces-files';
import { linkOption } from './move-stanzas';
import { headKind } from './parse-interfaces';
import type { InterfacesLine, InterfacesStanza } from './parse-interfaces';

const where = 'None of ifupdown\'s files';
/** Options that say nothing but which address a stanza has, or how it is asked for. */
const ownOption = /^(address|netmask|broadcast|network|scope|preferred-lifetime|hostname|client|vendor|metric|leasehours|leasetime|request_prefix|ll-attempts|ll-interval|dad-attempts|dad-interval|privext|accept_ra|autoconf|dhcp)$/;

/**
 * The files without what is to be left out of the NIC's stanzas. Sources: interfaces(5), ip-address(8), ip-route(8).
 * @throws ConfigProblem for what is written in a way that it can't be taken out of
 */
export function leaveOutOfInterfaces(files: readonly InterfacesFile[], nic: string, words: readonly string[]): InterfacesFile[] {
  const leaving = leavingOf(words);
  if (leaving.dhcp6 && !leaving.ra) throw cantLeave('dhcp6', 'ifupdown asks for the lease that a router names along with its other addresses.');
  let result = [...files];
  // Routes first: they may stand in the stanza of an address that goes as well.
  for (const route of leaving.routes) result = changed(result, nic, `route:${route}`, (stanza) => withoutCommands(stanza, 'route', (text) => isLeftRoute({ routes: [route] }, text)));
  for (const address of leaving.addresses) result = withoutAddress(result, nic, address, (text) => isLeftAddress({ addresses: [address] }, text));
  if (leaving.dhcp4) result = withoutStanza(result, nic, 'dhcp4', ({ words: head }) => head[2] === 'inet' && head[3] === 'dhcp');
  if (leaving.ra) result = withoutAdvertisements(result, nic);
  return leaving.dns ? withoutDns(result, nic) : result;
}

/** The NIC itself, or a label of it (`eno1:1`). */
const isOwn = (nic: string, stanza: InterfacesStanza): boolean => headKind(stanza) === 'iface' && (stanza.head!.words[1] === nic || (stanza.head!.words[1]?.startsWith(`${nic}:`) ?? false));

function changed(files: readonly InterfacesFile[], nic: string, word: string, change: (stanza: InterfacesStanza) => InterfacesStanza): InterfacesFile[] {
  const result = files.map((file) => ({ ...file, stanzas: file.stanzas.map((stanza) => (isOwn(nic, stanza) ? change(stanza) : stanza)) }));
  if (result.every((file, at) => file.stanzas.every((stanza, place) => stanza === files[at]!.stanzas[place]))) throw notConfigured(word, where);
  return result;
}

/** Where it is a command's, `ip address add`, that goes; where it is a stanza's own, the whole stanza. */
function withoutAddress(files: readonly InterfacesFile[], nic: string, word: string, isLeft: (text: string) => boolean): InterfacesFile[] {
  const byCommand = files.flatMap(({ stanzas }) => stanzas).some((stanza) => isOwn(nic, stanza) && withoutCommands(stanza, 'address', isLeft) !== stanza);
  if (byCommand) return changed(files, nic, word, (stanza) => withoutCommands(stanza, 'address', isLeft));
  return withoutStanza(files, nic, word, (_, body) => body.some(({ words }) => words[0] === 'address' && isLeft(words[1] ?? '')));
}

/**
 * `up ip route add RANGE …` and the `down ip route del RANGE …` to it; of lines with several commands nothing is taken out, so that they are not
 * found.
 */
function withoutCommands(stanza: InterfacesStanza, object: 'address' | 'route', isLeft: (text: string) => boolean): InterfacesStanza {
  const names = object === 'address' ? 'a|addr|address' : 'r|route';
  const form = new RegExp(`^(?:pre-up|up|post-up|pre-down|down|post-down)\\s+(?:/\\S*/)?ip(?:\\s+-\\S+)*\\s+(?:${names})\\s+(?:add|append|replace|change|del|delete)\\s+(?:to\\s+|unicast\\s+)?(\\S+)[^;&|]*(?:\\|\\|\\s*(?:true|:)\\s*)?$`);
  const body = stanza.body.filter(({ words }) => {
    const [, subject] = form.exec(words.join(' ')) ?? [];
    return subject === undefined || !isLeft(subject);
  });
  return body.length === stanza.body.length ? stanza : { ...stanza, body };
}

/**
 * A stanza whose own address goes says nothing else; what it says of the link stays. The NIC's last stanza stays without an address, for the
 * bridge to take it.
 */
function withoutStanza(files: readonly InterfacesFile[], nic: string, word: string, isGone: (head: InterfacesLine, body: readonly InterfacesLine[]) => boolean): InterfacesFile[] {
  const own = files.flatMap(({ stanzas }) => stanzas.filter((stanza) => isOwn(nic, stanza)));
  const gone = own.filter((stanza) => isGone(stanza.head!, stanza.body));
  if (gone.length === 0) throw notConfigured(word, where);
  const isLast = !own.some((stanza) => !gone.includes(stanza) && stanza.head!.words[1] === nic);
  return files.map((file) => ({
    ...file,
    stanzas: file.stanzas.flatMap((stanza) => {
      if (!gone.includes(stanza)) return [stanza];
      const other = stanza.body.find(({ words }) => words[0] !== undefined && !ownOption.test(words[0]) && !linkOption.test(words[0]));
      if (other) throw cantLeave(word, `${file.path}, line ${other.line}: ${other.words[0]} stands with ${describeLeft(word)}, and would be lost.`);
      const link = stanza.body.filter(({ words }) => words[0] === undefined || linkOption.test(words[0]));
      const stays = (isLast && stanza === gone[0]) || link.some(({ words }) => words[0] !== undefined);
      // What stood behind it, comments on the next one, does not go with it.
      if (!stays) return [{ head: null, body: stanza.body.filter(({ words }) => words.length === 0) }];
      return [{ head: { ...stanza.head!, text: `iface ${nic} inet manual`, words: ['iface', nic, 'inet', 'manual'] }, body: link }];
    }),
  }));
}

/** The kernel takes what routers advertise unless it is told not to, whether a stanza asks for it or not. */
function withoutAdvertisements(files: readonly InterfacesFile[], nic: string): InterfacesFile[] {
  const six = files.flatMap(({ stanzas }) => stanzas.filter((stanza) => isOwn(nic, stanza) && stanza.head!.words[2] === 'inet6'));
  const learning = six.filter((stanza) => stanza.head!.words[3] === 'auto' || stanza.head!.words[3] === 'dhcp');
  const fixed = six.filter((stanza) => stanza.head!.words[3] === 'static');
  const result = learning.length === 0 ? [...files] : withoutStanza(files, nic, 'ra', (head) => head.words[2] === 'inet6' && (head.words[3] === 'auto' || head.words[3] === 'dhcp'));
  const option = (key: string): InterfacesLine => ({ text: `    ${key} 0`, words: [key, '0'], line: 0 });
  if (fixed.length > 0) {
    return result.map((file) => ({
      ...file, stanzas: file.stanzas.map((stanza) => (fixed.includes(stanza) ? { ...stanza, body: [option('accept_ra'), option('autoconf'), ...stanza.body.filter(({ words }) => words[0] !== 'accept_ra' && words[0] !== 'autoconf')] } : stanza)),
    }));
  }
  const silent: InterfacesStanza = {
    head: { text: `iface ${nic} inet6 manual`, words: ['iface', nic, 'inet6', 'manual'], line: 0 },
    body: [`    up echo 0 >/proc/sys/net/ipv6/conf/${nic}/accept_ra`, `    up ip -6 address flush dev ${nic} scope global dynamic`].map((text) => ({ text, words: text.trim().split(' '), line: 0 })),
  };
  const holder = lastIndex(result, ({ stanzas }) => stanzas.some((stanza) => isOwn(nic, stanza)));
  const place = lastIndex(result[holder]?.stanzas ?? [], (stanza) => isOwn(nic, stanza));
  if (place < 0) throw notConfigured('ra', where);
  return result.map((file, at) => (at === holder ? { ...file, stanzas: [...file.stanzas.slice(0, place + 1), silent, ...file.stanzas.slice(place + 1)] } : file));
}

function withoutDns(files: readonly InterfacesFile[], nic: string): InterfacesFile[] {
  const own = files.flatMap(({ stanzas }) => stanzas.filter((stanza) => isOwn(nic, stanza)));
  if (own.some(({ head }) => head!.words[3] === 'dhcp')) throw cantLeave('dns', 'The client of DHCP writes the name servers that it is given.');
  return changed(files, nic, 'dns', (stanza) => {
    const body = stanza.body.filter(({ words }) => !/^dns[-_]/.test(words[0] ?? ''));
    return body.length === stanza.body.length ? stanza : { ...stanza, body };
  });
}
