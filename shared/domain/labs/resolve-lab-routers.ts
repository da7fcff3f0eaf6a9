import { routersOfLab } from './labs-on-host';
import type { AddressedSpec } from '../addressed-spec';
import { isAddressed } from '../network-kinds';
import { missingFeature } from '../network-features';
import { proposeMac } from '../propose-mac';
import { checkRouter, plainKey } from '../router/router-spec';
import type { RouterInterface, RouterSpec } from '../router/router-spec';
import { canRoute } from '../router/router-xml';
import { hasRoot } from '../privilege';
import type { HostSnapshot } from '../snapshot';
import { addressToNumber, boundsOf, networkOf, numberToAddress, proposeDhcpRange, sameAddress } from '../subnet';
import type { LabFile } from './lab-file';
import type { ResolvedNetwork, ResolvedRouter } from './lab-intent';
import { labError } from './lab-problem';
import type { LabIssue } from './lab-problem';
import { routerNameOf } from './lab-router';
import type { LabRouter, LabRouterInterface } from './lab-router';

export interface RouterContext {
  snapshot: HostSnapshot;
  /** The lab's networks as `resolveLab` left them. */
  networks: readonly ResolvedNetwork[];
  newUuid: () => string;
  /** Public keys of this computer, for jump boxes that leave theirs open. */
  ownKeys: readonly string[];
}

/** Programs that the host's own tools make a router of, as far as the app asks for them. */
const needed = ['ip', 'nft', 'dnsmasq'];

/** The routers of a lab file with nothing left open. What they have on the host already they keep: UUIDs, and MACs that come of these. */
export function resolveRouters(file: LabFile, { snapshot, networks, newUuid, ownKeys }: RouterContext): { routers: ResolvedRouter[]; issues: LabIssue[] } {
  const entries = Object.entries(file.routers);
  const issues = entries.length === 0 ? [] : hostIssues(entries[0]?.[0] ?? '', snapshot);
  const jumpBox = entries.find(([, { ssh }]) => ssh !== undefined)?.[0];
  if (jumpBox !== undefined && !snapshot.system.tools.includes('sshd')) {
    issues.push(labError(['routers', jumpBox, 'ssh'], 'A jump box is made of this host\'s own programs, and it lacks sshd. On Debian and Ubuntu it is in the package openssh-server.'));
  }
  const given = new Map<string, string[]>();
  const macs = new Set<string>();
  const routers = entries.map(([key, router]): ResolvedRouter => {
    const name = routerNameOf(file.name, key, router);
    const existing = routersOfLab(file.name, snapshot).find((machine) => machine.labRouter?.key === key && machine.name === name && machine.persistent);
    if (!existing && snapshot.machines.some((machine) => machine.name === name)) issues.push(labError(['routers', key], `This host has a machine “${name}” that is not this router. Give it another “name”.`));
    const uuid = existing?.uuid ?? newUuid();
    const keys = keysOf(router, existing?.labRouter?.keys ?? [], ownKeys);
    if (keys?.length === 0) issues.push({ path: ['routers', key, 'ssh'], severity: 'warning', message: noKeys });
    const spec = specOf(name, router, { networks, given, macOf: macsFor(uuid, snapshot, macs), keys });
    issues.push(...checkRouter(spec).map(({ path, message }) => labError(['routers', key, ...path[0] === 'masquerade' ? ['nat', ...path.slice(1)] : path], message)));
    return { key, uuid, spec, autostart: router.autostart };
  });
  return { routers, issues };
}

const noKeys = 'This computer has no public key in ~/.ssh, so that nobody can log in. Make one by “ssh-keygen -t ed25519”, or name one here: “keys: [ssh-ed25519 AAAA… you@computer]”.';

/** What `auto` chose once stays: another computer finds nothing to change. Null: nobody logs in. */
function keysOf({ ssh }: LabRouter, held: readonly string[], own: readonly string[]): string[] | null {
  if (!ssh) return null;
  return [...new Set((ssh.keys !== 'auto' ? ssh.keys : held.length > 0 ? held : own).map(plainKey))];
}

function hostIssues(key: string, { system, privilege }: HostSnapshot): LabIssue[] {
  const tooOld = missingFeature('firmwareFiles', system.libvirtVersion);
  const missing = needed.filter((tool) => !system.tools.includes(tool));
  return [
    ...missing.length === 0 ? [] : [labError(['routers', key], `A router is made of this host's own programs, and it lacks ${missing.join(' and ')}. On Debian and Ubuntu they are in the packages iproute2, nftables and dnsmasq-base.`)],
    ...tooOld === null ? [] : [labError(['routers', key], tooOld)],
    ...canRoute(system.architecture) ? [] : [labError(['routers', key], `Routers can be made on x86_64 and aarch64; this host is ${system.architecture}.`)],
    ...hasRoot({ privilege }) ? [] : [labError(['routers', key], 'Making a router takes root on the host: it is made of the host\'s own kernel. Connect as root, or as a user with sudo.')],
  ];
}

