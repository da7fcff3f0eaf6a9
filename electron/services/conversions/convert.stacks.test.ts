import { afterEach, describe, expect, it } from 'vitest';
import { applyTrial, commit, lookAt, revert } from '../../../test/lab/convert-plainly';
import { LabHost, LAN_GATEWAY, WAN_SERVER } from '../../../test/lab/lab';
import type { LabStack } from '../../../test/lab/lab';
import { waitFor } from '../../../test/lab/run-process';
import { linkOf } from '../../../shared/domain/conversion/facts';
import type { ConversionFacts, ConversionSpec } from '../../../shared/domain/conversion/facts';
import { sessionDevice } from '../../../shared/domain/conversion/device-chain';
import { planConversion } from '../../../shared/domain/conversion/plan-conversion';
import type { Transaction } from '../../../shared/domain/conversion/transaction';

const nic = 'enp1s0';
const patienceMs = 60_000;
/** Two starts of a host and eight looks at it, on a machine that may have other work. */
const timeoutMs = 600_000;

/** The leased address (`ADDRESS`) as a fixed one, one of IPv6 that ends in the same number, a second one, routes, DNS and an MTU: as each stack says it. */
const fixed: Record<LabStack, { path: string; text: string }> = {
  'networkd': {
    path: '/etc/systemd/network/10-enp1s0.network',
    text: `# the uplink
[Match]
Name=enp1s0

[Link]
MTUBytes=1400

[Network]
Address=ADDRESS/24
Address=10.77.7.1/24
Address=fd77::HOST/64
Gateway=10.77.0.1
DNS=10.77.0.1

[Route]
Destination=192.0.2.0/24
Gateway=10.77.0.1

[Route]
Destination=fd78::/64
Gateway=fd77::1
`,
  },
  'ifupdown': {
    path: '/etc/network/interfaces.d/lan',
    text: `# the uplink
auto enp1s0
iface enp1s0 inet static
    address ADDRESS/24
    gateway 10.77.0.1
    mtu 1400
    up ip address add 10.77.7.1/24 dev enp1s0
    up ip route add 192.0.2.0/24 via 10.77.0.1 dev $IFACE

iface enp1s0 inet6 static
    address fd77::HOST/64
    up ip -6 route add fd78::/64 via fd77::1 dev enp1s0
`,
  },
  'nm': {
    path: '/etc/NetworkManager/system-connections/enp1s0.nmconnection',
    text: `# the uplink
[connection]
id=enp1s0
uuid=6d5a2f0a-3c8e-4e0a-9a0f-5f4a0c1d2e3f
type=ethernet
interface-name=enp1s0

[ethernet]
mtu=1400

[ipv4]
method=manual
address1=ADDRESS/24,10.77.0.1
address2=10.77.7.1/24
route1=192.0.2.0/24,10.77.0.1
dns=10.77.0.1;

[ipv6]
method=manual
address1=fd77::HOST/64
route1=fd78::/64,fd77::1
`,
  },
  'netplan': { path: '/etc/netplan/01-lab.yaml', text: netplan('networkd') },
  'netplan-nm': { path: '/etc/netplan/01-lab.yaml', text: netplan('NetworkManager') },
};

function netplan(renderer: string): string {
  return `# the uplink
network:
  version: 2
  renderer: ${renderer}
  ethernets:
    enp1s0:
      mtu: 1400
      # given by the network's people
      addresses: [ADDRESS/24, 10.77.7.1/24, "fd77::HOST/64"]
      nameservers:
        addresses: [10.77.0.1]
      routes:
        - to: default
          via: 10.77.0.1
        - to: 192.0.2.0/24
          via: 10.77.0.1
        - to: fd78::/64
          via: fd77::1
`;
}

/** What of the fixed configuration may be left out. */
const leave = ['10.77.7.1', 'route:192.0.2.0/24'];
/** The same host without it. */
function without(seen: Seen): Seen {
  return {
    ...seen, links: seen.links.map((link) => ({ ...link, addresses: link.addresses.filter(({ address }) => address !== '10.77.7.1') })),
    routes: seen.routes.filter(({ destination }) => destination !== '192.0.2.0/24' && destination !== '10.77.7.0/24'),
  };
}

/** Everything about the network that a conversion has to keep, with the NIC's or the bridge's name as `UPLINK`. */
function settings(facts: ConversionFacts, device: string): unknown {
  const uplink = linkOf(facts, device);
  const address = (entry: { address: string; prefix: number; dynamic: boolean }): string => `${entry.address}/${entry.prefix}${entry.dynamic ? ' dynamic' : ''}`;
  return {
    mac: uplink?.mac, mtu: uplink?.mtu, addresses: uplink?.addresses.map(address).sort(),
    routes: facts.routes.filter((route) => route.device === device && !/^(fe80|ff00)/.test(route.destination))
      .map((route) => [route.family, route.destination, route.gateway, route.metric, route.table].join(' ')).sort(),
    rules: facts.rules,
  };
}

