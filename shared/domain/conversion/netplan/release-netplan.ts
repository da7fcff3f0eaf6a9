import type { ConversionFacts, ConversionSpec } from '../facts';
import { ownersOf } from '../owner';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import { deleteBridge, deleteSwitch } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import { releasedNetplanFiles } from './released-netplan-files';

/** Sources: netplan(5), netplan-apply(8): it deletes no bridge that its files no longer name. */
export const netplanRelease: ReleasePlanner = { files: releasedNetplanFiles, plan: planRelease };

function planRelease(facts: ConversionFacts, spec: ConversionSpec, files: readonly LastingFile[]): StackPlan {
  const stack = ownersOf(facts, spec.bridge)[0] === 'netplan-NetworkManager' ? 'netplan-NetworkManager' : 'netplan-networkd';
  const generate = { says: 'Have netplan check its files and write those of the network service', command: 'netplan generate' };
  const take = [generate, { says: 'Have netplan apply them', command: 'netplan apply' }];
  const isLinux = spec.kind === 'linux';
  return releasePlan(facts, {
    stack, kind: spec.kind, goal: 'unbridge', nic: spec.nic, bridge: spec.bridge,
    files: writtenFiles(files, (path) => (path.startsWith('/etc/netplan/') ? path.replace('/etc/', '/run/') : null)),
    // What stands beside netplan's files is about a bridge that is not there on trial.
    removes: removedFiles(facts, files, () => 'commit'),
    // NetworkManager knows the bridge's profile until netplan has applied its files, and may make it again: so it is deleted twice.
    apply: isLinux ? [deleteBridge(spec.bridge), ...take, deleteBridge(spec.bridge)] : [deleteSwitch(spec.bridge), ...take],
    commit: [generate],
    revert: take,
    needsBootGuard: !isLinux,
    expectedGap: stack === 'netplan-networkd' ? 2 : 6,
  });
}
