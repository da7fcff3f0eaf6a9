import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversionTiming } from '../../electron/commands/conversion/stage-transaction';
import { ActivityLog } from '../../electron/services/activity/activity-log';
import { ConversionService } from '../../electron/services/conversions/conversion-service';
import { systemSleep } from '../../electron/services/plans/plan-clock';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { Transaction } from '../../shared/domain/conversion/transaction';
import type { ConversionProgress, HostTransaction, HostTransactionState } from '../../shared/domain/conversion/host-transaction';
import { newHostProfile } from '../../shared/domain/host';
import { LAN_GATEWAY, LabHost, labKeyPath } from '../lab/lab';
import { waitFor } from '../lab/run-process';

/** Short enough for tests, long enough for a busy machine. */
export const quick: ConversionTiming = { trialSeconds: 12, graceSeconds: 9, goSeconds: 4, settleSeconds: 8, unwellSeconds: 3 };
/** For what must not end by the deadline. */
export const patient: ConversionTiming = { ...quick, trialSeconds: 60 };

const stackFolders = '/etc/systemd/network /etc/network';

/** `ovs`: an Open vSwitch bridge, addressed by networkd. */
export type ConversionStack = 'networkd' | 'ifupdown' | 'ovs';

/** A host with one static address on its NIC, whose name server answers gw.lan. */
export class ConversionLab {
  private readonly scratch = mkdtempSync(join(tmpdir(), 'netwright-conversion-test-'));
  readonly progress: ConversionProgress[] = [];
  /** Set: no new connection can be made any more, as when the app is gone. */
  cutOff = false;
  /** Told of each new connection. */
  onOpen: () => Promise<void> = async () => undefined;

  /** Of enp1s0, and then of the bridge: with another one, the LAN would not find the host for a while. */
  private mac = '';
  /** What nobody may lose. */
  before = '';

  private constructor(readonly host: LabHost, readonly stack: ConversionStack) {}

  static async up(name: string, stack: ConversionStack): Promise<ConversionLab> {
    const host = await LabHost.up(name, { stack: stack === 'ovs' ? 'networkd' : stack, nics: 2, variant: 'no-libvirt' });
    const lab = new ConversionLab(host, stack);
    lab.mac = (await host.execOrThrow('cat /sys/class/net/enp1s0/address')).trim();
    await lab.setStatic();
    // Pinned once, as the user's own file is.
    writeFileSync(join(lab.scratch, 'known-hosts'), await host.knownHostsLine());
    await host.execOrThrow(`cd / && cp -a --parents ${stackFolders.replaceAll('/etc', 'etc')} /root`);
    lab.before = await lab.network();
    return lab;
  }

  /** Whoever begins a conversion in another place, at the same time or after the first has quit. */
  service(user: 'root' | 'nopass' | 'plain' = 'root'): ConversionService {
    const userFile = join(this.scratch, 'known-hosts');
    const profile = newHostProfile('h', 'attic', {
      kind: 'ssh', address: this.host.address, port: 22, user, auth: 'key', keyPath: labKeyPath, sshConfigAlias: null, useSudo: user === 'nopass', proxyJump: null, client: 'builtin',
    });
    const service = new ConversionService({
      hosts: { get: () => profile },
      opener: {
        open: async (_profile, { signal }) => {
          await this.onOpen();
          if (this.cutOff) throw new Error('The app is gone');
          return openSshRunner({
            address: this.host.address, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo: user === 'nopass', homeDirectory: this.scratch, signal,
            hostKey: { confirmUnknown: async () => false, userFile, systemFiles: [] }, askSecret: async () => null,
          });
        },
      },
      activity: new ActivityLog(), clock: { now: () => new Date(), sleep: systemSleep },
      randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    });
    service.onProgress((progress) => this.progress.push(progress));
    return service;
  }

  /** The last transaction, by the host's own files and not over SSH. */
  async state(): Promise<HostTransactionState> {
    const { stdout } = await this.host.exec('cd /var/lib/netwright/tx && cat "$(ls | tail -n 1)/state"');
    return stdout.trim() as HostTransactionState;
  }

  async journal(): Promise<string> {
    return this.host.execOrThrow('cd /var/lib/netwright/tx && cat "$(ls | tail -n 1)/journal"');
  }

  /** As if the trial had been going on until shortly before its end. */
  async nearDeadline(seconds = 1): Promise<void> {
    await this.host.execOrThrow(`cd /run/netwright/*/ && read -r up rest < /proc/uptime && echo $((\${up%.*}\${up#*.} + ${seconds}00)) > deadline`);
  }

