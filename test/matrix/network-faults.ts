import { planConversion } from '../../shared/domain/conversion/plan-conversion';
import { lookAt } from '../lab/convert-plainly';
import { codeOf, convert, dnsName, edited, hold, isUp, journalSays, same, type ConversionFault } from './conversion-fault';
import { patient, quick, type ConversionLab } from './conversion-lab';
import { conversionStacks, fixedMtu, stackNames } from './conversion-stacks';
import { LyingDhcp } from './lying-dhcp';

/** A second NIC with a default route that loses against the first one's. */
async function withSecondRoute(lab: ConversionLab, work: () => Promise<void>): Promise<void> {
  const upOrDown = await isUp(lab, 'enp2s0') ? 'up' : 'down';
  await lab.host.execOrThrow('ip addr add 10.88.0.2/24 dev enp2s0; ip link set enp2s0 up; ip route add default via 10.88.0.1 dev enp2s0 metric 900');
  try {
    await work();
  } finally {
    await lab.host.execOrThrow(`ip addr flush dev enp2s0 scope global; ip link set enp2s0 ${upOrDown}
      ! systemctl is-active --quiet NetworkManager || nmcli device disconnect enp2s0 || :`);
  }
}
const secondRoute = 'default via 10.88.0.1 dev enp2s0';

/** Whatever its DHCP server does, the host stays where it was; with the true server, and after a restart, it has its lease again. */
async function untilLeasedAgain(lab: ConversionLab): Promise<void> {
  await lab.untilReached();
  const route = await lab.host.execOrThrow('ip route show default');
  if (!route.includes('via 10.77.0.1 dev enp1s0')) throw new Error(`The default route is ${route}`);
}

/** Bursts of calls to set br0 up, until it stays without an address; `orElse`: after 50 s. */
const untilWithheld = (orElse: string): string => `has_address() { ip -o -4 addr show dev br0 | grep -q inet; }
is_left() { for look in 1 2 3 4 5 6 7 8 9 10 11 12; do ! has_address || return 1; sleep 0.1; done; }
until is_left; do
  read -r up rest < /proc/uptime; : "\${begun:=\${up%.*}}"
  [ $((\${up%.*} - begun)) -lt 50 ] || ${orElse}
  for call in 1 2 3 4 5 6 7 8; do networkctl reconfigure br0; done
done`;

/** From the begin of the change to the end of the way back, by the journal. */
async function secondsWithout(lab: ConversionLab): Promise<number> {
  const at = (state: string, journal: string): number => Date.parse(new RegExp(`^(\\S+) ${state} `, 'm').exec(journal)?.[1] ?? '');
  const journal = await lab.journal();
  return (at('REVERTED', journal) - at('APPLYING', journal)) / 1000;
}

