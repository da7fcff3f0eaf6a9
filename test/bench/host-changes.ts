import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fromRoot } from '../../build/paths.mjs';
import type { LabHost } from '../lab/lab';

/** One who changes networks on a lab host with virsh, past the app. Each change alters the list of networks. */
export type NetworkChange = 'define' | 'start' | 'destroy' | 'undefine';

/** A whole turn: afterwards the host is as it was. */
export const changesInTurn: readonly NetworkChange[] = ['define', 'start', 'destroy', 'undefine'];

/** Sorts before all others, so that its row is in view. */
export const changedNetwork = 'a-network-from-outside';

const networkXml = `<network><name>${changedNetwork}</name><bridge name='vbr-outside' stp='on' delay='0'/>
<ip address='10.67.0.1' netmask='255.255.255.0'><dhcp><range start='10.67.0.100' end='10.67.0.199'/></dhcp></ip></network>`;

export async function changeNetwork(lab: LabHost, change: NetworkChange): Promise<void> {
  if (change === 'define') await lab.execOrThrow(['virsh', '-q', 'net-define', '/dev/stdin'], { input: networkXml });
  else await lab.execOrThrow(['virsh', '-q', `net-${change}`, changedNetwork]);
}

/** Hears libvirt's own announcements on the host, independently of the app. */
export class HostListener {
  readonly #heard: { line: string; at: number }[] = [];
  readonly #child;

  private constructor(lab: LabHost) {
    // Ends with its stdin, so that nothing stays on the host.
    const script = 'virsh -q net-event --event lifecycle --loop & echo listening; read -r _; kill $!';
    this.#child = spawn(fromRoot('test', 'lab', 'lab-exec'), [lab.name, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of chunk.split('\n').filter(Boolean)) this.#heard.push({ line, at: performance.timeOrigin + performance.now() });
    });
  }

  static async open(lab: LabHost): Promise<HostListener> {
    const listener = new HostListener(lab);
    // virsh says nothing when it begins to listen: a change is made until one is heard.
    while (listener.lastAbout(changedNetwork) === null) for (const change of changesInTurn) await changeNetwork(lab, change);
    return listener;
  }

  /** When libvirt last announced something about a network, ms since 1970. */
  lastAbout(network: string): number | null {
    return this.#heard.filter(({ line }) => line.includes(` ${network}: `)).pop()?.at ?? null;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.stdin.end('\n');
    await ended;
  }
}
