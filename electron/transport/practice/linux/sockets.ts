import type { HostState } from '../host-state';
import { isVirtual } from '../libvirt/network-definition';
import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';
import { findInterface, hasCarrier } from './link-state';

/** A socket that waits for others. */
export interface Listener {
  protocol: 'udp' | 'tcp';
  /** As ss prints it: `10.0.0.1`, `0.0.0.0%virbr0`, `[::]`. */
  address: string;
  port: number;
  backlog: number;
  process: string;
}

/** Every listening socket: sshd, the DHCP client, and what each network's dnsmasq opens. */
export function listenersOf(state: HostState): Listener[] {
  const listeners: Listener[] = [
    { protocol: 'udp', address: '0.0.0.0', port: 68, backlog: 0, process: 'dhclient' },
    { protocol: 'tcp', address: '0.0.0.0', port: 22, backlog: 128, process: 'sshd' },
    { protocol: 'tcp', address: '[::]', port: 22, backlog: 128, process: 'sshd' },
  ];
  for (const { running } of state.networks) {
    if (!running || !isVirtual(running) || !running.bridge?.name) continue;
    const bridge = running.bridge.name;
    const link = findInterface(state, bridge);
    for (const ip of running.ips) {
      const v6 = ip.address.includes(':');
      const address = v6 ? `[${ip.address}]` : ip.address;
      // Without carrier an IPv6 address stays tentative, and dnsmasq waits for it.
      if (running.dns.enable !== 'no' && (!v6 || (link && hasCarrier(state, link)))) {
        listeners.push({ protocol: 'udp', address, port: 53, backlog: 0, process: 'dnsmasq' });
        listeners.push({ protocol: 'tcp', address, port: 53, backlog: 32, process: 'dnsmasq' });
      }
      if (ip.tftpRoot !== null) listeners.push({ protocol: 'udp', address, port: 69, backlog: 0, process: 'dnsmasq' });
      if (ip.dhcp) listeners.push({ protocol: 'udp', address: v6 ? `[::]%${bridge}` : `0.0.0.0%${bridge}`, port: v6 ? 547 : 67, backlog: 0, process: 'dnsmasq' });
    }
  }
  return listeners;
}

/** ss(8) of iproute2 6.1 for listening sockets: `-l`, `-n`, `-t`, `-u`, `-H`, `-p`, `-4`, `-6`, in any grouping. */
export function ss(world: World, args: readonly string[]): ToolResult {
  const letters = new Set<string>();
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '-f') letters.add(args[++at] === 'inet6' ? '6' : '4');
    else if (/^-[lntuHp46a]+$/.test(word)) for (const letter of word.slice(1)) letters.add(letter);
    else if (word.startsWith('--')) {
      const short = { '--listening': 'l', '--numeric': 'n', '--tcp': 't', '--udp': 'u', '--no-header': 'H', '--processes': 'p' }[word];
      if (short === undefined) return fail(255, `ss: unrecognized option '${word}'\n`);
      letters.add(short);
    } else if (word.startsWith('-')) return fail(255, `ss: invalid option -- '${word.slice(1, 2)}'\n`);
  }
  const both = letters.has('t') === letters.has('u');
  const shown = listenersOf(world.state)
    .filter((row) => both || letters.has(row.protocol === 'tcp' ? 't' : 'u'))
    .filter((row) => letters.has('4') === letters.has('6') || letters.has('6') === row.address.startsWith('['))
    .sort((a, b) => rank(a) - rank(b));
  const width = Math.max(0, ...shown.map((row) => row.address.length));
  const lines = shown.map((row) => {
    const peer = row.address.startsWith('[') ? '[::]:*' : '0.0.0.0:*';
    const port = String(row.port);
    return [
      both ? `${row.protocol} ` : '', row.protocol === 'tcp' ? 'LISTEN' : 'UNCONN', ' 0      ', String(row.backlog).padEnd(6),
      ' ', row.address.padStart(width), ':', port, ' ', peer, letters.has('p') ? ` users:(("${row.process}",pid=1000,fd=4))` : '',
    ].join('');
  });
  const header = letters.has('H') ? [] : ['State  Recv-Q Send-Q Local Address:Port Peer Address:Port'];
  return succeed([...header, ...lines].map((line) => `${line}\n`).join(''));
}

function rank(row: Listener): number {
  return (row.protocol === 'udp' ? 0 : 2) + (row.address.startsWith('[') ? 1 : 0);
}
