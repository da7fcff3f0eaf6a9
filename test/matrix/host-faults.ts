import { planConversion } from '../../shared/domain/conversion/plan-conversion';
import { lookAt } from '../lab/convert-plainly';
import { LAB_USERS } from '../lab/lab';
import { codeOf, convert, dnsName, elapse, hold, isUp, journalSays, powerCutWhileApplying, same, untilPause, withPause, type ConversionFault } from './conversion-fault';
import { patient, quick, type ConversionLab } from './conversion-lab';

/** A wrapper of date(1) moves the clock for the engine alone: lab hosts share the machine's. */
async function moveClock(lab: ConversionLab, by: string): Promise<void> {
  await lab.host.execOrThrow(`printf '%s\\n' '#!/bin/sh' 'exec /usr/bin/date -d "${by}" "$@"' > /usr/local/bin/date && chmod +x /usr/local/bin/date`);
  // The dead man's switch counts by a clock that nobody sets.
  const timer = await lab.host.execOrThrow('systemctl show --property=NextElapseUSecRealtime,NextElapseUSecMonotonic "netwright-deadman*.timer"');
  same(/^NextElapseUSecRealtime=$/m.test(timer) && /^NextElapseUSecMonotonic=.*\d/m.test(timer), true);
}
const setClockRight = (lab: ConversionLab): Promise<string> => lab.host.execOrThrow('rm -f /usr/local/bin/date');

