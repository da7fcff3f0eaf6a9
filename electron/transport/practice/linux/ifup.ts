import { mainFile, readInterfaces } from '../../../../shared/domain/conversion/ifupdown/interfaces-files';
import { headKind } from '../../../../shared/domain/conversion/ifupdown/parse-interfaces';
import type { InterfacesStanza } from '../../../../shared/domain/conversion/ifupdown/parse-interfaces';
import type { HostState, InterfaceState } from '../host-state';
import { addOvsBridge, addOvsPort, bridgeOfPort, findRow } from '../ovs/database';
import { noVlan } from '../ovs/rows';
import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';
import { familyOf, linkLocalAddress } from './address-math';
import { addAddress, addInterface, addRoute, setController, setUp } from './interfaces';
import { askForLease } from './lan';
import { findInterface } from './link-state';

const stateFile = '/run/network/ifstate';

/**
 * ifup(8) of ifupdown 0.8 with the scripts of bridge-utils and openvswitch-switch: `[-i FILE] [--force] [--no-act] NAME…`. Of an
 * interface's options it knows those of bridges, addresses and routers.
 */
export function ifup(world: World, args: readonly string[]): ToolResult {
  const fileAt = args.indexOf('-i');
  const names = args.filter((word, at) => !word.startsWith('-') && (fileAt < 0 || at !== fileAt + 1));
  const stanzas = stanzasOf(world.state, fileAt < 0 ? mainFile : args[fileAt + 1] ?? '');
  for (const name of names) {
    const own = stanzas.filter((stanza) => headKind(stanza) === 'iface' && stanza.head?.words[1] === name);
    if (own.length === 0) return fail(1, `ifup: unknown interface ${name}\n`);
    if (args.includes('--no-act')) continue;
    if (isKnownUp(world.state, name) && !args.includes('--force')) return { ...succeed(), stderr: `ifup: interface ${name} already configured\n` };
    if (!bringUp(world, name, own)) return fail(1, `Cannot find device "${name}"\nifup: failed to bring up ${name}\n`);
    remember(world.state, name);
  }
  return succeed();
}

/** Everything that comes up with the host, in the order of its files. */
export function bringAllUp(world: World): void {
  delete world.state.files[stateFile];
  const names = stanzasOf(world.state, mainFile).filter((stanza) => /^(auto|allow-hotplug)$/.test(headKind(stanza))).flatMap((stanza) => stanza.head?.words.slice(1) ?? []);
  for (const name of new Set(names)) ifup(world, [name]);
}

/** Lets every interface that is configured for DHCP and has no address ask for one, as its client does while it waits. */
export function askAgain(world: World): void {
  for (const stanza of stanzasOf(world.state, mainFile)) {
    const [kind, name = '', family, method] = stanza.head?.words ?? [];
    const link = findInterface(world.state, name);
    if (kind === 'iface' && family === 'inet' && method === 'dhcp' && link && isKnownUp(world.state, name)) askForLease(world, link);
  }
}

function stanzasOf({ files }: HostState, path: string): InterfacesStanza[] {
  const known = Object.entries(files).filter(([name]) => name === path || name.startsWith('/etc/network/'));
  return readInterfaces(known.map(([name, content]) => ({ path: name, content, mode: 0o644 })), path).flatMap((file) => file.stanzas);
}

/** False: there is no such device, and nothing says how to make one. */
function bringUp(world: World, name: string, stanzas: readonly InterfacesStanza[]): boolean {
  const options = stanzas.flatMap(({ body }) => body.filter(({ words }) => words.length > 0).map(({ words: [key = '', ...values] }) => ({ key: key.replaceAll('-', '_'), values })));
  const option = (key: string): string[] => options.find((each) => each.key === key)?.values ?? [];
  if (option('bridge_ports').length > 0) makeBridge(world, name, option);
  if (option('ovs_type')[0] === 'OVSBridge') makeSwitch(world, name, option('ovs_ports'));
  const link = findInterface(world.state, name);
  if (!link) return false;
  setUp(world, link, true);
  if (link.controller === null && link.kind !== 'loopback') giveLinkLocal(world, link);
  for (const { head, body } of stanzas) {
    const [, , family, method] = head?.words ?? [];
    if (family === 'inet' && method === 'dhcp') askForLease(world, link);
    // Each stanza has an address of its own.
    const own = (key: string): string | undefined => body.find(({ words }) => words[0] === key)?.words[1];
    if (method === 'static') giveStatic(world, link, own('address') ?? '', own('gateway') ?? null);
  }
  return true;
}

function makeBridge(world: World, name: string, option: (key: string) => string[]): void {
  const ports = option('bridge_ports').flatMap((port) => findInterface(world.state, port) ?? []);
  const link = findInterface(world.state, name) ?? addInterface(world, {
    name, kind: 'bridge', mac: option('bridge_hw')[0] ?? ports[0]?.mac ?? world.newMac(), mtu: 1500, cable: false, bridge: { stp: false, forwardDelay: 1500 }, device: null,
  });
  if (link.bridge) link.bridge = { stp: option('bridge_stp')[0] === 'on', forwardDelay: Number(option('bridge_fd')[0] ?? 15) * 100 };
  for (const port of ports) {
    setUp(world, port, true);
    setController(world, port, name);
  }
}

function makeSwitch(world: World, name: string, ports: readonly string[]): void {
  const { ovs } = world.state;
  if (!ovs) return;
  if (!findRow(ovs, 'Bridge', name)) addOvsBridge(world, name);
  for (const port of ports) if (!bridgeOfPort(ovs, port)) addOvsPort(world, name, port, { vlan: noVlan, mac: null });
}

function giveLinkLocal(world: World, link: InterfaceState): void {
  if (!link.addresses.some(({ family }) => family === 'inet6')) addAddress(world, link, { family: 'inet6', address: linkLocalAddress(link.mac), prefix: 64, validSeconds: null });
}

function giveStatic(world: World, link: InterfaceState, text: string, gateway: string | null): void {
  const [address = '', prefix = '24'] = text.split('/');
  const family = familyOf(address);
  if (family === null || link.addresses.some((own) => own.address === address)) return;
  addAddress(world, link, { family, address, prefix: Number(prefix), validSeconds: null });
  if (gateway !== null) addRoute(world, { family, destination: 'default', gateway, device: link.name, metric: null, protocol: 'boot' });
}

const isKnownUp = ({ files }: HostState, name: string): boolean => (files[stateFile] ?? '').split('\n').includes(`${name}=${name}`);

function remember({ files }: HostState, name: string): void {
  const others = (files[stateFile] ?? '').split('\n').filter((line) => line !== '' && !line.startsWith(`${name}=`));
  files[stateFile] = [...others, `${name}=${name}`].map((line) => `${line}\n`).join('');
}
