import { noUsers, portsOf, userFindings } from './bridge-users';
import type { BridgeUsers } from './bridge-users';
import { linkOf } from './facts';
import type { ConversionFacts, ConversionSpec } from './facts';
import { blocker } from './finding';
import type { ConversionFinding } from './finding';
import { safetyRules } from './host-rules';
import type { HostTransaction } from './host-transaction';
import { globalAddresses } from './leave/leave-rules';
import { isLeftAddress, leavingOf } from './leave/left-setting';
import { planned } from './planned';
import type { ConversionPlan } from './planned';
import { ownersOf } from './owner';
import { addressPlanners } from './readdress/address-planners';
import { defaultRoute } from './readdress/address-request';
import { sixWants, withMtu } from './readdress/plan-readdress';
import { fixedSix } from './readdress/six-change';
import type { LastingFile } from './release';
import { releasePlanners } from './release-planners';
import type { StackName, TransactionWants } from './transaction';
import { macRules } from './uplink-rules';

/** A transaction that is DONE, with what the host has kept of the time before. */
export interface FinishedTransaction {
  transaction: HostTransaction;
  /** Files as they were; those that were not there have no content. */
  files: LastingFile[];
  /** Files that are no longer as the transaction left them. */
  changed: string[];
  /** Of the interface that carried the network: its IPv4 addresses with prefix, its gateway (null: none), its MTU (null: not kept). */
  ipv4: string[];
  /** The one of them that DHCP gave; null: none, or none that ends. */
  leased: string | null;
  /** Its fixed IPv6 addresses with prefix. */
  fixed6: string[];
  gateway: string | null;
  mtu: number | null;
}

/**
 * The way back from a transaction that is DONE: its files as they were, by the stack's own means, as a transaction of its own. The files
 * are known to have worked, which nothing that is made up anew could claim.
 */
export function planUndo(facts: ConversionFacts, finished: FinishedTransaction, users: BridgeUsers = noUsers): ConversionPlan {
  const { transaction, files } = finished;
  const { nic, bridge, kind, goal = 'bridge' } = transaction;
  const spec: ConversionSpec = { nic, bridge, kind };
  const carrier = goal === 'address' ? nic : bridge;
  const owners = ownersOf(facts, carrier);
  const stack = owners.length === 1 ? owners[0]! : null;
  const findings = [...undoRules(facts, finished, stack), ...safetyRules(facts), ...goal === 'bridge' ? [...macRules(facts, bridge, nic), ...userFindings(facts, bridge, users)] : []];
  return planned(facts, stack, findings, () => {
    if (stack === null) return null;
    const made = (goal === 'address' ? addressPlanners[stack]?.plan(facts, nic, files, wantsOf(facts, finished)) : releasePlanners[stack]?.plan(facts, spec, files)) ?? null;
    const plan = made && withMtu(facts, nic, made);
    const wants = goal === 'bridge' ? { ...plan?.transaction.wants, ...leftWants(facts, finished) } : plan?.transaction.wants;
    return plan && { ...plan, transaction: { ...plan.transaction, ...wants && Object.keys(wants).length > 0 && { wants }, undoes: transaction.id } };
  });
}

/** Addresses, gateway and MTU that are to be again, as far as they are others now. */
function wantsOf(facts: ConversionFacts, { transaction, ipv4, fixed6, leased, gateway, mtu }: FinishedTransaction): TransactionWants {
  const link = linkOf(facts, transaction.nic);
  const session = facts.session?.address;
  const goes = session !== undefined && (link?.addresses.some(({ address }) => address === session) ?? false) && !ipv4.some((cidr) => cidr.split('/')[0] === session);
  const now = fixedSix(link).map(({ address, prefix }) => `${address}/${prefix}`);
  const six = { gone: now.filter((cidr) => !fixed6.includes(cidr)).map((cidr) => cidr.split('/')[0]!), come: fixed6.filter((cidr) => !now.includes(cidr)) };
  return {
    ipv4,
    // The same address may be a fixed one until the stack has changed over.
    ...leased === null ? {} : { leased },
    ...gateway === null || gateway === '-' || defaultRoute(facts, transaction.nic)?.gateway === gateway ? {} : { gateway },
    ...mtu === null || link?.mtu === mtu ? {} : { mtu },
    ...goes && ipv4[0] !== undefined && !session.includes(':') ? { reachedAddress: ipv4[0].split('/')[0]! } : {},
    ...sixWants(facts, transaction.nic, six),
  };
}

