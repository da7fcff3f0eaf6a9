import type { ConversionFacts, ConversionSpec } from '../facts';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import { addSwitch, deleteBridge, deleteSwitch, portOf, switchOn } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import { reloadNetworkd } from './reload-networkd';
import { releasedNetworkFiles } from './released-network-files';

/** Files below /etc are stronger than those in /run, so that nothing volatile could hide the bridge's: they change for the trial already. */
const isNetworkd = (path: string): boolean => path.startsWith('/etc/systemd/network/');

/** Sources: systemd.network(5), networkctl(1). */
export const networkdRelease: ReleasePlanner = { files: releasedNetworkFiles, plan: planRelease };

function planRelease(facts: ConversionFacts, spec: ConversionSpec, files: readonly LastingFile[]): StackPlan {
  const isLinux = spec.kind === 'linux';
  return releasePlan(facts, {
    stack: 'systemd-networkd', kind: spec.kind, goal: 'unbridge', nic: spec.nic, bridge: spec.bridge,
    files: writtenFiles(files, (path) => (isNetworkd(path) ? path : null)),
    removes: removedFiles(facts, files, (path) => (isNetworkd(path) ? 'trial' : 'commit')),
    apply: [isLinux ? deleteBridge(spec.bridge) : deleteSwitch(spec.bridge), reloadNetworkd],
    commit: [],
    revert: isLinux ? [reloadNetworkd] : [addSwitch(spec, portOf(facts, { ...spec, nic: spec.bridge }).mac), reloadNetworkd, switchOn(spec.bridge)],
    needsBootGuard: true,
    expectedGap: 1,
  });
}