/** What the network around the host does, or what the bridge makes of it. */
export const networkFaults: readonly ConversionFault[] = [
  {
    name: 'there is a second default route', expected: 'the first one still wins', leaves: 'bridge',
    run: (lab) => withSecondRoute(lab, async () => {
      same((await convert(lab, {}, patient)).state, 'DONE');
      const routes = (await lab.host.execOrThrow('ip route show default; ip route get 203.0.113.9')).trim();
      same(routes.includes(secondRoute) && /203\.0\.113\.9 via 10\.77\.0\.1 dev br0/.test(routes), true);
    }),
  },
  {
    name: 'a second default route would win', expected: 'reverts', leaves: 'before',
    run: (lab) => withSecondRoute(lab, async () => {
      const before = await lab.network();
      // As a bridge that has the metric of bridges.
      const apply = [...lab.transaction().apply, { says: 'Lose against the other', command: 'until ip route del default dev br0; do sleep 0.1; done; ip route add default via 10.77.0.1 dev br0 metric 950' }];
      same(await codeOf(convert(lab, { apply })), 'conversion.reverted');
      await journalSays(lab, /REVERTING another default route/);
      await lab.untilAsBefore(before);
    }),
  },
  {
    name: 'SSH reaches the host by IPv6 alone', expected: 'the same address', leaves: 'bridge',
    run: async (lab) => {
      const done = await lab.service('root', { address: lab.address6 }).convert('h', lab.transaction(), { timing: patient, dnsName });
      same(done.state, 'DONE');
      same((await lab.service('root', { address: lab.address6 }).list('h')).at(-1)?.state, 'DONE');
    },
  },
  {
    name: 'SSH reaches the host by IPv6 alone, and the bridge lacks that address', expected: 'reverts', leaves: 'before',
    run: async (lab) => {
      const change = edited(lab, (content) => content.replaceAll(lab.address6, lab.address6.replace(/\d+$/, 'dead')));
      same(await codeOf(lab.service('root', { address: lab.address6 }).convert('h', lab.transaction(change), { timing: quick, dnsName })), 'conversion.reverted');
      await journalSays(lab, /br0 has not the address fd70/);
      await lab.service('root', { address: lab.address6 }).list('h');
    },
  },
  {
    name: 'the bridge gets another MTU', expected: 'reverts', leaves: 'before',
    run: async (lab) => {
      const apply = [...lab.transaction().apply, { says: 'Forget the MTU', command: 'ip link set enp1s0 mtu 1500; ip link set br0 mtu 1500' }];
      same(await codeOf(convert(lab, { apply })), 'conversion.reverted');
      await journalSays(lab, new RegExp(`REVERTING br0 has another MTU than it should have: 1500, not ${fixedMtu}`));
    },
  },
  {
    // Linux bridges of lab hosts have no VLANs (test/lab/README.md).
    name: 'the bridge is put into a wrong VLAN', expected: 'reverts', leaves: 'before', stacks: stackNames.filter((stack) => conversionStacks[stack].kind === 'ovs'),
    run: async (lab) => {
      const apply = [...lab.transaction().apply, { says: 'Tag the host\'s own frames', command: 'ovs-vsctl set port br0 tag=7' }];
      same(await codeOf(convert(lab, { apply })), 'conversion.reverted');
      await journalSays(lab, /REVERTING the gateway .* does not answer/);
    },
  },
  {
    // NetworkManager has no profile for the tap devices that are bridges where the kernel lacks Open vSwitch, as on lab hosts, and netplan can't tell it.
    name: 'the stack can\'t give addresses to the Open vSwitch bridge that is asked for', expected: 'blocked, nothing was changed', leaves: 'before', stacks: ['nm', 'netplan-nm'],
    run: async (lab) => {
      const { findings, plan } = planConversion(await lookAt(lab.host), { nic: 'enp1s0', bridge: 'br0', kind: 'ovs' });
      same(plan, null);
      same(findings.filter(({ severity }) => severity === 'blocker').map(({ code }) => code).join(), lab.stack === 'nm' ? 'ovs.userspace' : 'ovs.renderer');
    },
  },
  {
    name: 'somebody deletes the bridge in the trial', expected: 'reverts', leaves: 'before',
    run: async (lab) => {
      // NetworkManager makes it again by itself, with profiles that may connect by themselves.
      const isRemade = lab.stack === 'netplan-nm';
      await hold(lab, isRemade ? quick : patient);
      await lab.host.execOrThrow(lab.setup.kind === 'ovs' ? 'ovs-vsctl del-br br0' : 'ip link delete dev br0');
      await lab.untilState('REVERTED');
      await journalSays(lab, isRemade ? /REVERTING nobody confirmed in time/ : /REVERTING enp1s0 is no port of br0/);
    },
  },
  {
    name: 'nothing goes wrong, with a leased address', expected: 'DONE, with the same lease', leaves: 'bridge', addressing: 'leased',
    run: async (lab) => same((await convert(lab, {}, patient)).state, 'DONE'),
  },
  {
    name: 'the app is killed during the trial, with a leased address', expected: 'reverts at T, with the same lease', leaves: 'before', addressing: 'leased',
    run: async (lab) => {
      await hold(lab, quick);
      lab.cutOff = true;
      await lab.untilState('REVERTED');
    },
  },
  {
    // Now and then it loses one that way. Each step may take a minute.
    name: 'the network service holds a lease, and withholds its address', expected: 'restarts it, and holds', leaves: 'bridge', addressing: 'leased',
    stacks: stackNames.filter((stack) => conversionStacks[stack].service === 'systemd-networkd'),
    run: async (lab) => {
      const says = 'Have the bridge set up over and over';
      const apply = [...lab.transaction().apply, { says, command: untilWithheld('exit 0') }, { says, command: untilWithheld('exit 1') }];
      same((await convert(lab, { apply }, { ...patient, trialSeconds: 200 })).state, 'DONE');
      await journalSays(lab, /has a lease for br0 and does not give it the address/);
    },
  },
  {
    name: 'the network service does not set the default route', expected: 'restarts it, and holds', leaves: 'bridge',
    stacks: stackNames.filter((stack) => conversionStacks[stack].service === 'systemd-networkd'),
    run: async (lab) => {
      const apply = [...lab.transaction().apply, { says: 'Lose the default route', command: 'for i in 1 2 3 4 5 6 7 8; do ip route del default dev br0 2>/dev/null && exit; sleep 1; done' }];
      same((await convert(lab, { apply }, patient)).state, 'DONE');
      await journalSays(lab, /does not set the default route over br0: it is restarted/);
    },
  },
  {
    name: 'the DHCP server goes silent', expected: 'reverts, and keeps the lease', leaves: 'before', addressing: 'leased',
    run: async (lab) => {
      await lab.host.divertDhcp();
      try {
        // Some stacks wait for an answer for longer than the app does.
        const converting = codeOf(convert(lab));
        await lab.untilState('APPLYING', 'REVERTING');
        await lab.untilState('REVERTED');
        await journalSays(lab, /REVERTING (br0 has not the addresses|a step (failed|still runs)|the time is up, and a step still runs)/);
        // ifupdown's client would ask for a minute, there and back.
        if (lab.stack === 'ifupdown') same(await secondsWithout(lab) <= quick.settleSeconds + 10, true);
        await untilLeasedAgain(lab);
        same(/^conversion\.(reverted|lost)$/.test(await converting), true);
      } finally {
        await lab.host.restoreDhcp();
      }
      await lab.host.reboot({ hard: true });
    },
  },
  {
    name: 'the DHCP server gives another address', expected: 'reverts at once, and keeps the old one', leaves: 'before', addressing: 'leased',
    run: async (lab) => {
      const mac = (await lab.host.execOrThrow('cat /sys/class/net/enp1s0/address')).trim();
      const number = stackNames.indexOf(lab.stack);
      const liar = await LyingDhcp.begin(lab.host, mac, `10.77.0.${11 + number}`, `10.77.0.${2 + number}`);
      try {
        same(await codeOf(convert(lab, {}, patient)), 'conversion.reverted');
        await journalSays(lab, /REVERTING br0 was given another address/);
        await untilLeasedAgain(lab);
      } finally {
        await liar.end();
      }
      await lab.host.reboot({ hard: true });
    },
  },
];
