import type { ParseArgsConfig } from 'node:util';
import { addressedKinds } from '../../shared/domain/network-kinds';
import type { AddressedKind } from '../../shared/domain/network-kinds';
import type { AttachedKind } from '../../shared/domain/network-kinds';
import { leftSettingSchema } from '../../shared/domain/conversion/leave/left-setting';
import { changeRequestSchema, type ChangeRequest } from '../../shared/domain/conversion/change-request';
import { addressedOptions, addressedUsage } from './addressed-options';
import type { AddressedOptions } from './addressed-options';
import { attachedOptions, attachedUsage, attachedWords } from './attached-options';
import type { AttachedOptions } from './attached-options';
import { labUsage, parseLab } from './lab-arguments';
import type { LabInvocation } from './lab-arguments';
import { changeOptions, commonOptions, parseWords as parse, refuseBoth, wrongWords as wrong } from './parse-words';
import type { ChangeOptions, CommonOptions } from './parse-words';

export type { ChangeOptions, CommonOptions } from './parse-words';

/** Of changes that are on trial first. */
const holdOptions = { hold: { type: 'boolean' } } as const satisfies ParseArgsConfig['options'];

const createOptions = { ...addressedOptions, 'no-start': { type: 'boolean' } } as const satisfies ParseArgsConfig['options'];
const createAttachedOptions = { ...attachedOptions, 'no-start': { type: 'boolean' } } as const satisfies ParseArgsConfig['options'];
const editOptions = { ...addressedOptions, ...attachedOptions, when: { type: 'string' } } as const satisfies ParseArgsConfig['options'];

const sideOptions = { live: { type: 'boolean' }, config: { type: 'boolean' } } as const satisfies ParseArgsConfig['options'];
const limitOptions = { inbound: { type: 'string' }, outbound: { type: 'string' } } as const satisfies ParseArgsConfig['options'];
const placeOptions = { network: { type: 'string' }, portgroup: { type: 'string' } } as const satisfies ParseArgsConfig['options'];

export interface PreflightOptions {
  fix?: string;
}
export interface HoldOptions {
  hold?: boolean;
}
export interface ImportOptions {
  as?: string;
  replace?: boolean;
  'restart-now'?: boolean;
  'no-autostart'?: boolean;
  'no-start'?: boolean;
}
export interface CreateOptions extends AddressedOptions {
  'no-start'?: boolean;
}
export interface CreateAttachedOptions extends AttachedOptions {
  'no-start'?: boolean;
}
export interface EditOptions extends AddressedOptions, AttachedOptions {
  /** `live`, `now` or `next-start`. */
  when?: string;
}

/** Neither: both; a machine that is off has only its definition. */
export interface SideOptions {
  live?: boolean;
  config?: boolean;
}
export interface PlaceOptions { network?: string; portgroup?: string }
/** As AVERAGE[,PEAK[,BURST]], or `none`: of what the machine receives, and of what it sends. */
export interface LimitOptions { inbound?: string; outbound?: string }
export interface NicOptions extends LimitOptions { model?: string; mac?: string }

export type PowerVerb = 'start' | 'shutdown' | 'force-off';

