import { transcript } from '../fixtures/read-transcript';
import { ScriptedRunner } from './scripted-runner';
import type { Answer } from './scripted-runner';

const said = (name: string): string => transcript(name).stdout;
export const recordedUuid = (n: number): string => `11111111-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** The lab host as test/fixtures/record.mjs found it: a network of every kind, five machines, an Open vSwitch bridge. */
export function recordedHost(): ScriptedRunner {
  const runner = new ScriptedRunner();
  const virsh = (line: string, name: string): void => { runner.virshAnswers.set(line, transcript(`virsh-9.0.0/${name}`)); };
  virsh('version --daemon', 'version-daemon');
  for (const [flags, name] of [[' --all', 'all'], ['', 'active'], [' --all --autostart', 'autostart'], [' --all --persistent', 'persistent']]) virsh(`net-list --uuid${flags}`, `net-list-${name}`);
  for (const [flags, name] of [[' --all', 'all'], [' --all --autostart', 'autostart'], [' --all --persistent', 'persistent'], [' --state-running', 'running'],
    [' --state-paused', 'paused'], [' --state-shutoff', 'shutoff'], [' --state-other', 'other']]) virsh(`list --uuid${flags}`, `list-${name}`);
  for (const [index, kind] of ['nat', 'routed', 'open', 'isolated', 'bridged', 'ovs', 'macvtap', 'isolated-no-host'].entries()) {
    virsh(`net-dumpxml ${recordedUuid(index + 1)}`, `net-dumpxml-${kind}`);
    virsh(`net-dumpxml --inactive ${recordedUuid(index + 1)}`, `net-dumpxml-${kind}-inactive`);
    virsh(`net-dhcp-leases ${recordedUuid(index + 1)}`, `net-dhcp-leases-${kind}`);
  }
  const transient = `<network>\n  <name>transient</name>\n  <uuid>${recordedUuid(9)}</uuid>\n  <bridge name='virbr-tr' stp='on' delay='0'/>\n</network>\n`;
  runner.virshAnswers.set(`net-dumpxml ${recordedUuid(9)}`, transient);
  runner.virshAnswers.set(`net-dumpxml --inactive ${recordedUuid(9)}`, transient);
  // Debian's own network, whose UUID is another on each host.
  const all = said('virsh-9.0.0/net-list-all').split('\n').filter((line) => line !== '' && !line.startsWith('11111111-'));
  for (const uuid of all) {
    runner.virshAnswers.set(`net-dumpxml ${uuid}`, `<network><name>default</name><uuid>${uuid}</uuid><forward mode='nat'/><bridge name='virbr0'/><ip address='192.168.122.1' netmask='255.255.255.0'/></network>`);
  }
  for (const name of ['web', 'never', 'port', 'off', 'held']) {
    const uuid = /<uuid>(.*?)<\/uuid>/.exec(said(`virsh-9.0.0/dumpxml-${name}`))![1]!;
    virsh(`dumpxml ${uuid}`, `dumpxml-${name}`);
    virsh(`dumpxml --inactive ${uuid}`, `dumpxml-${name}`);
  }
  const section = (name: string, from: string): void => { runner.sectionAnswers.set(name, transcript(from)); };
  section('os-release', 'debian-12/os-release');
  section('uname', 'debian-12/uname');
  section('services', 'debian-12/is-active');
  section('ifupdown-stanzas', 'debian-12/ifupdown-stanzas');
  section('clock', 'debian-12/clock');
  section('addresses', 'iproute2-6.1.0/address');
  section('routes-ipv4', 'iproute2-6.1.0/route-ipv4');
  section('routes-ipv6', 'iproute2-6.1.0/route-ipv6');
  section('neighbours', 'iproute2-6.1.0/neighbour');
  section('ovs', 'openvswitch-3.1.0/list');
  section('ovs-version', 'openvswitch-3.1.0/version');
  runner.sectionAnswers.set('tools', 'ip\t/usr/sbin/ip\novs-vsctl\t/usr/bin/ovs-vsctl\nvirsh\t/usr/bin/virsh\nnmcli\t\n');
  runner.sectionAnswers.set('sysctls', 'net.ipv4.ip_forward=1\n');
  runner.sectionAnswers.set('lease-files', leaseFiles({ 'virbr-nat': said('virsh-9.0.0/status-virbr-nat'), 'virbr-is': said('virsh-9.0.0/status-virbr-is') }));
  return runner;
}

/** As grep prints them, by bridge; null is unreadable. */
export function leaseFiles(contents: Record<string, string | null>): Answer {
  const path = (bridge: string): string => `/var/lib/libvirt/dnsmasq/${bridge}.status`;
  const entries = Object.entries(contents);
  const stdout = entries.flatMap(([bridge, content]) => (content ?? '').split('\n').filter((line) => line !== '').map((line) => `${path(bridge)}:${line}\n`)).join('');
  const stderr = entries.map(([bridge, content]) => (content === null ? `grep: ${path(bridge)}: Permission denied\n` : '')).join('');
  return { stdout, stderr, exitCode: stderr !== '' ? 2 : stdout === '' ? 1 : 0 };
}
