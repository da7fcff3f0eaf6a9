import { quoteWord } from '../../shell-quote';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { addSwitch, changesOf, deleteBridge, deleteSwitch, portOf } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionFile, TransactionStep } from '../transaction';
import { flatten, trialPath } from './flatten';
import { bringUpAgain, clearInterface, copyLease, forget, restoreIpv6, stopClients } from './interface-steps';
import { leaveOutOfInterfaces } from './leave-interfaces';
import { readInterfaces } from './interfaces-files';
import { moveStanzas } from './move-stanzas';
import { formatInterfaces } from './parse-interfaces';

/**
 * On trial one file with everything that ifupdown would read, for `ifup -i`; committed the files as they are split now. The NIC is taken
 * out of ifupdown's hands without its own `ifdown`, which would release the lease and take the link down. Sources: ifup(8),
 * interfaces(5), bridge-utils-interfaces(5).
 * @throws ConfigProblem for what is not understood
 */
export function planIfupdown(facts: ConversionFacts, spec: ConversionSpec): StackPlan {
  const port = portOf(facts, spec);
  const before = readInterfaces(facts.files);
  const moved = moveStanzas(leaveOutOfInterfaces(before, spec.nic, spec.leave ?? []), spec, port);
  const extra = !moved.hasInet6 && port.acceptRa === 2 ? `\n# As it was for ${spec.nic}.\niface ${spec.bridge} inet6 manual\n    up echo 2 > /proc/sys/net/ipv6/conf/${spec.bridge}/accept_ra\n` : '';
  const texts = moved.files.map((file) => formatInterfaces(file.stanzas));
  const holder = moved.files.findIndex((file) => file.stanzas.some(({ head }) => head?.words[0] === 'iface' && head.text.startsWith(`iface ${spec.bridge} `)));
  texts[holder] = `${texts[holder]!}${extra}`;
  const changed = moved.files.flatMap((file, at): TransactionFile[] => (texts[at] === formatInterfaces(before[at]!.stanzas) ? [] : [{
    name: `commit${file.path.replaceAll('/', '-')}`, content: texts[at]!, mode: file.mode, trialPath: null, commitPath: file.path,
  }]));
  const files: TransactionFile[] = [
    { name: 'trial-interfaces', content: `${flatten(facts, moved.files)}${extra}`, mode: 0o600, trialPath, commitPath: null }, ...changed,
  ];
  const isLinux = spec.kind === 'linux';
  const [nic, bridge] = [quoteWord(spec.nic), quoteWord(spec.bridge)];
  const up = (step: string): TransactionStep => ({ says: step, command: `ip link set dev ${nic} up` });
  return {
    transaction: {
      stack: 'ifupdown', kind: spec.kind, nic: spec.nic, bridge: spec.bridge, files,
      protects: changed.map((file) => file.commitPath!),
      apply: [
        { says: 'See whether ifupdown understands the new file, before anything changes', command: `ifup --no-act -i ${trialPath} --force ${bridge} >/dev/null 2>&1` },
        stopClients(spec.nic),
        { says: `Let the DHCP client of ${spec.bridge} ask for the address that ${spec.nic} has`, command: copyLease(spec) },
        // Made before the addresses go: the scripts of bridge-utils would wait a second between the two.
        ...isLinux ? [{ says: `Make the bridge ${spec.bridge}`, command: `ip link add name ${bridge} address ${port.mac} type bridge stp_state 0 forward_delay 0` }] : [],
        clearInterface(spec.nic, true),
        forget(spec),
        ...isLinux ? [] : [addSwitch(spec, port.mac), up(`Keep ${spec.nic} switched on`)],
        { says: `Have ifupdown bring ${spec.bridge} up`, command: `ifup -i ${trialPath} --force ${bridge}` },
      ],
      commit: [],
      revert: [
        stopClients(spec.bridge),
        isLinux ? deleteBridge(spec.bridge) : deleteSwitch(spec.bridge),
        forget(spec),
        clearInterface(spec.nic, false),
        { says: `Let ${spec.nic} have IPv6 as before`, command: restoreIpv6(port) },
        bringUpAgain(facts, spec.nic),
      ],
      needsBootGuard: !isLinux,
      expectedGap: 2,
    },
    changes: changesOf(facts, changed),
    warnings: [],
  };
}