/** What the host itself has to offer: its clock, its disks, its NIC, its users, its power. */
export const hostFaults: readonly ConversionFault[] = [
  {
    name: 'the clock goes a day ahead in the trial', expected: 'the deadline stays', leaves: 'bridge',
    run: async (lab) => {
      await hold(lab, quick);
      await moveClock(lab, '+1 day');
      try {
        await elapse(lab, 2);
        same(await lab.state(), 'VERIFIED');
        same((await lab.service().confirm('h')).state, 'DONE');
        const days = new Set([...(await lab.journal()).matchAll(/^\d+-\d+-(\d+)T/gm)].map((match) => match[1]));
        same(days.size, 2);
      } finally {
        await setClockRight(lab);
      }
    },
  },
  {
    name: 'the clock goes a day back in the trial', expected: 'reverts at T', leaves: 'before',
    run: async (lab) => {
      await hold(lab, quick);
      lab.cutOff = true;
      await moveClock(lab, '-1 day');
      try {
        const startedAt = performance.now();
        await lab.untilState('REVERTED');
        same(performance.now() - startedAt < (quick.trialSeconds + quick.graceSeconds + 10) * 1000, true);
        await journalSays(lab, /nobody confirmed in time/);
      } finally {
        await setClockRight(lab);
      }
    },
  },
  {
    name: '/etc is full', expected: 'blocked, nothing was changed', leaves: 'before',
    run: async (lab) => {
      const [folder] = lab.setup.folders;
      await lab.host.execOrThrow(`cp -a ${folder} /root/full && mount -t tmpfs -o size=128k,mode=755 none ${folder} && cp -a /root/full/. ${folder} && { cat /dev/zero > ${folder}/filler; :; }`);
      try {
        same(await codeOf(convert(lab)), 'conversion.refused');
      } finally {
        await lab.host.execOrThrow(`umount ${folder}; rm -r /root/full`);
      }
    },
  },
  {
    name: '/var has no more inodes', expected: 'blocked, nothing was changed', leaves: 'before',
    run: async (lab) => {
      await lab.host.execOrThrow('mkdir -p /var/lib/netwright && mount -t tmpfs -o nr_inodes=12 none /var/lib/netwright');
      try {
        same(await codeOf(convert(lab)), 'conversion.refused');
        same((await lab.host.exec('ls /var/lib/netwright/tx')).stdout, '');
      } finally {
        await lab.host.execOrThrow('umount /var/lib/netwright');
      }
    },
  },
  {
    name: 'programs can be run from neither /tmp nor /var', expected: 'works', leaves: 'bridge',
    run: async (lab) => {
      const places = ['/tmp', '/var/lib/netwright'];
      await lab.host.execOrThrow(`mkdir -p /var/lib/netwright; ${places.map((place) => `mount --bind ${place} ${place} && mount -o remount,noexec,bind ${place}`).join(' && ')}`);
      try {
        same((await convert(lab, {}, patient)).state, 'DONE');
        await lab.untilTidy();
      } finally {
        await lab.host.execOrThrow(`umount --lazy ${places.join(' ')}`);
      }
    },
  },
  {
    name: 'the host does not run systemd', expected: 'blocked, nothing was changed', leaves: 'before',
    run: async (lab) => {
      // What sd_booted(3) goes by.
      await lab.host.execOrThrow('mv /run/systemd/system /run/systemd/elsewhere');
      try {
        const { findings } = planConversion(await lookAt(lab.host), { nic: 'enp1s0', bridge: 'br0', kind: lab.setup.kind });
        same(findings.some(({ code, severity }) => code === 'systemd.missing' && severity === 'blocker'), true);
        same(await codeOf(convert(lab)), 'conversion.not-armed');
      } finally {
        await lab.host.execOrThrow('mv /run/systemd/elsewhere /run/systemd/system');
      }
    },
  },
  {
    name: 'the password for sudo is wrong', expected: 'blocked, nothing was changed', leaves: 'before',
    run: async (lab) => {
      same(await codeOf(lab.service('admin', { sudoPassword: 'nonsense' }).convert('h', lab.transaction(), { timing: quick })), 'auth.sudo-password');
      same((await lab.host.exec('ls /var/lib/netwright/tx 2>/dev/null | tail -n 1 | grep -c .')).stdout.trim() === '1' && /APPLYING/.test(await lab.journal().catch(() => '')), false);
    },
  },
  {
    name: 'the user loses password and sudo in the trial', expected: 'is confirmed without', leaves: 'bridge',
    run: async (lab) => {
      const service = lab.service('admin', { sudoPassword: LAB_USERS.admin.password });
      const held = await service.convert('h', lab.transaction(), { timing: patient, hold: true, dnsName });
      same(held.state, 'VERIFIED');
      await lab.host.execOrThrow('echo admin:another | chpasswd; gpasswd --delete admin sudo; rm -rf /run/sudo/ts');
      try {
        same((await service.confirm('h', held.id)).state, 'DONE');
      } finally {
        await lab.host.execOrThrow(`echo admin:${LAB_USERS.admin.password} | chpasswd; gpasswd --add admin sudo`);
      }
    },
  },
  {
    name: 'the NIC is gone when the word comes to begin', expected: 'nothing was changed', leaves: 'before',
    run: async (lab) => {
      let opened = 0;
      const upOrDown = await isUp(lab, 'enp2s0') ? 'up' : 'down';
      lab.onOpen = async () => {
        opened += 1;
        if (opened === 2) await lab.host.execOrThrow('ip link set enp2s0 down; ip link set enp2s0 name gone0');
      };
      try {
        same(await codeOf(convert(lab, { nic: 'enp2s0' })), 'conversion.reverted');
        await journalSays(lab, /enp2s0 is gone; nothing was changed/);
        same((await lab.journal()).includes('APPLYING'), false);
      } finally {
        lab.onOpen = async () => undefined;
        await lab.host.execOrThrow(`ip link set gone0 down; ip link set gone0 name enp2s0; ip link set enp2s0 ${upOrDown}`);
      }
    },
  },
  {
    name: 'the power goes before the word to begin', expected: 'the old network comes up', leaves: 'before',
    run: async (lab) => {
      let opened = 0;
      lab.onOpen = async () => {
        opened += 1;
        if (opened !== 2) return;
        same(await lab.state(), 'ARMED');
        await lab.host.reboot({ hard: true });
      };
      await convert(lab).then(() => { throw new Error('It went on'); }, () => undefined);
      lab.onOpen = async () => undefined;
      same(await lab.state(), 'REVERTED');
    },
  },
  {
    name: 'the power goes in the middle of the change', expected: 'the old network comes up', leaves: 'before',
    run: powerCutWhileApplying,
  },
  {
    name: 'the power goes as soon as it is DONE', expected: 'bridge and address return', leaves: 'bridge',
    run: async (lab) => {
      same((await convert(lab, {}, patient)).state, 'DONE');
      await lab.host.reboot({ hard: true });
      await lab.untilReached();
      same(await lab.state(), 'DONE');
    },
  },
  {
    name: 'the supervisor is SIGKILLed in the middle of the change', expected: 'the timer reverts', leaves: 'before',
    run: async (lab) => {
      // Long enough for it not to go back before it is killed, because there is no address.
      const converting = codeOf(convert(lab, withPause(lab, 'apply', lab.transaction().apply.length - 1), { ...quick, settleSeconds: 30 }));
      await untilPause(lab);
      await lab.host.execOrThrow('systemctl kill --signal=KILL "netwright-supervisor-*"');
      await lab.untilState('REVERTED');
      await journalSays(lab, /the supervisor is gone/);
      same(await converting, 'conversion.reverted');
    },
  },
  {
    name: 'somebody changes other files in the trial', expected: 'reverts, and theirs stay', leaves: 'before',
    run: async (lab) => {
      const [folder] = lab.setup.folders;
      const kept = `${folder}/kept-by-others`;
      await lab.host.execOrThrow(`echo before > ${kept}; echo before > ${kept}-too`);
      try {
        const { apply, protects } = lab.transaction();
        const made = `${folder}/made-by-the-change`;
        await hold(lab, patient, { protects: [...protects, folder!], apply: [...apply, { says: 'Write more', command: `mkdir ${made} && echo more > ${made}/file && echo during > ${kept}-too` }] });
        await lab.host.execOrThrow(`echo after > ${kept}; mkdir ${folder}/theirs; echo new > ${folder}/theirs/file; echo new > ${made}/theirs`);
        same((await lab.service().revert('h')).state, 'REVERTED');
        await journalSays(lab, /leaves alone what others have changed:.*kept-by-others/);
        same(await lab.host.execOrThrow(`cat ${kept} ${kept}-too ${folder}/theirs/file; ls ${made}`), 'after\nbefore\nnew\ntheirs\n');
      } finally {
        await lab.host.execOrThrow(`rm -rf ${kept}* ${folder}/theirs ${folder}/made-by-the-change`);
      }
    },
  },
];
