import { quoteWord } from '../../shell-quote';
import { linkOf } from '../facts';
import type { ConversionFacts, ConversionSpec, LinkFacts } from '../facts';
import { filesAfter, releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import { addSwitch, deleteBridge, deleteSwitch, portOf } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import { flatten, trialPath } from './flatten';
import { bringUpAgain, clearInterface, copyLease, forget, restoreIpv6, stopClients } from './interface-steps';
import { readInterfaces } from './interfaces-files';
import { releasedInterfaces } from './released-interfaces';

/** As for making a bridge, one flat file for `ifup -i` on trial. Sources: ifup(8), interfaces(5). */
export const ifupdownRelease: ReleasePlanner = { files: releasedInterfaces, plan: planRelease };

function planRelease(facts: ConversionFacts, spec: ConversionSpec, files: readonly LastingFile[]): StackPlan {
  const port = portOf(facts, spec);
  const { mac } = portOf(facts, { ...spec, nic: spec.bridge });
  const after = { files: filesAfter(facts.files, files) };
  const trial = { name: 'trial-interfaces', content: flatten(after, readInterfaces(after.files)), mode: 0o600, trialPath, commitPath: null };
  const isLinux = spec.kind === 'linux';
  const [nic, bridge] = [quoteWord(spec.nic), quoteWord(spec.bridge)];
  const back = { nic: spec.bridge, bridge: spec.nic };
  return releasePlan(facts, {
    stack: 'ifupdown', kind: spec.kind, goal: 'unbridge', nic: spec.nic, bridge: spec.bridge,
    files: [trial, ...writtenFiles(files, () => null)],
    removes: removedFiles(facts, files, () => 'commit'),
    apply: [
      { says: 'See whether ifupdown understands the new file, before anything changes', command: `ifup --no-act -i ${trialPath} --force ${nic} >/dev/null 2>&1` },
      stopClients(spec.bridge),
      { says: `Let the DHCP client of ${spec.nic} ask for the address that ${spec.bridge} has`, command: copyLease(back) },
      isLinux ? deleteBridge(spec.bridge) : deleteSwitch(spec.bridge),
      forget(spec),
      clearInterface(spec.nic, false),
      { says: `Let ${spec.nic} have IPv6`, command: restoreIpv6(asNic(facts, spec, port)) },
      { says: `Have ifupdown bring ${spec.nic} up`, command: `ifup -i ${trialPath} --force ${nic}` },
    ],
    commit: [],
    revert: [
      stopClients(spec.nic),
      ...isLinux ? [{ says: `Make the bridge ${spec.bridge}`, command: `[ -e /sys/class/net/${bridge} ] || ip link add name ${bridge} address ${mac} type bridge stp_state 0 forward_delay 0` }] : [],
      clearInterface(spec.nic, true),
      forget(spec),
      ...isLinux ? [] : [addSwitch(spec, mac), { says: `Keep ${spec.nic} switched on`, command: `ip link set dev ${nic} up` }],
      bringUpAgain(facts, spec.bridge),
    ],
    needsBootGuard: !isLinux,
    expectedGap: 2,
  });
}

/** What the bridge has of IPv6 is what the NIC had: bridge-utils switched it off on the port. */
function asNic(facts: ConversionFacts, { bridge }: ConversionSpec, port: LinkFacts): LinkFacts {
  const link = linkOf(facts, bridge);
  return link ? { ...port, acceptRa: link.acceptRa, addresses: link.addresses, addressGeneration: link.addressGeneration } : port;
}