export type Invocation =
  | { command: 'help' }
  | { command: 'version' }
  | { command: 'hosts'; options: CommonOptions }
  | { command: 'inspect'; host: string; options: CommonOptions }
  | { command: 'preflight'; host: string; options: CommonOptions & ChangeOptions & PreflightOptions }
  | { command: 'create-addressed'; kind: AddressedKind; host: string; name: string | null; options: CommonOptions & ChangeOptions & CreateOptions }
  | { command: 'create-attached'; kind: AttachedKind; host: string; name: string | null; options: CommonOptions & ChangeOptions & CreateAttachedOptions }
  | { command: 'edit'; host: string; name: string; options: CommonOptions & ChangeOptions & EditOptions }
  | { command: 'reserve'; host: string; network: string; mac: string; ip: string; options: CommonOptions & ChangeOptions & { name?: string } }
  | { command: 'delete-network'; host: string; name: string; options: CommonOptions & ChangeOptions }
  | { command: 'attach'; host: string; machine: string; options: CommonOptions & ChangeOptions & SideOptions & PlaceOptions & NicOptions }
  | { command: 'detach'; host: string; machine: string; mac: string; options: CommonOptions & ChangeOptions & SideOptions }
  | { command: 'move'; host: string; machine: string; mac: string; options: CommonOptions & ChangeOptions & SideOptions & PlaceOptions }
  | { command: 'link'; host: string; machine: string; mac: string; up: boolean; options: CommonOptions & ChangeOptions & SideOptions }
  | { command: 'limit'; host: string; machine: string; mac: string; options: CommonOptions & ChangeOptions & SideOptions & LimitOptions }
  | { command: 'power'; verb: PowerVerb; host: string; machine: string; options: CommonOptions & ChangeOptions }
  | { command: 'export'; host: string; name: string; file: string | null; options: CommonOptions }
  | { command: 'import'; host: string; file: string; options: CommonOptions & ChangeOptions & ImportOptions }
  | { command: 'change-uplink'; host: string; request: ChangeRequest; options: CommonOptions & ChangeOptions & HoldOptions }
  | { command: 'transactions'; host: string; options: CommonOptions }
  | { command: 'conclude'; verb: 'confirm' | 'revert'; host: string; id: string | null; options: CommonOptions }
  | LabInvocation
  | { command: 'undo'; historyId: string; options: CommonOptions & ChangeOptions }
  | { command: 'history'; host: string | null; options: CommonOptions }
  | { command: 'history-show'; historyId: string; script: boolean; options: CommonOptions };

export const usage = `netwright: virtual networks of KVM hosts, from the command line

  netwright hosts                          the hosts the app knows
  netwright inspect HOST                   networks, machines, interfaces of a host
  netwright preflight HOST [--fix CODE]    what stands in the way of virtual networks, and how to put it right
${addressedUsage}
${attachedUsage}
  netwright delete network HOST NAME
  netwright attach HOST MACHINE --network NAME [--portgroup NAME] [--model MODEL] [--mac MAC] [--inbound LIMIT] [--outbound LIMIT]
  netwright detach HOST MACHINE MAC        take a NIC out
  netwright move HOST MACHINE MAC --network NAME [--portgroup NAME]
  netwright link HOST MACHINE MAC up|down  plug its cable in, or pull it
  netwright limit HOST MACHINE MAC [--inbound LIMIT] [--outbound LIMIT]   what the machine may receive and send: AVERAGE[,PEAK[,BURST]]
                                           in kB/s and KiB, or none; libvirt sets it at once
      --live | --config                    only while it runs, or only from its next boot on; without: both
  netwright start|shutdown|force-off HOST MACHINE
  netwright export HOST NETWORK [FILE]     a network's definition as XML, on stdout or into a new file
  netwright import HOST FILE               make a network of an XML definition ("-": from stdin)
      --as NAME                            under this name, as a network of its own
      --replace [--restart-now]            in place of the network that has its name or UUID
      --no-autostart --no-start
  netwright convert HOST NIC --bridge NAME make the NIC a port of a new bridge, its addresses the bridge's; the host goes back by
                                           itself unless it is reached and this is confirmed
      --ovs                                an Open vSwitch bridge
      --leave WHAT                         does not move to the bridge, and goes: an address, route:RANGE, dhcp4, dhcp6, ra
                                           (addresses that routers advertise) or dns; may be given more than once
  netwright unbridge HOST BRIDGE           take a bridge away, its addresses the NIC's again, in the same way
      --port NIC                           only that one of its NICs leaves it; the bridge stays as it is
  netwright readdress HOST DEVICE          other settings for an interface of the host, in the same way; the session's own address, too
      --address CIDR --gateway IP --dns IP,… --search DOMAIN,… --mtu BYTES     (--search none: no domain)
      --address6 CIDR,… --gateway6 IP      the fixed ones of IPv6, in place of all there are; none: without
      --dhcp [--address CIDR]              DHCP gives the address: today's, or CIDR; with any other the host goes back. --dns dhcp: its name servers, too
  netwright undo HOST TRANSACTION          back to the files that such a change has found, in the same way
      --hold                               wait for “netwright confirm” instead of confirming
  netwright transactions HOST              such changes, as the host's own journal tells them
  netwright confirm HOST [TRANSACTION]     keep what is on trial (the host goes back by itself otherwise)
  netwright revert HOST [TRANSACTION]      go back to the old network now
${labUsage}
  netwright undo ENTRY                     take back a change from the history
  netwright history [HOST]                 what was changed, newest first
  netwright history show ENTRY [--script]  one change in full, or as a shell script

HOST is a name from the app, an alias from ~/.ssh/config, ssh://user@address:port,
"local" (this computer), or "practice".

  --plan             show what would happen and stop       --yes, -y   apply without asking
  --json             machine-readable output               --help, -h  this text
  -i, --identity KEY   --known-hosts FILE   --password-stdin (first line of stdin)
  --sudo             root's rights by sudo or doas         --pkexec    the same by polkit (only for local)
  -J, --jump HOSTS   by way of these, as for ssh -J: user@host:port,…   --client builtin|system (ssh of this computer)

Exit codes: 0 done, 1 failed and taken back, 2 wrong input, 3 host not reached or refused us, 4 refused (changed
meanwhile, busy, already undone), 5 applied but a check failed or a part could not be taken back. Of lab plan: 0 nothing to do,
2 something to do, 1 a lab file that can't be used.`;

