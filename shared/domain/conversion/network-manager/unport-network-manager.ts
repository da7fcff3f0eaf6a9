import { quoteWord } from '../../shell-quote';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { formatIni, iniLine, iniValue, parseIni } from '../ini';
import type { IniSection } from '../ini';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import { putIn, refuseOwnSettings, takeOut } from '../unport/port-steps';
import { profileId } from './profile-id';
import { addressSections, ownSettings } from './profile-sections';
import { freeProfilePath, readProfile } from './released-profiles';

/**
 * The NIC gets a profile of its own without addresses, in place of the port's: without one, NetworkManager would look for an address by itself.
 * A port of Open vSwitch has such a profile already. Sources: nm-settings-keyfile(5), nmcli(1), ovs-vsctl(8).
 */
export const networkManagerUnport: ReleasePlanner = {
  files: (facts, spec) => (spec.kind === 'ovs' ? [] : plainProfile(facts, spec)),
  plan(facts, spec, files) {
    const common = { stack: 'NetworkManager' as const, kind: spec.kind, goal: 'unport' as const, nic: spec.nic, bridge: spec.bridge, removes: removedFiles(facts, files, () => 'commit') };
    const profile = files.find(({ content }) => content !== null);
    if (!profile) return releasePlan(facts, { ...common, files: [], apply: [...refuseOwnSettings(spec), takeOut(spec)], commit: [], revert: [putIn(spec)], needsBootGuard: true, expectedGap: 1 });
    const uuid = iniValue(parseIni(profile.path, profile.content!), 'connection', 'uuid')!;
    const port = readProfile(facts, spec.nic);
    const trial = profile.path.replace('/etc/', '/run/');
    const [nic, bridge] = [quoteWord(spec.nic), quoteWord(spec.bridge)];
    const forget = (id: string): string => `! nmcli connection show uuid ${id} >/dev/null 2>&1 || nmcli connection delete uuid ${id}`;
    return releasePlan(facts, {
      ...common, files: writtenFiles(files, () => trial),
      apply: [
        { says: `Have NetworkManager read a profile of ${spec.nic} without addresses`, command: `nmcli connection load ${quoteWord(trial)}` },
        { says: `Take ${spec.nic} out of ${spec.bridge} by it`, command: `nmcli --wait 30 connection up uuid ${uuid} ifname ${nic}` },
      ],
      commit: [
        { says: 'Have NetworkManager read it where it stands for good', command: `nmcli connection load ${quoteWord(profile.path)}` },
        { says: `Have NetworkManager forget the profile by which ${spec.nic} was a port`, command: forget(port.uuid) },
      ],
      revert: [
        { says: `Have NetworkManager read the profile by which ${spec.nic} is a port`, command: `nmcli connection load ${quoteWord(port.path)}` },
        { says: `Make ${spec.nic} a port of ${spec.bridge} again`, command: `[ "$(readlink /sys/class/net/${nic}/master | sed 's|.*/||')" = ${bridge} ] || nmcli --wait 30 connection up uuid ${port.uuid} ifname ${nic}` },
        { says: `Delete the profile that ${spec.nic} had on trial`, command: forget(uuid) },
      ],
      needsBootGuard: false, expectedGap: 1,
    });
  },
};

function plainProfile(facts: ConversionFacts, { nic }: ConversionSpec): LastingFile[] {
  const port = readProfile(facts, nic);
  const settings = port.sections.filter(({ name }) => name === 'connection').flatMap(({ lines }) => lines).filter(({ key }) => key !== null && (!ownSettings.test(key) || key === 'autoconnect-priority'));
  const section = (name: string, ...lines: IniSection['lines']): IniSection => ({ name, lines: [...lines, { text: '', key: null, value: '', line: 0 }] });
  const sections = [
    section('connection', iniLine('id', nic), iniLine('uuid', profileId(port.uuid, nic, 'plain')), iniLine('type', iniValue(port.sections, 'connection', 'type') ?? 'ethernet'), iniLine('interface-name', nic), ...settings),
    ...port.sections.filter(({ name }) => name !== '' && name !== 'connection' && name !== 'bridge-port' && !addressSections.test(name)),
    section('ipv4', iniLine('method', 'disabled')), section('ipv6', iniLine('method', 'disabled')),
  ];
  return [{ path: freeProfilePath(facts, nic), mode: 0o600, content: formatIni(sections) }, { path: port.path, mode: 0o600, content: null }];
}