  async untilState(...states: HostTransactionState[]): Promise<HostTransactionState> {
    try {
      return await waitFor(`state ${states.join(' or ')}`, 60_000, async () => {
        const state = await this.state();
        return states.includes(state) ? state : undefined;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; it is ${await this.state()}:\n${await this.journal()}`, { cause: error });
    }
  }

  /** Nothing of a transaction is left but its journal. */
  async untilTidy(): Promise<void> {
    const leftovers = `ls -d /var/lib/netwright/pending /run/netwright/* /etc/systemd/system/netwright-* /etc/systemd/system/*.wants/netwright-* 2>/dev/null
      systemctl list-units --all --no-legend --plain 'netwright-deadman*' 'netwright-supervisor*'
      find /etc /run/systemd/network -name '*netwright-2*' -o -name '.netwright*'
      find /var/lib/netwright/tx -mindepth 2 ! -name settings ! -name state ! -name journal`;
    let left = '';
    await waitFor('the host to be tidy', 15_000, async () => {
      left = (await this.host.exec(leftovers)).stdout.trim();
      return left === '';
    }).catch((error: Error) => { throw new Error(`${error.message}; there is left:\n${left}`); });
  }

  /** All of the network that a conversion could lose: addresses, routes, rules, DNS, and the stack's files with mode and owner. */
  async network(): Promise<string> {
    return this.host.execOrThrow(`ip -o addr show | sed 's/ *valid_lft.*//; s/^[0-9]*: //' | grep -v ' fe80::' | sort
      ip route show | sort; ip rule show; ip -o link show | awk '{ sub("@.*", "", $2); print $2, $9 }' | sort
      cat /etc/resolv.conf; getent hosts gw.lan; ovs-vsctl show | sed 1d
      find /etc/systemd/network /etc/network /run/systemd/network -exec stat -c '%n %F %a %U:%G' {} + 2>/dev/null | sort
      find /etc/systemd/network /etc/network -type f -exec sha256sum {} + | sort`);
  }

  /** Over a new connection, at the address it always had. */
  async reached(): Promise<HostTransaction[]> {
    return this.service().list('h');
  }

  /** Keeps trying until SSH answers, as after a reboot. */
  async untilReached(): Promise<void> {
    await waitFor('SSH at the old address', 60_000, () => this.reached().then(() => true, () => false));
  }

  /** The network is what it was, at once or as soon as the stack has seen the carrier again. */
  async untilAsBefore(): Promise<void> {
    let now = '';
    await waitFor('the network to be as before', 15_000, async () => {
      now = await this.network();
      return now === this.before;
    }).catch((error: Error) => { 
      const [found, expected] = [now.split('\n'), this.before.split('\n')];
      throw new Error([error.message, ...found.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`), ...expected.filter((line) => !found.includes(line)).map((line) => `- ${line}`)].join('\n'));
    });
  }

  /** By hand, whatever has become of it: for the next case. */
  async startAgain(): Promise<void> {
    this.cutOff = false;
    await this.host.exec('systemctl kill --signal=KILL "netwright-*.service"; systemctl stop "netwright-*.timer"; rm -rf /etc/systemd/system/*netwright-* /etc/systemd/system/*/netwright-* /run/netwright');
    await this.host.execOrThrow(`rm -rf ${stackFolders}; cd /root && cp -a --parents ${stackFolders.replaceAll('/etc', 'etc')} /
      rm -rf /var/lib/netwright /run/systemd/network/*netwright*
      ${this.transaction().revert.map(({ command }) => command).join('\n')}`);
    await this.untilAsBefore();
  }

  transaction(change: Partial<Transaction> = {}): Transaction {
    return { ...transactions[this.stack](this.host.address, this.mac), ...change };
  }

  async down(): Promise<void> {
    rmSync(this.scratch, { recursive: true });
    await this.host.down();
  }

  private async setStatic(): Promise<void> {
    const { address } = this.host;
    await this.host.execOrThrow(`echo nameserver ${LAN_GATEWAY} > /etc/resolv.conf`);
    if (this.stack !== 'ifupdown') {
      await this.host.execOrThrow(`printf '%s\\n' '[Match]' Name=enp1s0 '' '[Network]' Address=${address}/24 Gateway=${LAN_GATEWAY} > /etc/systemd/network/10-enp1s0.network
        ip addr flush dev enp1s0; networkctl reload; networkctl reconfigure enp1s0`);
    } else {
      await this.host.execOrThrow(`kill $(cat /run/dhclient.enp1s0.pid)
        printf '%s\\n' 'auto lo' 'iface lo inet loopback' '' 'auto enp1s0' 'iface enp1s0 inet static' '  address ${address}/24' '  gateway ${LAN_GATEWAY}' > /etc/network/interfaces
        ip addr flush dev enp1s0; ifup --force enp1s0`);
    }
    await this.host.execOrThrow(`until ping -c 1 -W 1 ${LAN_GATEWAY} >/dev/null; do :; done`, { timeoutMs: 20_000 });
    await this.host.execOrThrow('ip route show default | grep -q .');
  }
}

/** As an administrator would write it, with the trial below /run. */
function networkdTransaction(address: string, mac: string): Transaction {
  const file = (name: string, content: string) => ({ name, content, mode: 0o644, trialPath: `/run/systemd/network/${name}`, commitPath: `/etc/systemd/network/${name}` });
  return {
    stack: 'systemd-networkd', kind: 'linux', nic: 'enp1s0', bridge: 'br0', needsBootGuard: false, expectedGap: 0.5,
    files: [
      file('05-netwright-br0.netdev', `[NetDev]\nName=br0\nKind=bridge\nMACAddress=${mac}\n\n[Bridge]\nSTP=no\nForwardDelaySec=0\n`),
      file('05-netwright-br0.network', `[Match]\nName=br0\n\n[Network]\nAddress=${address}/24\nGateway=${LAN_GATEWAY}\n`),
      file('05-netwright-enp1s0.network', '[Match]\nName=enp1s0\n\n[Network]\nBridge=br0\n'),
    ],
    protects: ['/etc/systemd/network'],
    apply: [
      { says: 'Have networkd read the new files', command: 'networkctl reload' },
      { says: 'Make the NIC a port', command: 'networkctl reconfigure enp1s0' },
    ],
    commit: [{ says: 'Have networkd read the files where they are now', command: 'networkctl reload' }],
    revert: [
      { says: 'Remove the bridge', command: '[ ! -e /sys/class/net/br0 ] || networkctl delete br0' },
      { says: 'Have networkd read the old files', command: 'networkctl reload' },
      { says: 'Give the NIC its addresses back', command: 'networkctl reconfigure enp1s0' },
    ],
  };
}

/** OVSDB is on disk at once: only the unit at boot can take it back after a power cut. */
function ovsTransaction(address: string, mac: string): Transaction {
  const { files, ...plain } = networkdTransaction(address, mac);
  return {
    ...plain, kind: 'ovs', needsBootGuard: true,
    files: files.filter(({ name }) => !name.endsWith('.netdev')).map((file) => ({ ...file, content: file.content.replace('Bridge=br0', 'LinkLocalAddressing=no\nIPv6AcceptRA=no') })),
    apply: [
      { says: 'Make the bridge with the NIC as its port', command: `ovs-vsctl --timeout=10 -- --may-exist add-br br0 -- set bridge br0 "other-config:hwaddr=\\"${mac}\\"" -- --may-exist add-port br0 enp1s0` },
      { says: 'Have networkd read the new files', command: 'networkctl reload' },
      { says: 'Take the addresses off the NIC', command: 'networkctl reconfigure enp1s0; ip link set br0 up' },
    ],
    revert: [{ says: 'Remove the bridge', command: 'ovs-vsctl --timeout=10 --if-exists del-br br0' }, ...plain.revert.slice(1)],
  };
}

const forget = (name: string): string => `sed -i '/^${name}=/d' /run/network/ifstate; rm -f /run/network/ifstate.${name}`;

function ifupdownTransaction(address: string, mac: string): Transaction {
  const content = ['auto lo', 'iface lo inet loopback', '', 'iface enp1s0 inet manual', '', 'auto br0', 'iface br0 inet static', `  address ${address}/24`, `  gateway ${LAN_GATEWAY}`,
    '  bridge_ports enp1s0', '  bridge_stp off', '  bridge_fd 0', '  bridge_maxwait 0', `  bridge_hw ${mac}`, ''].join('\n');
  return {
    stack: 'ifupdown', kind: 'linux', nic: 'enp1s0', bridge: 'br0', needsBootGuard: false, expectedGap: 1.5,
    files: [{ name: 'interfaces', content, mode: 0o644, trialPath: '/run/netwright-interfaces', commitPath: '/etc/network/interfaces' }],
    protects: ['/etc/network'],
    apply: [
      { says: 'Take the addresses off the NIC', command: `${forget('enp1s0')}; ip route flush dev enp1s0; ip addr flush dev enp1s0 scope global` },
      { says: 'Bring the bridge up', command: 'ifup -i /run/netwright-interfaces --force br0' },
    ],
    commit: [],
    revert: [
      { says: 'Remove the bridge', command: `${forget('br0')}; [ ! -e /sys/class/net/br0 ] || ip link del br0` },
      { says: 'Bring the NIC up as before', command: `${forget('enp1s0')}; ip addr flush dev enp1s0 scope global; ifup --force enp1s0` },
    ],
  };
}

const transactions = { networkd: networkdTransaction, ifupdown: ifupdownTransaction, ovs: ovsTransaction } as const;