/** What else of the host must be as before. */
function rest(facts: ConversionFacts): unknown {
  return {
    links: facts.links.map(({ name, controller, mtu, mac }) => ({ name, controller, mtu, mac })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    files: facts.files.filter(({ path }) => !/\/(lo|80-.*)\.|^\/run\/NetworkManager/.test(path)).map(({ path, content, mode }) => ({ path, content: content?.replace(/^timestamp=.*\n/m, ''), mode })),
    ovs: facts.ovs.bridges,
    // NetworkManager makes the loopback's profile anew whenever it starts.
    profiles: Object.entries(facts.networkManager).filter(([name]) => name !== 'lo').map(([name, { uuid, file }]) => [name, uuid, file]).sort(),
  };
}

interface Seen extends ConversionFacts {
  resolver: string;
}

/** Who is asked for names; who wrote it down, and for which interface, is left out. */
async function resolver(host: LabHost): Promise<string> {
  return (await host.execOrThrow('grep -E "^(nameserver|search)" /etc/resolv.conf || true')).trim();
}

/** Waits until the uplink has what it had, then sends real traffic: an address alone proves nothing. */
async function expectSame(host: LabHost, before: Seen, device: string): Promise<ConversionFacts> {
  let after: ConversionFacts = before;
  const want = JSON.stringify(settings(before, nic));
  await waitFor(`${device} to be as ${nic} was`, patienceMs, async () => {
    after = await lookAt(host);
    return JSON.stringify(settings(after, device)) === want;
  }).catch(() => undefined);
  expect(settings(after, device)).toEqual(settings(before, nic));
  expect(await resolver(host)).toBe(before.resolver);
  for (const target of [LAN_GATEWAY, WAN_SERVER]) {
    await waitFor(`${target} to answer`, patienceMs, async () => (await host.exec(['ping', '-c1', '-W1', target])).code === 0);
  }
  return after;
}

function expectPort(facts: ConversionFacts, spec: ConversionSpec): void {
  const own = linkOf(facts, spec.nic)!;
  expect(own.addresses.filter(({ scope }) => scope === 'global')).toEqual([]);
  expect(facts.routes.filter(({ device, destination }) => device === spec.nic && !/^(fe80|ff00)/.test(destination))).toEqual([]);
  if (spec.kind === 'linux') {
    expect(own.controller).toBe(spec.bridge);
    expect(linkOf(facts, spec.bridge)).toMatchObject({ kind: 'bridge', bridge: { stp: false } });
  } else {
    expect(facts.ovs.bridges).toEqual([spec.bridge]);
  }
}

const stacks: { stack: LabStack; owner: string; kinds: ConversionSpec['kind'][] }[] = [
  { stack: 'networkd', owner: 'systemd-networkd', kinds: ['linux', 'ovs'] },
  { stack: 'ifupdown', owner: 'ifupdown', kinds: ['linux', 'ovs'] },
  { stack: 'nm', owner: 'NetworkManager', kinds: ['linux'] },
  { stack: 'netplan', owner: 'netplan-networkd', kinds: ['linux', 'ovs'] },
  { stack: 'netplan-nm', owner: 'netplan-NetworkManager', kinds: ['linux'] },
];
const only = process.env['NETWRIGHT_TEST_STACK'] ?? 'all';

describe.each(stacks.filter(({ stack }) => only === 'all' || stack === only))('a NIC of $owner', ({ stack, owner, kinds }) => {
  let host: LabHost | undefined;
  afterEach(() => host?.down());

  const plan = (facts: ConversionFacts, spec: ConversionSpec): Transaction => {
    const made = planConversion(facts, spec);
    expect({ stack: made.stack, blockers: made.findings.filter(({ severity }) => severity === 'blocker') }).toEqual({ stack: owner, blockers: [] });
    return made.plan!.transaction;
  };

  it.each(kinds.flatMap((kind) => [{ kind, how: 'leased' }, { kind, how: 'fixed' }, ...kind === 'linux' ? [{ kind, how: 'fixed, but for some' }] : []]))('gives its $how addresses to a $kind bridge, and takes them back', async ({ kind, how }) => {
    const leaves = how === 'fixed, but for some';
    const up = await LabHost.up(`stk-${stack}-${kind}-${how.slice(0, 5)}${leaves ? '-some' : ''}`, { stack });
    host = up;
    if (how !== 'leased') {
      const { path, text } = fixed[stack];
      await up.execOrThrow(`cat >${path}; chmod ${stack === 'networkd' || stack === 'ifupdown' ? '644' : '600'} ${path}`, { input: text.replaceAll('ADDRESS', up.address).replaceAll('HOST', up.address.split('.').at(-1)!) });
      if (stack === 'ifupdown') await up.execOrThrow('sed -i /enp1s0/d /etc/network/interfaces');
      await up.reboot();
      await waitFor('the fixed addresses', patienceMs, async () => (await up.exec('ip route | grep -q 192.0.2 && ip -6 route | grep -q fd78 && ! ip address show dev enp1s0 | grep -q tentative')).code === 0);
    }
    const spec: ConversionSpec = { nic, bridge: 'br0', kind, ...leaves && { leave } };
    const before: Seen = { ...await lookAt(up), resolver: await resolver(up) };
    expect(sessionDevice(before)).toBe(nic);
    const transaction = plan(before, spec);

    await applyTrial(up, transaction);
    const bridged = leaves ? without(before) : before;
    expectPort(await expectSame(up, bridged, 'br0'), spec);
    await revert(up, transaction);
    const reverted = await expectSame(up, before, nic);
    expect(rest(reverted)).toEqual(rest(before));

    await applyTrial(up, plan(reverted, spec));
    await expectSame(up, bridged, 'br0');
    await commit(up, transaction);
    expectPort(await expectSame(up, bridged, 'br0'), spec);
    const leased = up.address;
    await up.reboot();
    // ifupdown gives the lease back when it shuts down, and the LAN's server then has another one to give.
    const then: Seen = JSON.parse(JSON.stringify(bridged).replaceAll(`"${leased}"`, `"${up.address}"`)) as Seen;
    expectPort(await expectSame(up, then, 'br0'), spec);
  }, timeoutMs);
});