interface Making {
  networks: readonly ResolvedNetwork[];
  /** Addresses that routers of this lab got before, by the network's key. */
  given: Map<string, string[]>;
  macOf: (nic: string) => string;
  keys: string[] | null;
}

function specOf(name: string, router: LabRouter, making: Making): RouterSpec {
  const zones = new Set(router.interfaces.map(({ zone }) => zone));
  const masquerade = router.nat ?? (zones.has('wan') ? ['wan'] : []);
  const inner = [...zones].filter((zone) => !masquerade.includes(zone));
  const made = router.interfaces.map((item, at) => interfaceOf(item, at, masquerade, making));
  // One way out is enough: the first that there is.
  const out = made.findIndex(({ face }) => face.gateway !== null);
  return {
    name, title: router.title, masquerade, dns: router.dns,
    interfaces: made.map(({ face }, at) => (at === out ? face : { ...face, gateway: null })),
    allow: eachOnce(router.allow ?? inner.flatMap((from) => masquerade.map((to): [string, string] => [from, to]))),
    nameServers: router.dns === 'forward' ? router.nameServers ?? [...new Set(made.flatMap(({ nameServer }) => nameServer ?? []))] : [],
    ...making.keys === null ? {} : { ssh: { keys: making.keys, from: router.ssh?.from ?? (masquerade.length > 0 ? masquerade : [...zones]) } },
  };
}

function interfaceOf(item: LabRouterInterface, at: number, masquerade: readonly string[], { networks, given, macOf }: Making): { face: RouterInterface; nameServer: string | null } {
  const network = networks.find(({ key }) => key === item.network);
  const spec = network?.spec;
  const host = spec && isAddressed(spec) ? spec : null;
  const isAuto = item.address === 'auto';
  const found = isAuto && host?.ipv4 ? freeBeside(host.ipv4, given.get(item.network) ?? []) : null;
  const address = item.address !== 'auto' ? item.address : found === null ? 'dhcp' : `${found}/${host?.ipv4?.prefix ?? 24}`;
  if (address !== 'dhcp') given.set(item.network, [...given.get(item.network) ?? [], address.split('/')[0] ?? '']);
  const leads = isAuto && host?.ipv4 && host.kind !== 'isolated' ? host.ipv4.address : null;
  const isServed = item.dhcp === 'auto' && address !== 'dhcp' && !masquerade.includes(item.zone) && (host?.ipv4 ?? null) === null;
  const [own = '', prefix = ''] = address.split('/');
  return {
    face: {
      network: spec?.name ?? item.network, portgroup: item.portgroup, vlan: item.vlan, zone: item.zone, address,
      mac: macOf(item.vlan === null ? `nic ${at}` : `${item.network} ${item.portgroup ?? ''}`),
      dhcp: typeof item.dhcp === 'object' ? item.dhcp : isServed ? proposeDhcpRange(own, Number(prefix)) : null,
      gateway: item.gateway ?? leads, fillsChecksums: spec?.kind === 'ovs',
    },
    nameServer: leads !== null && host?.dnsEnabled ? leads : null,
  };
}

const eachOnce = (pairs: readonly [string, string][]): [string, string][] => pairs.filter(([from, to], at) => pairs.findIndex((other) => other[0] === from && other[1] === to) === at);

/** The last address of the host's subnet that neither it nor its DHCP server hands out. Null: there is none. */
function freeBeside({ address, prefix, dhcp }: NonNullable<AddressedSpec['ipv4']>, given: readonly string[]): string | null {
  const { first, last } = boundsOf(networkOf(address, prefix));
  const taken = [address, ...given, ...(dhcp?.hosts ?? []).flatMap(({ ip }) => ip ?? [])];
  const inRange = (value: bigint): boolean => (dhcp?.ranges ?? []).some(({ start, end }) => value >= addressToNumber(start) && value <= addressToNumber(end));
  for (let value = last - 1n; value > first && last - value <= 4096n; value -= 1n) {
    const candidate = numberToAddress(value, 'ipv4');
    if (!inRange(value) && !taken.some((other) => sameAddress(other, candidate))) return candidate;
  }
  return null;
}

/** The same MACs for the same router, and none that another machine has. */
function macsFor(uuid: string, { machines }: HostSnapshot, given: Set<string>): (nic: string) => string {
  const others = machines.filter((machine) => machine.uuid !== uuid).flatMap((machine) => machine.nics.map((nic) => nic.mac));
  const known = new Map<string, string>();
  return (nic) => {
    const held = known.get(nic);
    if (held !== undefined) return held;
    let turn = 0;
    const mac = proposeMac([...others, ...given], () => bytesOf(`${uuid} ${nic} ${turn += 1}`));
    known.set(nic, mac);
    given.add(mac);
    return mac;
  };
}

/** FNV-1a, three bytes of it. */
function bytesOf(text: string): [number, number, number] {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return [hash >>> 16 & 0xff, hash >>> 8 & 0xff, hash & 0xff];
}
