import { fileURLToPath } from 'node:url';
import type { LabHost } from '../lab/lab';
import { runProcessOrThrow, waitFor } from '../lab/run-process';

const guestXml = fileURLToPath(new URL('../lab/guest-xml', import.meta.url));

/** A tiny guest to start: on which network, with which address, and whom it asks for ever. */
export interface GuestOrder {
  name: string;
  network: string;
  portgroup?: string | undefined;
  /** Of the NIC as it is, with prefix; or by VLAN. */
  address: string;
  vlans?: Readonly<Record<number, string>> | undefined;
  gateway: string | null;
  asks: readonly string[];
}

/** Starts it; resolves when libvirt has, not when it has booted. */
export async function startGuest(host: LabHost, { name, network, portgroup, address, vlans, gateway, asks }: GuestOrder): Promise<void> {
  const words = [
    vlans ? `vlan=${Object.entries(vlans).map(([tag, inside]) => `${tag}:${inside}`).join(',')}` : `addr=${address}`,
    ...gateway === null ? [] : [`gw=${gateway}`], `ping=${asks.join(',')}`, 'again',
  ];
  await removeGuest(host, name);
  const xml = await runProcessOrThrow([guestXml, name, network, words.join(' ')]);
  const plugged = portgroup === undefined ? xml : xml.replace(`<source network='${network}'/>`, `<source network='${network}' portgroup='${portgroup}'/>`);
  await host.execOrThrow(['virsh', '-q', 'define', '/dev/stdin'], { input: plugged });
  await host.execOrThrow(['virsh', '-q', 'start', name]);
}

export async function removeGuest(host: LabHost, name: string): Promise<void> {
  await host.exec(`virsh -q destroy ${name}; virsh -q undefine ${name}; rm -f /var/log/libvirt/qemu/${name}.console`);
}

/** What a guest's next whole round of pings says, one begun after now: whether each address answered. */
export async function nextRound(host: LabHost, name: string): Promise<Map<string, boolean>> {
  const before = roundsOf(await host.guestConsole(name)).length;
  return waitFor(`another round of ${name}'s pings`, 60_000, async () => roundsOf(await host.guestConsole(name))[before + 1]);
}

/** The rounds that have ended, each with its answers. */
function roundsOf(console: string): Map<string, boolean>[] {
  return console.split(/LAB round \d+\r?\n/).slice(0, -1)
    .map((text) => new Map([...text.matchAll(/LAB ping (\S+) (ok|fail)/g)].map(([, address = '', outcome]) => [address, outcome === 'ok'])));
}