/** Parses `process.argv` without its first two elements. Throws AppError `input.invalid` with a sentence. */
export function parseInvocation(argv: readonly string[]): Invocation {
  if (argv.length === 0 || argv[0] === 'help' || argv.includes('--help') || argv.includes('-h')) return { command: 'help' };
  if (argv[0] === '--version' || argv[0] === '-V' || argv[0] === 'version') return { command: 'version' };
  const [first, second] = argv;
  switch (first) {
    case 'hosts': {
      const { options } = parse(argv.slice(1), commonOptions, 0, 0, 'hosts');
      return { command: 'hosts', options };
    }
    case 'inspect': {
      const { options, words } = parse(argv.slice(1), commonOptions, 1, 1, 'inspect HOST');
      return { command: 'inspect', host: words[0] as string, options };
    }
    case 'preflight': {
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, fix: { type: 'string' } }, 1, 1, 'preflight HOST [--fix CODE]');
      return { command: 'preflight', host: words[0] as string, options: refuseBoth(options) };
    }
    case 'create': {
      const attached = second !== undefined && Object.hasOwn(attachedWords, second) ? attachedWords[second] : undefined;
      if (attached) {
        const { options, words } = parse(argv.slice(2), { ...commonOptions, ...changeOptions, ...createAttachedOptions }, 1, 2, `create ${second} HOST [NAME]`);
        return { command: 'create-attached', kind: attached, host: words[0] as string, name: words[1] ?? null, options: refuseBoth(options) };
      }
      const kind = addressedKinds.find((known) => known === second);
      if (!kind) throw wrong(`“create ${second ?? ''}” is not known.`, `Use: netwright create ${[...addressedKinds, 'bridged', 'direct', 'ovs', 'sriov'].join('|')} HOST [NAME].`);
      const { options, words } = parse(argv.slice(2), { ...commonOptions, ...changeOptions, ...createOptions }, 1, 2, `create ${kind} HOST [NAME]`);
      return { command: 'create-addressed', kind, host: words[0] as string, name: words[1] ?? null, options: refuseBoth(options) };
    }
    case 'edit': {
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, ...editOptions }, 2, 2, 'edit HOST NETWORK [OPTION]…');
      return { command: 'edit', host: words[0] as string, name: words[1] as string, options: refuseBoth(options) };
    }
    case 'reserve': {
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, name: { type: 'string' } }, 4, 4, 'reserve HOST NETWORK MAC IP [--name NAME]');
      const [host, network, mac, ip] = words as [string, string, string, string];
      return { command: 'reserve', host, network, mac, ip, options: refuseBoth(options) };
    }
    case 'delete': {
      if (second !== 'network') throw wrong(`“delete ${second ?? ''}” is not known.`, 'Use: netwright delete network HOST NAME.');
      const { options, words } = parse(argv.slice(2), { ...commonOptions, ...changeOptions }, 2, 2, 'delete network HOST NAME');
      return { command: 'delete-network', host: words[0] as string, name: words[1] as string, options: refuseBoth(options) };
    }
    case 'attach': {
      const form = 'attach HOST MACHINE --network NAME';
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, ...sideOptions, ...placeOptions, ...limitOptions, model: { type: 'string' }, mac: { type: 'string' } }, 2, 2, form);
      return { command: 'attach', host: words[0] as string, machine: words[1] as string, options: placed(oneSide(refuseBoth(options)), form) };
    }
    case 'detach': {
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, ...sideOptions }, 3, 3, 'detach HOST MACHINE MAC');
      return { command: 'detach', host: words[0] as string, machine: words[1] as string, mac: words[2] as string, options: oneSide(refuseBoth(options)) };
    }
    case 'move': {
      const form = 'move HOST MACHINE MAC --network NAME';
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, ...sideOptions, ...placeOptions }, 3, 3, form);
      return { command: 'move', host: words[0] as string, machine: words[1] as string, mac: words[2] as string, options: placed(oneSide(refuseBoth(options)), form) };
    }
    case 'link': {
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, ...sideOptions }, 4, 4, 'link HOST MACHINE MAC up|down');
      if (words[3] !== 'up' && words[3] !== 'down') throw wrong(`A link is up or down, not “${words[3] ?? ''}”.`, 'Use: netwright link HOST MACHINE MAC up|down');
      return { command: 'link', host: words[0] as string, machine: words[1] as string, mac: words[2] as string, up: words[3] === 'up', options: oneSide(refuseBoth(options)) };
    }
    case 'limit': {
      const form = 'limit HOST MACHINE MAC [--inbound LIMIT] [--outbound LIMIT]';
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, ...sideOptions, ...limitOptions }, 3, 3, form);
      if (options.inbound === undefined && options.outbound === undefined) throw wrong('Neither --inbound nor --outbound is given.', `Use: netwright ${form}`);
      return { command: 'limit', host: words[0] as string, machine: words[1] as string, mac: words[2] as string, options: oneSide(refuseBoth(options)) };
    }
    case 'start': case 'shutdown': case 'force-off': {
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions }, 2, 2, `${first} HOST MACHINE`);
      return { command: 'power', verb: first, host: words[0] as string, machine: words[1] as string, options: refuseBoth(options) };
    }
    case 'export': {
      const { options, words } = parse(argv.slice(1), commonOptions, 2, 3, 'export HOST NETWORK [FILE]');
      return { command: 'export', host: words[0] as string, name: words[1] as string, file: words[2] ?? null, options };
    }
    case 'import': {
      const { options, words } = parse(argv.slice(1), {
        ...commonOptions, ...changeOptions, as: { type: 'string' }, replace: { type: 'boolean' }, 'restart-now': { type: 'boolean' }, 'no-autostart': { type: 'boolean' }, 'no-start': { type: 'boolean' },
      }, 2, 2, 'import HOST FILE [--as NAME | --replace]');
      if (options.as !== undefined && options.replace) throw wrong('--as and --replace exclude each other.', '--as makes a network of its own, --replace changes the one there is.');
      return { command: 'import', host: words[0] as string, file: words[1] as string, options: refuseBoth(options) };
    }
    case 'convert': {
      const form = 'convert HOST NIC --bridge NAME [--leave WHAT]…';
      const { options: { bridge, ovs, leave, ...options }, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, ...holdOptions, bridge: { type: 'string' }, ovs: { type: 'boolean' }, leave: { type: 'string', multiple: true } }, 2, 2, form);
      if (bridge === undefined) throw wrong('The bridge has no name.', `Use: netwright ${form}`);
      const strange = leave?.find((word) => !leftSettingSchema.safeParse(word).success);
      if (strange !== undefined) throw wrong(`“${strange}” is nothing that could be left out.`, 'Name an address, route:RANGE, dhcp4, dhcp6, ra or dns.');
      return { command: 'change-uplink', host: words[0] as string, request: { kind: 'convert', nic: words[1] as string, bridge, switch: ovs ? 'ovs' : 'linux', ...leave && { leave } }, options: refuseBoth(options) };
    }
    case 'unbridge': {
      const { options: { port, ...options }, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, ...holdOptions, port: { type: 'string' } }, 2, 2, 'unbridge HOST BRIDGE [--port NIC]');
      return { command: 'change-uplink', host: words[0] as string, request: { kind: 'unbridge', bridge: words[1] as string, ...asked({ port }) }, options: refuseBoth(options) };
    }
    case 'readdress': {
      const form = 'readdress HOST DEVICE [--dhcp] [--address CIDR] [--gateway IP] [--address6 CIDR,…] [--gateway6 IP] [--dns IP,…] [--search DOMAIN,…] [--mtu BYTES]';
      const { options: { dhcp, address, gateway, address6, gateway6, dns, search, mtu, ...options }, words } = parse(argv.slice(1), {
        ...commonOptions, ...changeOptions, ...holdOptions, dhcp: { type: 'boolean' }, address: { type: 'string' }, gateway: { type: 'string' }, address6: { type: 'string' }, gateway6: { type: 'string' }, dns: { type: 'string' }, search: { type: 'string' }, mtu: { type: 'string' },
      }, 2, 2, form);
      if (mtu !== undefined && !/^\d{1,5}$/.test(mtu)) throw wrong(`“${mtu}” is no MTU.`, 'It is a number of bytes, such as 1500.');
      const request = { kind: 'readdress' as const, device: words[1] as string, ...asked({ dhcp, address, gateway, addresses6: address6 === 'none' ? [] : address6?.split(','), gateway6: gateway6 === 'none' ? null : gateway6, dns: dns === 'dhcp' ? [] : dns?.split(','), search: search === 'none' ? [] : search?.split(','), mtu: mtu === undefined ? undefined : Number(mtu) }) };
      const parsed = changeRequestSchema.safeParse(request);
      if (!parsed.success) throw wrong(parsed.error.issues.map((issue) => issue.message).join('; ') + '.', `Use: netwright ${form}`);
      return { command: 'change-uplink', host: words[0] as string, request: parsed.data, options: refuseBoth(options) };
    }
    case 'lab': return parseLab(argv.slice(1));
    case 'transactions': {
      const { options, words } = parse(argv.slice(1), commonOptions, 1, 1, 'transactions HOST');
      return { command: 'transactions', host: words[0] as string, options };
    }
    case 'confirm':
    case 'revert': {
      const { options, words } = parse(argv.slice(1), commonOptions, 1, 2, `${first} HOST [TRANSACTION]`);
      return { command: 'conclude', verb: first, host: words[0] as string, id: words[1] ?? null, options };
    }
    case 'undo': {
      const { options, words } = parse(argv.slice(1), { ...commonOptions, ...changeOptions, ...holdOptions }, 1, 2, 'undo ENTRY, or: netwright undo HOST TRANSACTION');
      if (words[1] !== undefined) return { command: 'change-uplink', host: words[0] as string, request: { kind: 'undo', id: words[1] }, options: refuseBoth(options) };
      if (options.hold) throw wrong('--hold is for changes on trial.', 'Use: netwright undo HOST TRANSACTION --hold');
      return { command: 'undo', historyId: words[0] as string, options: refuseBoth(options) };
    }
    case 'history': {
      if (second === 'show') {
        const { options, words } = parse(argv.slice(2), { ...commonOptions, script: { type: 'boolean' } }, 1, 1, 'history show ENTRY [--script]');
        return { command: 'history-show', historyId: words[0] as string, script: options.script ?? false, options };
      }
      const { options, words } = parse(argv.slice(1), commonOptions, 0, 1, 'history [HOST]');
      return { command: 'history', host: words[0] ?? null, options };
    }
    default:
      throw wrong(`“${first}” is not a command.`, 'netwright --help lists them.');
  }
}

/** Without what was not given. */
function asked<T extends Record<string, unknown>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function oneSide<O extends SideOptions>(options: O): O {
  if (options.live && options.config) throw wrong('--live and --config exclude each other.', 'Without either, both are changed.');
  return options;
}

function placed<O extends PlaceOptions>(options: O, form: string): O {
  if (options.network === undefined) throw wrong('--network is missing.', `Use: netwright ${form}`);
  return options;
}
