import { quoteWord } from '../../shell-quote';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import { addSwitch, deleteBridge, deleteSwitch, portOf } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionStep } from '../transaction';
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
    apply: [isLinux ? deleteBridge(spec.bridge) : deleteSwitch(spec.bridge), ...takeFiles(spec.nic)],
    commit: [],
    revert: isLinux ? takeFiles(spec.nic) : [
      addSwitch(spec, portOf(facts, { ...spec, nic: spec.bridge }).mac), ...takeFiles(spec.nic),
      { says: `Have systemd-networkd set up ${spec.bridge} as its file says`, command: `networkctl reconfigure ${quoteWord(spec.bridge)}; ip link set dev ${quoteWord(spec.bridge)} up` },
    ],
    needsBootGuard: true,
    expectedGap: 1,
  });
}

function takeFiles(nic: string): TransactionStep[] {
  return [
    { says: 'Have systemd-networkd read its files anew', command: 'networkctl reload' },
    { says: `Have systemd-networkd set up ${nic} as its file says`, command: `networkctl reconfigure ${quoteWord(nic)}` },
  ];
}
