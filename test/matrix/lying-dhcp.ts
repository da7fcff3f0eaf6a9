import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { LAN_GATEWAY, type LabHost } from '../lab/lab';
import { runProcess, runProcessOrThrow, waitFor } from '../lab/run-process';

/** A second DHCP server on the LAN, the only one that this host's NIC still reaches: it gives it `address`, whatever it had. */
export class LyingDhcp {
  private constructor(private readonly host: LabHost, private readonly namespace: string, private readonly server: ReturnType<typeof spawn>) {}

  /** `own`: the server's address on the LAN. */
  static async begin(host: LabHost, mac: string, address: string, own: string): Promise<LyingDhcp> {
    const namespace = `liar-${host.name}`;
    const port = `liar${own.split('.').at(-1)}`;
    const inside = ['ip', 'netns', 'exec', namespace];
    await runProcessOrThrow(['sh', '-ec', `ip netns add ${namespace}; ip -n ${namespace} link set lo up
      ip -n lab-lan link add ${port} type veth peer name eth0 netns ${namespace}; ip -n lab-lan link set ${port} master br-lan up
      ip -n ${namespace} addr add ${own}/24 dev eth0; ip -n ${namespace} link set eth0 up
      ip netns exec lab-lan ethtool -K ${port} tx off >/dev/null; ${inside.join(' ')} ethtool -K eth0 tx off >/dev/null`]);
    const server = spawn(inside[0]!, [...inside.slice(1), 'dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--user=root', '--port=0', '--dhcp-authoritative', '--no-ping',
      `--dhcp-range=${address},static,10m`, `--dhcp-host=${mac},${address}`, '--dhcp-ignore=tag:!known', `--dhcp-option=3,${LAN_GATEWAY}`, `--dhcp-option=6,${LAN_GATEWAY}`,
      `--dhcp-leasefile=/run/${namespace}.leases`, '--pid-file'], { stdio: 'ignore' });
    await waitFor('the lying DHCP server', 10_000, async () => (await runProcess([...inside, 'ss', '-Hlnu', 'sport = 67'])).stdout.includes(':67'));
    await host.divertDhcp(port);
    return new LyingDhcp(host, namespace, server);
  }

  async end(): Promise<void> {
    await this.host.restoreDhcp();
    const ended = once(this.server, 'close');
    this.server.kill();
    await ended;
    await runProcessOrThrow(['sh', '-c', `ip netns del ${this.namespace}; rm -f /run/${this.namespace}.leases`]);
  }
}
