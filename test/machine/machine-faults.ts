import type { ConversionTiming } from '../../electron/commands/conversion/stage-transaction';
import { waitFor } from '../lab/run-process';
import { convert, dnsName, elapse, hold, journalSays, same, untilPause, withPause, type ConversionFault } from '../matrix/conversion-fault';
import type { ConversionLab } from '../matrix/conversion-lab';
import type { ConversionStack } from '../matrix/conversion-stacks';

/** An emulated machine is some ten times as slow as a host. */
const slow: ConversionTiming = { trialSeconds: 300, graceSeconds: 90, goSeconds: 80, settleSeconds: 60, unwellSeconds: 15 };
/** For a trial that is to run out by itself. */
const short: ConversionTiming = { ...slow, trialSeconds: 60 };
const day = 86_400;

const gone = (work: Promise<unknown>): Promise<void> => work.then(() => { throw new Error('It went on'); }, () => undefined);

/** Converts, and waits until the host has put its tools away. Resolves with the network that was made to last. */
async function converted(lab: ConversionLab): Promise<{ id: string; network: string }> {
  const { id, state } = await lab.service('nopass').convert('h', lab.transaction(), { timing: slow, dnsName });
  same(state, 'DONE');
  await lab.untilTidy();
  return { id, network: await lab.network() };
}

/** The machine's own clock, as somebody sets it; undone by the time of this one. */
async function withClockMoved(lab: ConversionLab, by: string, work: () => Promise<void>): Promise<void> {
  await lab.host.execOrThrow(['date', '--set', by]);
  try {
    const awayBy = Math.abs(Number(await lab.host.execOrThrow(['date', '+%s'])) - Date.now() / 1000);
    same(Math.round(awayBy / day), 1);
    await work();
  } finally {
    await lab.host.execOrThrow(['date', '--set', `@${Math.round(Date.now() / 1000)}`]);
  }
}

const vlanAddress = '10.77.130.2';
const vlanPeer = '10.77.130.1';
/** VLAN 30 on the NIC, as the host's stack has it. */
const vlanByStack: Partial<Record<ConversionStack, string>> = {
  'networkd': `cd /etc/systemd/network
    printf '%s\\n' '[NetDev]' Name=enp1s0.30 Kind=vlan '[VLAN]' Id=30 > 20-vlan.netdev
    printf '%s\\n' '[Match]' Name=enp1s0.30 '[Network]' Address=${vlanAddress}/24 > 20-vlan.network
    sed -i '/^\\[Network\\]/a VLAN=enp1s0.30' 10-enp1s0.network
    networkctl reload && networkctl reconfigure enp1s0`,
  'ifupdown': `printf '%s\\n' '' 'auto enp1s0.30' 'iface enp1s0.30 inet static' '  address ${vlanAddress}/24' >> /etc/network/interfaces; ifup enp1s0.30`,
};
vlanByStack['networkd-ovs'] = vlanByStack['networkd'];
vlanByStack['ifupdown-ovs'] = vlanByStack['ifupdown'];

/** Real frames with a tag, over the LAN's switch, from and to a third NIC in a namespace of its own. */
async function untilVlanCarries(lab: ConversionLab): Promise<void> {
  await lab.host.execOrThrow(`[ ! -e /run/netns/peer ] || exit 0
    ip netns add peer && ip link set enp3s0 netns peer && ip -n peer link set enp3s0 up && ip -n peer link add link enp3s0 name tagged type vlan id 30
    ip -n peer addr add ${vlanPeer}/24 dev tagged && ip -n peer link set tagged up`);
  await waitFor('VLAN 30 to carry frames', 60_000, async () =>
    (await lab.host.exec(`ping -c 1 -W 2 -I enp1s0.30 ${vlanPeer} && ip netns exec peer ping -c 1 -W 2 ${vlanAddress}`)).code === 0);
}

