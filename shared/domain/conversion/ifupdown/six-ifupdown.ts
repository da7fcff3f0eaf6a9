import { sameAddress } from '../../subnet';
import { ConfigProblem } from '../finding';
import { lastIndex } from '../ini';
import type { SixChange } from '../readdress/six-change';
import { unknownOrigin } from '../readdress/unknown-origin';
import type { InterfacesFile } from './interfaces-files';
import { leaveOutOfInterfaces } from './leave-interfaces';
import { headKind } from './parse-interfaces';
import type { InterfacesLine, InterfacesStanza } from './parse-interfaces';

/** Fixed IPv6 of ifupdown: a stanza for each address, or a command in another one. Sources: interfaces(5), ip-address(8). @throws ConfigProblem */
export function withSix(files: readonly InterfacesFile[], { gone, come, gateway }: SixChange, device: string): InterfacesFile[] {
  let result = [...files];
  // What stands with an address that goes may be all that is left to say: its gateway first.
  if (gateway === null) result = inStanzas(result, device, (stanza) => ({ ...stanza, body: stanza.body.filter(({ words }) => words[0] !== 'gateway') }));
  for (const [at, old] of gone.entries()) {
    const next = come[at];
    result = next === undefined ? leaveOutOfInterfaces(result, device, [old]) : replaced(result, device, old, next);
  }
  for (const added of come.slice(gone.length)) result = withStanza(result, device, added);
  return gateway === undefined || gateway === null ? result : withGateway(result, device, gateway);
}

const isOwn = (stanza: InterfacesStanza, device: string): boolean => headKind(stanza) === 'iface' && stanza.head!.words[1] === device;
const isSix = (stanza: InterfacesStanza, device: string): boolean => isOwn(stanza, device) && stanza.head!.words[2] === 'inet6' && stanza.head!.words[3] === 'static';

function inStanzas(files: readonly InterfacesFile[], device: string, change: (stanza: InterfacesStanza) => InterfacesStanza): InterfacesFile[] {
  return files.map((file) => ({ ...file, stanzas: file.stanzas.map((stanza) => (isSix(stanza, device) ? change(stanza) : stanza)) }));
}

function written(line: InterfacesLine, words: string[]): InterfacesLine {
  return { ...line, text: `${/^\s*/.exec(line.text)![0]}${words.join(' ')}`, words };
}

/** The stanza's own address, with its length in `netmask` or behind it; or that of `ip address add`. */
function replaced(files: readonly InterfacesFile[], device: string, old: string, next: string): InterfacesFile[] {
  const isOld = (word: string | undefined): boolean => word !== undefined && word.includes(':') && /^[0-9a-f:.]+(\/\d+)?$/i.test(word) && sameAddress(word.split('/')[0]!, old);
  let found = false;
  const result = files.map((file) => ({
    ...file,
    stanzas: file.stanzas.map((stanza) => {
      if (!isOwn(stanza, device) || !stanza.body.some(({ words }) => words.slice(1).some(isOld))) return stanza;
      const isItsOwn = stanza.body.some(({ words }) => words[0] === 'address' && isOld(words[1]));
      found = true;
      return { ...stanza, body: stanza.body.filter(({ words }) => !isItsOwn || words[0] !== 'netmask').map((line) => (line.words.slice(1).some(isOld) ? written(line, line.words.map((word, at) => (at > 0 && isOld(word) ? next : word))) : line)) };
    }),
  }));
  if (!found) throw unknownOrigin('ifupdown\'s files don\'t say', old, device);
  return result;
}

/** Behind the device's last. What routers advertise is taken as before, where nothing says otherwise. */
function withStanza(files: readonly InterfacesFile[], device: string, address: string): InterfacesFile[] {
  const holder = lastIndex(files, ({ stanzas }) => stanzas.some((stanza) => isOwn(stanza, device)));
  if (holder < 0) throw ConfigProblem.of('config.missing', `No stanza configures ${device}`, `None of ifupdown's files has a stanza for ${device}.`);
  const { stanzas } = files[holder]!;
  const place = lastIndex(stanzas, (stanza) => isOwn(stanza, device));
  const line = (text: string): InterfacesLine => ({ text, words: text.trim() === '' ? [] : text.trim().split(' '), line: 0 });
  const last = stanzas[place]!;
  const ends = last.body.at(-1)?.words.length === 0;
  const added: InterfacesStanza = { head: line(`iface ${device} inet6 static`), body: [line(`    address ${address}`), ...ends ? [line('')] : []] };
  const spaced: InterfacesStanza = ends ? last : { ...last, body: [...last.body, line('')] };
  return files.map((file, at) => (at === holder ? { ...file, stanzas: [...stanzas.slice(0, place), spaced, added, ...stanzas.slice(place + 1)] } : file));
}

/** In the place of the present one, else with the first fixed address. */
function withGateway(files: readonly InterfacesFile[], device: string, gateway: string): InterfacesFile[] {
  const all = files.flatMap(({ stanzas }) => stanzas.filter((stanza) => isSix(stanza, device)));
  const holder = all.find(({ body }) => body.some(({ words }) => words[0] === 'gateway')) ?? all[0];
  if (!holder) throw ConfigProblem.of('gateway6.no-address', 'ifupdown takes a gateway of IPv6 with a fixed address only', `${device} has none.`, 'Fix an address as well.');
  return inStanzas(files, device, (stanza) => {
    if (stanza !== holder) return stanza;
    const at = stanza.body.findIndex(({ words }) => words[0] === 'gateway');
    const address = stanza.body.findIndex(({ words }) => words[0] === 'address');
    const line = written(stanza.body[at < 0 ? address : at]!, ['gateway', gateway]);
    return { ...stanza, body: at < 0 ? [...stanza.body.slice(0, address + 1), line, ...stanza.body.slice(address + 1)] : stanza.body.map((present, index) => (index === at ? line : present)) };
  });
}
