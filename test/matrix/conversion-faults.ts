import { waitFor } from '../lab/run-process';
import { appKilledInTrial, codeOf, confirmAt, convert, dnsName, edited, elapse, hold, journalSays, same, supervisorKilled, untilPause, withPause, type ConversionFault } from './conversion-fault';
import { requestFor } from './conversion-goals';
import { patient, quick } from './conversion-lab';
import { conversionStacks, stackNames } from './conversion-stacks';
import { goalFaults } from './goal-faults';
import { hostFaults } from './host-faults';
import { networkFaults } from './network-faults';

const engineFaults: readonly ConversionFault[] = [
  {
    name: 'nothing goes wrong, for a user of sudo', expected: 'DONE, and asked again DONE', leaves: 'bridge',
    run: async (lab) => {
      const service = lab.service('nopass');
      const done = await service.convert('h', lab.transaction(), { timing: patient, dnsName });
      same(done.state, 'DONE');
      same((await lab.service('nopass').confirm('h', done.id)).state, 'DONE');
    },
  },
  {
    name: 'the host boots after DONE', expected: 'bridge and address return', leaves: 'bridge',
    run: async (lab) => {
      await convert(lab, {}, patient);
      const committed = await lab.network();
      await lab.untilTidy();
      await lab.host.reboot();
      await lab.untilReached();
      await lab.untilAsBefore(committed);
    },
  },
  {
    name: 'the app is killed during the trial', expected: 'reverts at T', leaves: 'before',
    run: appKilledInTrial,
  },
  {
    name: 'the app is killed, and started again during the trial', expected: 'takes it up, and confirms', leaves: 'bridge',
    run: async (lab) => {
      const dying = lab.service();
      // What is on its way when it says go is all that comes.
      dying.onProgress(({ transaction }) => { if (transaction.state === 'APPLYING' || transaction.state === 'TRIAL') throw new Error('killed'); });
      await dying.convert('h', lab.transaction(), { timing: patient, dnsName }).then(() => { throw new Error('It went on'); }, () => undefined);
      await lab.untilState('TRIAL');
      const next = lab.service();
      same((await next.resume('h'))?.state, 'VERIFIED');
      same((await next.confirm('h')).state, 'DONE');
    },
  },
  {
    name: 'the app dies before it says go', expected: 'nothing was changed; arming expires', leaves: 'before',
    run: async (lab) => {
      // Armed over the first connection; the second is never made, and the first is gone by then.
      let opened = 0;
      lab.onOpen = async () => {
        opened += 1;
        if (opened < 2) return;
        lab.cutOff = true;
        await lab.host.restartSshd();
      };
      await convert(lab).then(() => { throw new Error('It went on'); }, () => undefined);
      lab.onOpen = async () => undefined;
      await lab.untilState('REVERTED');
      await journalSays(lab, /nothing was changed/);
      same((await lab.journal()).includes('APPLYING'), false);
    },
  },
  {
    name: 'the reply to confirm is lost', expected: 'asking again answers DONE', leaves: 'bridge',
    run: async (lab) => {
      await hold(lab);
      // Each only asks; who gets the reply is luck.
      const answers = await Promise.all([lab.service().confirm('h'), lab.service().confirm('h')]);
      same(answers.map(({ state }) => state).join(), 'DONE,DONE');
      same((await lab.service().confirm('h')).state, 'DONE');
    },
  },
  { name: 'confirmed 0.1 s before T', expected: 'one winner', leaves: 'before', run: (lab) => confirmAt(lab, -10) },
  { name: 'confirmed at T', expected: 'one winner', leaves: 'before', run: (lab) => confirmAt(lab, 0) },
  { name: 'confirmed 0.1 s after T', expected: 'one winner', leaves: 'before', run: (lab) => confirmAt(lab, 10) },
  {
    name: 'the supervisor is SIGKILLed', expected: 'the timer reverts', leaves: 'before',
    run: (lab) => supervisorKilled(lab),
  },
  {
    name: 'the host is rebooted in the trial', expected: 'the old network comes up', leaves: 'before',
    run: async (lab) => {
      await hold(lab);
      await lab.host.reboot();
      await lab.untilReached();
      same(await lab.state(), 'REVERTED');
    },
  },
  {
    name: 'the power goes in the trial', expected: 'the old network comes up', leaves: 'before',
    run: async (lab) => {
      await hold(lab);
      await lab.host.reboot({ hard: true });
      await lab.untilReached();
      same(await lab.state(), 'REVERTED');
    },
  },
  {
    name: 'the power goes while the files are made lasting', expected: 'fully old', leaves: 'before',
    run: async (lab) => {
      await hold(lab, patient, withPause(lab, 'commit', 0));
      await lab.host.execOrThrow('cd /run/netwright/*/inbox && cp /var/lib/netwright/pending/token .confirm && mv .confirm confirm');
      await untilPause(lab);
      await lab.host.reboot({ hard: true });
      await lab.untilReached();
      same(await lab.state(), 'REVERTED');
    },
  },
  {
    name: '/var is full', expected: 'blocked, nothing was changed', leaves: 'before',
    run: async (lab) => {
      await lab.host.execOrThrow('mkdir -p /var/lib/netwright && mount -t tmpfs -o size=24k none /var/lib/netwright');
      try {
        same(await codeOf(convert(lab)), 'conversion.refused');
        same((await lab.host.exec('ls /var/lib/netwright/tx')).stdout, '');
      } finally {
        await lab.host.execOrThrow('umount /var/lib/netwright');
      }
    },
  },
  {
    name: '/var fills up in the trial', expected: 'reverts even so', leaves: 'before',
    run: async (lab) => {
      await lab.host.execOrThrow('mkdir -p /var/lib/netwright && mount -t tmpfs -o size=400k none /var/lib/netwright');
      try {
        await hold(lab);
        await lab.host.exec('cat /dev/zero > /var/lib/netwright/filler');
        await lab.nearDeadline();
        await lab.untilState('REVERTED');
        await lab.untilAsBefore();
      } finally {
        await lab.host.execOrThrow('umount --lazy /var/lib/netwright');
      }
    },
  },
  {
    name: '/etc can\'t be written', expected: 'blocked, nothing was changed', leaves: 'before',
    run: async (lab) => {
      const [folder] = lab.setup.folders;
      await lab.host.execOrThrow(`mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder}`);
      try {
        same(await codeOf(convert(lab)), 'conversion.refused');
      } finally {
        await lab.host.execOrThrow(`umount ${folder}`);
      }
    },
  },
  {
    name: 'the user has no rights', expected: 'blocked, nothing was changed', leaves: 'before',
    run: async (lab) => same(await codeOf(lab.service('plain').convert('h', lab.transaction(), { timing: quick })), 'conversion.refused'),
  },
  {
    name: 'the timer can\'t be set', expected: 'blocked, nothing was changed', leaves: 'before',
    run: async (lab) => {
      // As a unit name that exists already would have it: the command succeeds, and there is no timer.
      await lab.host.execOrThrow('printf "%s\\n" "#!/bin/sh" "exit 0" > /usr/local/bin/systemd-run && chmod +x /usr/local/bin/systemd-run');
      try {
        same(await codeOf(convert(lab)), 'conversion.not-armed');
      } finally {
        await lab.host.execOrThrow('rm /usr/local/bin/systemd-run');
      }
    },
  },
  {
    // ifupdown has none.
    name: 'the network service restarts in the trial', expected: 'holds', leaves: 'bridge', stacks: stackNames.filter((stack) => stack !== 'ifupdown'),
    run: async (lab) => {
      await hold(lab);
      await lab.host.execOrThrow(`systemctl restart ${lab.setup.service!}`);
      same((await lab.service().confirm('h')).state, 'DONE');
    },
  },
  {
    name: 'the bridge gets another address', expected: 'reverts at once', leaves: 'before',
    run: async (lab) => {
      // Below what the LAN leases; each stack's own, for several hosts may be at it.
      const another = `10.77.0.${11 + stackNames.indexOf(lab.stack)}`;
      same(await codeOf(convert(lab, edited(lab, (content) => content.replaceAll(`${lab.host.address}/24`, `${another}/24`)), patient)), 'conversion.reverted');
      await journalSays(lab, /was given another address/);
    },
  },
  {
    name: 'the gateway is another one', expected: 'reverts', leaves: 'before',
    run: async (lab) => {
      same(await codeOf(convert(lab, edited(lab, (content) => content.replace('10.77.0.1\n', '10.77.0.251\n')))), 'conversion.reverted');
      await journalSays(lab, /another default route/);
    },
  },
  {
    name: 'the gateway no longer answers', expected: 'reverts', leaves: 'before',
    run: async (lab) => {
      await hold(lab);
      await lab.host.cutLink();
      try {
        await lab.untilState('REVERTED');
        await journalSays(lab, /REVERTING .*does not answer through br0/);
      } finally {
        await lab.host.restoreLink();
      }
    },
  },
  {
    name: 'a firewall drops new SSH connections', expected: 'no confirm, reverts at T', leaves: 'before',
    run: async (lab) => {
      const rule = 'INPUT -p tcp --dport 22 --syn -j DROP';
      // As a zone that the bridge is in, and the NIC is not.
      const { apply: plain, revert: back } = lab.transaction();
      const apply = [...plain, { says: 'Drop new connections', command: `iptables -w -I ${rule}` }];
      const revert = [...back, { says: 'Let them in', command: `iptables -w -D ${rule}` }];
      try {
        lab.progress.length = 0;
        const converting = codeOf(convert(lab, { apply, revert }, patient));
        await waitFor('a new connection to fail', 40_000, () => lab.progress.some(({ reached }) => !reached));
        same(await lab.untilState('TRIAL'), 'TRIAL');
        await lab.nearDeadline();
        await lab.untilState('REVERTED');
        await journalSays(lab, /nobody confirmed in time/);
        same(await converting, 'conversion.reverted');
      } finally {
        await lab.host.exec(`iptables -w -D ${rule}`);
      }
    },
  },
  {
    name: 'the host shows another key at the old address', expected: 'never confirmed, reverts', leaves: 'before',
    run: async (lab) => {
      const apply = [...lab.transaction().apply, { says: 'Be another host', command: 'cp -a /etc/ssh /root/ssh; rm /etc/ssh/ssh_host_*; ssh-keygen -q -A; systemctl restart ssh' }];
      lab.progress.length = 0;
      const converting = codeOf(convert(lab, { apply }, patient));
      try {
        await waitFor('somebody to be told of the key', 40_000, () => lab.progress.some(({ problem }) => problem?.includes('key')));
        await lab.nearDeadline();
        await lab.untilState('REVERTED');
      } finally {
        await lab.host.execOrThrow('rm -rf /etc/ssh; mv /root/ssh /etc/ssh; systemctl restart ssh');
      }
      same(await converting, 'conversion.reverted');
    },
  },
  {
    name: 'the cable is pulled in the trial', expected: 'reverts, and says so', leaves: 'before',
    run: async (lab) => {
      await hold(lab);
      await lab.host.plugLink(false);
      try {
        await lab.untilState('REVERTED');
        await journalSays(lab, /REVERTING .*carrier/);
      } finally {
        await lab.host.plugLink(true);
      }
    },
  },
  {
    name: 'a second conversion is begun', expected: 'refused, the first goes on', leaves: 'before',
    run: async (lab) => {
      await hold(lab);
      same(await codeOf(convert(lab)), 'conversion.busy');
      same((await lab.service().revert('h')).state, 'REVERTED');
    },
  },
  {
    name: 'the supervisor is SIGKILLed as soon as it is DONE, and another change is begun', expected: 'the other one is made', leaves: 'nic',
    run: async (lab) => {
      await hold(lab);
      // Before it has given the lock back.
      const killed = lab.host.execOrThrow(`pid=$(systemctl show --property=MainPID --value 'netwright-supervisor-*.service')
        cd /var/lib/netwright/pending && until read -r state < state && [ "$state" = DONE ]; do :; done; kill -KILL "$pid"; readlink /var/lib/netwright/pending`, { timeoutMs: 60_000 });
      same((await lab.service().confirm('h')).state, 'DONE');
      await killed;
      const unbridge = await lab.plan(requestFor('unbridge', { id: null, address: '' }));
      same((await lab.service().convert('h', unbridge, { timing: patient, dnsName })).state, 'DONE');
      await lab.untilTidy();
    },
  },
  {
    name: 'a step of the change fails', expected: 'reverts at once', leaves: 'before',
    run: async (lab) => {
      const apply = [...lab.transaction().apply, { says: 'Fail', command: 'echo no such luck >&2; exit 3' }];
      same(await codeOf(convert(lab, { apply }, patient)), 'conversion.reverted');
      await journalSays(lab, /no such luck/);
    },
  },
  {
    name: 'the stack\'s own way back fails', expected: 'restored by ip(8)', leaves: 'before',
    run: async (lab) => {
      await hold(lab, patient, { revert: [{ says: 'Fail', command: 'false' }] });
      same((await lab.service().revert('h')).state, 'REVERTED');
      await journalSays(lab, /by ip\(8\)/);
      await lab.untilAsBefore();
      await lab.startAgain();
    },
  },
  {
    name: 'no way back works, and a restart was agreed to', expected: 'restarts, and the old network comes up', leaves: 'before',
    // Of an Open vSwitch bridge ovs-vsctl rids the NIC, whatever ip(8) does.
    stacks: stackNames.filter((stack) => conversionStacks[stack].kind === 'linux'),
    run: async (lab) => {
      const broken = '/usr/local/bin/ip';
      const revert = [{ says: 'Fail', command: `printf '%s\\n' '#!/bin/sh' 'case "$*" in *nomaster*|"link del"*) exit 1 ;; esac' 'exec /usr/bin/ip "$@"' > ${broken}; chmod +x ${broken}; false` }];
      try {
        const held = await lab.service().convert('h', lab.transaction({ revert }), { timing: quick, hold: true, dnsName, rebootIfLost: true });
        same(held.state, 'VERIFIED');
        await lab.untilState('REVERT_FAILED');
        await waitFor('the host to come up again', 60_000, async () => await lab.state() === 'REVERTED');
      } finally {
        await waitFor('the host', 60_000, async () => (await lab.host.exec(`rm -f ${broken}`)).code === 0);
      }
      await lab.untilReached();
    },
  },
  {
    name: 'root goes back on the host itself', expected: 'reverts', leaves: 'before',
    run: async (lab) => {
      await hold(lab);
      await lab.host.execOrThrow('sh /var/lib/netwright/pending/engine.sh revert');
      await lab.untilState('REVERTED');
    },
  },
  {
    name: 'the trial is made longer', expected: 'holds beyond the first T', leaves: 'before',
    run: async (lab) => {
      const timing = { ...quick, trialSeconds: 20 };
      await hold(lab, timing);
      await lab.service().extend('h', 90);
      await waitFor('more time', 10_000, async () => ((await lab.reached()).at(-1)?.secondsLeft ?? 0) > timing.trialSeconds);
      // The first dead man's switch would have gone off by then.
      await elapse(lab, 26);
      same(await lab.state(), 'VERIFIED');
      same((await lab.service().revert('h')).state, 'REVERTED');
    },
  },
];

export const conversionFaults: readonly ConversionFault[] = [...engineFaults, ...hostFaults, ...networkFaults, ...goalFaults];