export const machineFaults: readonly ConversionFault[] = [
  {
    name: 'nothing goes wrong, and the host boots after DONE', expected: 'bridge and address return', leaves: 'bridge',
    run: async (lab) => {
      const { network } = await converted(lab);
      await lab.host.reboot();
      await lab.untilReached();
      await lab.untilAsBefore(network);
    },
  },
  {
    name: 'the app is killed during the trial', expected: 'reverts at T', leaves: 'before',
    run: async (lab) => {
      await hold(lab, slow);
      lab.cutOff = true;
      await lab.nearDeadline(5);
      await lab.untilState('REVERTED');
      await journalSays(lab, /nobody confirmed in time/);
    },
  },
  {
    name: 'the supervisor is SIGKILLed', expected: 'the timer reverts', leaves: 'before',
    run: async (lab) => {
      await hold(lab, short);
      await lab.host.execOrThrow('systemctl kill --signal=KILL "netwright-supervisor-*"');
      await waitFor('the timer to go off', 300_000, async () => await lab.state() === 'REVERTED');
      await journalSays(lab, /the supervisor is gone/);
    },
  },
  {
    name: 'the power goes in the middle of the change', expected: 'the old network comes up', leaves: 'before',
    run: async (lab) => {
      const converting = gone(convert(lab, withPause(lab, 'apply', Math.ceil(lab.transaction().apply.length / 2)), slow));
      await untilPause(lab);
      await lab.host.reboot({ hard: true });
      await converting;
      await lab.untilReached();
      same(await lab.state(), 'REVERTED');
    },
  },
  {
    name: 'the power goes in the trial', expected: 'the old network comes up', leaves: 'before',
    run: async (lab) => {
      await hold(lab, slow);
      await lab.host.reboot({ hard: true });
      await lab.untilReached();
      same(await lab.state(), 'REVERTED');
    },
  },
  {
    name: 'the host is rebooted in the trial', expected: 'the old network comes up', leaves: 'before',
    run: async (lab) => {
      await hold(lab, slow);
      await lab.host.reboot();
      await lab.untilReached();
      same(await lab.state(), 'REVERTED');
    },
  },
  {
    name: 'the power goes while the files are made lasting', expected: 'fully old', leaves: 'before',
    run: async (lab) => {
      await hold(lab, slow, withPause(lab, 'commit', 0));
      await lab.host.execOrThrow('cd /run/netwright/*/inbox && cp /var/lib/netwright/pending/token .confirm && mv .confirm confirm');
      await untilPause(lab);
      await lab.host.reboot({ hard: true });
      await lab.untilReached();
      same(await lab.state(), 'REVERTED');
    },
  },
  {
    name: 'the power goes as soon as it is DONE', expected: 'bridge and address return', leaves: 'bridge',
    run: async (lab) => {
      same((await convert(lab, {}, slow)).state, 'DONE');
      await lab.host.reboot({ hard: true });
      await lab.untilReached();
      same(await lab.state(), 'DONE');
    },
  },
  {
    name: 'the clock is set a day ahead in the trial', expected: 'the deadline stays', leaves: 'bridge',
    run: async (lab) => {
      await hold(lab, slow);
      await withClockMoved(lab, '+1 day', async () => {
        await elapse(lab, 5);
        same(await lab.state(), 'VERIFIED');
        same((await lab.service().confirm('h')).state, 'DONE');
        same(new Set([...(await lab.journal()).matchAll(/^\d+-\d+-(\d+)T/gm)].map((match) => match[1])).size, 2);
      });
    },
  },
  {
    name: 'the clock is set a day back in the trial', expected: 'reverts at T', leaves: 'before',
    run: async (lab) => {
      const startedAt = performance.now();
      await hold(lab, short);
      lab.cutOff = true;
      await withClockMoved(lab, '-1 day', async () => {
        await lab.untilState('REVERTED');
        same(performance.now() - startedAt < (short.goSeconds + short.trialSeconds + short.graceSeconds) * 1000, true);
        await journalSays(lab, /nobody confirmed in time/);
      });
    },
  },
  {
    name: 'the conversion is undone, and the host boots', expected: 'the old network, and no bridge', leaves: 'before',
    run: async (lab) => {
      const { id } = await converted(lab);
      const undo = await lab.plan({ kind: 'undo', id });
      same((await lab.service().convert('h', undo, { timing: slow, dnsName })).state, 'DONE');
      await lab.untilAsBefore();
      await lab.host.reboot();
      await lab.untilReached();
    },
  },
  {
    name: 'the NIC carries a VLAN of the host, and the host boots after DONE', expected: 'the VLAN carries frames, in the bridge\'s trial and after', leaves: 'bridge',
    stacks: Object.keys(vlanByStack) as ConversionStack[],
    run: async (lab) => {
      await lab.host.execOrThrow(vlanByStack[lab.stack]!);
      await untilVlanCarries(lab);
      const transaction = await lab.plan({ kind: 'convert', nic: 'enp1s0', bridge: 'br0', switch: lab.setup.kind });
      const held = await lab.service().convert('h', transaction, { timing: slow, hold: true, dnsName });
      same(held.state, 'VERIFIED');
      await untilVlanCarries(lab);
      same((await lab.service().confirm('h')).state, 'DONE');
      await lab.host.reboot();
      await lab.untilReached();
      await untilVlanCarries(lab);
    },
  },
  {
    name: 'nothing goes wrong, with a leased address, and the host boots after DONE', expected: 'bridge and lease return', leaves: 'bridge', addressing: 'leased',
    run: async (lab) => {
      const leased = lab.host.address;
      await converted(lab);
      await lab.host.reboot({ hard: true });
      await lab.untilReached();
      same(lab.host.address, leased);
    },
  },
  {
    name: 'the power goes in the trial, with a leased address', expected: 'the old network comes up', leaves: 'before', addressing: 'leased',
    run: async (lab) => {
      const leased = lab.host.address;
      await hold(lab, slow);
      await lab.host.reboot({ hard: true });
      await lab.untilReached();
      same(await lab.state(), 'REVERTED');
      same(lab.host.address, leased);
    },
  },
];
