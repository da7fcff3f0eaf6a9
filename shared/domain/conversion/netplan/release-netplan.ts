import type { ConversionFacts, ConversionSpec } from '../facts';
import { ownersOf } from '../owner';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import { deleteBridge, deleteSwitch } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionStep } from '../transaction';
import { reloadNetworkd } from '../networkd/reload-networkd';
import { applySteps, generate } from './apply-netplan';
import { releasedNetplanFiles } from './released-netplan-files';

/** Sources: netplan(5), netplan-apply(8): it deletes no bridge that its files no longer name. */
export const netplanRelease: ReleasePlanner = { files: releasedNetplanFiles, plan: planRelease };

function planRelease(facts: ConversionFacts, spec: ConversionSpec, files: readonly LastingFile[]): StackPlan {
  const stack = ownersOf(facts, spec.bridge)[0] === 'netplan-NetworkManager' ? 'netplan-NetworkManager' : 'netplan-networkd';
  const take = applySteps(facts, stack, spec.kind);
  const isLinux = spec.kind === 'linux';
  return releasePlan(facts, {
    stack, kind: spec.kind, goal: 'unbridge', nic: spec.nic, bridge: spec.bridge,
    files: writtenFiles(files, (path) => (path.startsWith('/etc/netplan/') ? path.replace('/etc/', '/run/') : null)),
    // What stands beside netplan's files is about a bridge that is not there on trial.
    removes: removedFiles(facts, files, () => 'commit'),
    apply: isLinux ? leaveBridge(facts, spec.bridge, stack) : [deleteSwitch(spec.bridge), ...take],
    commit: [generate],
    revert: take,
    needsBootGuard: !isLinux,
    expectedGap: stack === 'netplan-networkd' ? 2 : 6,
  });
}

/**
 * NetworkManager knows the bridge's profile until netplan has applied its files, and may make it again: so it is deleted twice. For
 * systemd-networkd the files are written while the bridge still stands.
 */
function leaveBridge(facts: ConversionFacts, bridge: string, stack: 'netplan-NetworkManager' | 'netplan-networkd'): TransactionStep[] {
  if (stack === 'netplan-networkd') return [generate, deleteBridge(bridge), reloadNetworkd];
  return [deleteBridge(bridge), ...applySteps(facts, stack, 'linux'), deleteBridge(bridge)];
}
