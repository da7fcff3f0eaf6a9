import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem, unproven } from '../finding';
import { refuseLeave } from '../leave/leave-problem';
import { changesOf, deleteBridge, portOf } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionFile } from '../transaction';
import { readInterfaces } from './interfaces-files';
import { moveStanzas } from './move-stanzas';
import { formatInterfaces } from './parse-interfaces';

/**
 * As for ifupdown, in ifupdown2's words. It reloads everything that stands in /etc and nothing else, so that the files change for the trial
 * already, under the guard at boot. Sources: ifreload(8), interfaces(5) and ifupdown-addons-interfaces(5) of ifupdown2, Proxmox VE
 * Administration Guide, Network Configuration. Never run on a real host.
 * @throws ConfigProblem for what is not understood
 */
export function planIfupdown2(facts: ConversionFacts, spec: ConversionSpec): StackPlan {
  const port = portOf(facts, spec);
  refuseLeave(spec, 'ifupdown2');
  if (spec.kind === 'ovs') throw ConfigProblem.of('ovs.ifupdown2', 'Open vSwitch bridges of ifupdown2 are not supported', 'Its scripts for Open vSwitch were never tried.', 'Make a Linux bridge.');
  const before = readInterfaces(facts.files);
  const moved = moveStanzas(before, spec, port, [`bridge-ports ${spec.nic}`, 'bridge-stp off', 'bridge-fd 0', `hwaddress ${port.mac}`]);
  const files = moved.files.flatMap((file, at): TransactionFile[] => {
    const content = formatInterfaces(file.stanzas);
    return content === formatInterfaces(before[at]!.stanzas) ? [] : [{ name: `commit${file.path.replaceAll('/', '-')}`, content, mode: file.mode, trialPath: file.path, commitPath: file.path }];
  });
  const reload = { says: 'Have ifupdown2 set everything up as its files say', command: 'ifreload -a' };
  return {
    transaction: {
      stack: 'ifupdown2', kind: 'linux', nic: spec.nic, bridge: spec.bridge, files,
      protects: files.map((file) => file.commitPath!),
      apply: [{ says: 'See whether ifupdown2 understands the new files', command: 'ifreload -a -s' }, reload],
      commit: [], revert: [deleteBridge(spec.bridge), reload], needsBootGuard: true, expectedGap: 5,
    },
    changes: changesOf(facts, files), warnings: [unproven('ifupdown2')],
  };
}
