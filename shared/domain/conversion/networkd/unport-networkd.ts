import { contentOf, linkOf } from '../facts';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem } from '../finding';
import { formatIni, iniLine, iniValue, parseIni, setIni, withoutKeys } from '../ini';
import type { IniLine, IniSection } from '../ini';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import { putIn, refuseOwnSettings, takeOut } from '../unport/port-steps';
import { dropInsOf } from './network-files';
import { reloadNetworkd } from './reload-networkd';

const folder = '/etc/systemd/network/';
/** Sections that mean something to a port of a bridge alone. */
const portSections = /^(Bridge|BridgeVLAN|BridgeFDB|BridgeMDB)$/;

/** As for taking a bridge away, a file below /etc changes for the trial already; of Open vSwitch, only its database does. Sources: systemd.network(5), ovs-vsctl(8). */
export const networkdUnport: ReleasePlanner = {
  files: (facts, spec) => (spec.kind === 'ovs' ? [] : [plainNetwork(facts, spec)]),
  plan: (facts, spec, files) => releasePlan(facts, {
    stack: 'systemd-networkd', kind: spec.kind, goal: 'unport', nic: spec.nic, bridge: spec.bridge,
    files: writtenFiles(files, (path) => path), removes: removedFiles(facts, files, () => 'trial'),
    apply: spec.kind === 'ovs' ? [...refuseOwnSettings(spec), takeOut(spec)] : [reloadNetworkd, takeOut(spec)],
    commit: [], revert: spec.kind === 'ovs' ? [putIn(spec)] : [reloadNetworkd, putIn(spec)],
    needsBootGuard: true, expectedGap: 1,
  }),
};

/** The port's own file without the bridge; where that is about other interfaces, too, one before it. */
function plainNetwork(facts: ConversionFacts, { nic, bridge }: ConversionSpec): LastingFile {
  const source = facts.networkd[nic]?.file;
  const content = source ? contentOf(facts, source) : undefined;
  if (!source || content === undefined) throw ConfigProblem.of('config.missing', `No file configures ${nic}`, `systemd-networkd names no .network file for ${nic} that can be read.`);
  const dropIn = dropInsOf(facts, source)[0];
  if (dropIn) throw ConfigProblem.of('config.drop-in', `${dropIn.path} adds to ${source}`, 'It is not clear which of them makes it a port.', `Write it into ${source} first.`);
  const sections = parseIni(source, content);
  if (iniValue(sections, 'Network', 'Bridge') !== bridge) throw ConfigProblem.of('config.missing', `${source} doesn't make ${nic} a port`, `It names no Bridge=${bridge}.`);
  const address = sections.flatMap(({ lines }) => lines).find(({ key }) => key === 'Address');
  if (address) throw ConfigProblem.at(source, address.line, `${nic} has addresses of its own.`);
  const isOnly = [nic, linkOf(facts, nic)?.permanentMac ?? ''].includes(iniValue(sections, 'Match', 'Name') ?? iniValue(sections, 'Match', 'PermanentMACAddress') ?? '-');
  const path = isOnly && source.startsWith(folder) ? source : `${folder}00-netwright-${nic}.network`;
  if (path !== source && contentOf(facts, path) !== undefined) throw ConfigProblem.of('config.taken', `${path} is there already`, 'It would be replaced.', 'Move the file away first.');
  return { path, mode: facts.files.find((file) => file.path === path)?.mode ?? 0o644, content: `${path === source ? '' : `# ${nic} is no port of a bridge. Made by Netwright.\n`}${formatIni(plain(path === source ? sections : named(sections, nic)))}` };
}

const blank: IniLine = { text: '', key: null, value: '', line: 0 };

function named(sections: readonly IniSection[], nic: string): IniSection[] {
  return [{ name: 'Match', lines: [iniLine('Name', nic), blank] }, ...sections.filter(({ name }) => name !== '' && name !== 'Match')];
}

/** Up and without addresses; nobody waits for it at boot. Another file that matches would give it some, so that one for it stays. */
function plain(sections: readonly IniSection[]): IniSection[] {
  let result = sections.filter(({ name }) => !portSections.test(name)).map((section) => (section.name === 'Network' ? withoutKeys(section, (key) => key === 'Bridge') : section));
  for (const key of ['LinkLocalAddressing', 'IPv6AcceptRA', 'DHCP']) if (key !== 'DHCP' || iniValue(result, 'Network', key) !== undefined) result = setIni(result, 'Network', key, 'no');
  return setIni(result, 'Link', 'RequiredForOnline', 'no');
}