/** Addresses and routes that the conversion left out come back with its files. */
function leftWants(facts: ConversionFacts, { transaction: { bridge, leaves = [] }, ipv4 }: FinishedTransaction): TransactionWants {
  const leaving = leavingOf(leaves);
  const back = ipv4.filter((cidr) => isLeftAddress(leaving, cidr));
  const link = linkOf(facts, bridge);
  return {
    ...back.length === 0 || !link ? {} : { ipv4: [...globalAddresses(link).filter(({ family }) => family === 'ipv4').map(({ address, prefix }) => `${address}/${prefix}`), ...back] },
    ...leaving.routes.length === 0 ? {} : { routes: leaving.routes },
  };
}

function undoRules(facts: ConversionFacts, { transaction, changed }: FinishedTransaction, stack: StackName | null): ConversionFinding[] {
  const { id, state, goal = 'bridge', nic, bridge, kind } = transaction;
  if (state !== 'DONE') return [blocker('undo.not-done', 'There is nothing to undo', `${id} did not last: its state is ${state}.`)];
  if (goal === 'unbridge') return [blocker('undo.unbridge', 'A bridge that was taken away is made anew', `${id} gave ${nic} its addresses back.`, `Convert ${nic} again.`)];
  if (goal === 'unport') return [blocker('undo.unport', 'A NIC that was taken out is put in by hand', `${id} took ${nic} out of ${bridge}.`, `Make it a port again by the means of the host; the files of before are in /var/lib/netwright/tx/${id}/kept/files.`)];
  const afterwards = goal === 'bridge' ? `Remove ${bridge} as it is now: netwright unbridge HOST ${bridge}` : 'Change the address as it is now: netwright readdress HOST';
  if (transaction.undoable !== true) return [blocker('undo.nothing-kept', 'The host has kept nothing of before', `It was changed by an earlier version, or what was kept in /var/lib/netwright/tx/${id} is gone.`, afterwards)];
  if (goal === 'bridge' && transaction.leaves?.includes('dhcp4')) {
    return [blocker('undo.leased', 'DHCP was left out by it', `${nic} would ask for an address that nobody knows yet, so that the host could not tell whether it is back as it was.`, afterwards)];
  }
  if (changed.length > 0) {
    return [blocker('undo.changed', 'The configuration was changed since', `These are no longer as ${id} left them: ${changed.join(', ')}. What was changed would be lost.`, `Undo what came after first. ${afterwards}`)];
  }
  if (goal === 'bridge' && !portsOf(facts, bridge).includes(nic)) return [blocker('undo.moved-on', `${nic} is no port of ${bridge}`, 'The host is no longer as this transaction left it.', afterwards)];
  if (stack !== transaction.stack) {
    return [blocker('undo.owner', `${transaction.stack} no longer has ${goal === 'bridge' ? bridge : nic} in hand`, `It is configured by ${stack ?? 'nobody, or by several'} now.`, afterwards)];
  }
  if (goal === 'bridge' && stack !== null && !releasePlanners[stack]) {
    return [blocker('owner.not-supported', `${stack} is not supported for that yet`, `${bridge} is configured by ${stack}.`, 'Take the bridge away by the means of the host.')];
  }
  return kind === 'ovs' && !facts.ovs.answers ? [blocker('ovs.missing', 'Open vSwitch doesn\'t answer', 'The bridge can\'t be taken away without it.', 'Start Open vSwitch first.')] : [];
}
