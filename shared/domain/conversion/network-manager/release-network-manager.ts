import { quoteWord } from '../../shell-quote';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem } from '../finding';
import { iniValue, parseIni } from '../ini';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import { addSwitch, deleteBridge, deleteSwitch, portOf } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionStep } from '../transaction';
import { releasedProfiles } from './released-profiles';

/** The profile that the NIC has afterwards is activated on trial; the bridge's stay as they are in /etc until that is confirmed. Source: nmcli(1). */
export const networkManagerRelease: ReleasePlanner = { files: releasedProfiles, plan: planRelease };

function planRelease(facts: ConversionFacts, spec: ConversionSpec, files: readonly LastingFile[]): StackPlan {
  const profile = files.find(({ path, content }) => content !== null && path.endsWith('.nmconnection'));
  const uuid = profile ? iniValue(parseIni(profile.path, profile.content!), 'connection', 'uuid') : undefined;
  if (!profile || uuid === undefined || !/^[0-9a-f-]{36}$/i.test(uuid)) {
    throw ConfigProblem.of('undo.no-profile', `${spec.nic} has no profile to go back to`, 'Its former profile was in NetworkManager\'s memory only, or has no UUID.');
  }
  const bridge = activeOf(facts, spec.bridge);
  const port = activeOf(facts, spec.nic);
  const isNew = !facts.files.some(({ path }) => path === profile.path);
  const [nic, path] = [quoteWord(spec.nic), quoteWord(profile.path)];
  const trial = profile.path.replace('/etc/', '/run/');
  const isOvs = spec.kind === 'ovs';
  const removes = removedFiles(facts, files, () => 'commit');
  const reloadConf: TransactionStep[] = isOvs ? [{ says: 'Have NetworkManager read its settings', command: 'nmcli general reload conf' }] : [];
  const remains = [bridge, port].map(({ file }) => file).filter((file) => file !== null).map(quoteWord).join(' ');
  const down: TransactionStep = { says: `Take ${spec.bridge} down`, command: `! nmcli --get-values GENERAL.STATE connection show uuid ${bridge.uuid} 2>/dev/null | grep -q . || nmcli --wait 10 connection down uuid ${bridge.uuid}` };
  const up: TransactionStep = { says: `Connect ${spec.nic} by its own profile`, command: `nmcli --wait 30 connection up uuid ${uuid} ifname ${nic}` };
  return releasePlan(facts, {
    stack: 'NetworkManager', kind: spec.kind, goal: 'unbridge', nic: spec.nic, bridge: spec.bridge, removes,
    files: writtenFiles(files, (own) => (isNew && own === profile.path ? trial : null)),
    apply: [
      ...isNew ? [{ says: `Have NetworkManager read the profile of ${spec.nic}`, command: `nmcli connection load ${quoteWord(trial)}` }] : [],
      ...isOvs ? [down, deleteSwitch(spec.bridge), up] : [up, down, deleteBridge(spec.bridge)],
    ],
    commit: [
      { says: `Have NetworkManager read the profile of ${spec.nic} where it stands for good`, command: `nmcli connection load ${path}` },
      { says: 'Have NetworkManager forget the profiles of the bridge', command: `for id in ${port.uuid} ${bridge.uuid}; do ! nmcli connection show uuid $id >/dev/null 2>&1 || nmcli connection delete uuid $id; done` },
      ...reloadConf,
    ],
    revert: [
      ...reloadConf,
      { says: 'Have NetworkManager read the profiles of the bridge', command: `nmcli connection load ${remains}` },
      ...isOvs ? [addSwitch(spec, portOf(facts, { ...spec, nic: spec.bridge }).mac)] : [],
      { says: `Connect ${spec.nic} as the port of ${spec.bridge}`, command: `nmcli --wait 30 connection up uuid ${port.uuid} ifname ${nic}` },
      ...isOvs ? [{ says: `Give ${spec.bridge} its addresses`, command: `nmcli --wait 30 connection up uuid ${bridge.uuid}` }] : [],
      isNew ? { says: `Delete the profile that ${spec.nic} had on trial`, command: `! nmcli connection show uuid ${uuid} >/dev/null 2>&1 || nmcli connection delete uuid ${uuid}` }
        : { says: `Have NetworkManager read the other profile of ${spec.nic}`, command: `nmcli connection load ${path}` },
    ],
    needsBootGuard: isOvs,
    expectedGap: isOvs ? 6 : 3,
  });
}

function activeOf(facts: ConversionFacts, name: string): { uuid: string; file: string | null } {
  const device = facts.networkManager[name];
  if (!device?.uuid || !/^[0-9a-f-]{36}$/i.test(device.uuid)) throw ConfigProblem.of('config.missing', `No profile is active on ${name}`, `NetworkManager names no connection profile for ${name}.`);
  return { uuid: device.uuid, file: device.file };
}
