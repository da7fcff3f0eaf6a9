import { LabHost } from '../lab/lab';

const networkCount = 100;
const activeCount = 20;
const machineCount = 100;

/** Forward modes by turns, in about the shares of a busy homelab. The first twenty are those that are started. */
const kinds = ['nat', 'nat', 'isolated', 'route', 'nat', 'open', 'isolated', 'bridge', 'nat', 'macvtap'] as const;

function networkXml(number: number): string {
  const kind = number < activeCount ? (['nat', 'isolated', 'route', 'nat', 'open'] as const)[number % 5]! : kinds[number % kinds.length]!;
  const name = `<name>bench-${String(number).padStart(3, '0')}</name>`;
  if (kind === 'bridge') return `<network>${name}<forward mode='bridge'/><bridge name='br${number}'/></network>`;
  if (kind === 'macvtap') return `<network>${name}<forward mode='bridge'><interface dev='enp2s0'/></forward></network>`;
  const forward = kind === 'isolated' ? '' : `<forward mode='${kind}'/>`;
  return `<network>${name}${forward}<bridge name='vbr${number}' stp='on' delay='0'/><mac address='52:54:00:66:00:${number.toString(16).padStart(2, '0')}'/>
<domain name='net${number}.lab'/><dns><host ip='10.66.${number}.2'><hostname>one</hostname></host></dns>
<ip address='10.66.${number}.1' netmask='255.255.255.0'><dhcp><range start='10.66.${number}.100' end='10.66.${number}.199'/>
<host mac='52:54:00:67:${number.toString(16).padStart(2, '0')}:02' name='one' ip='10.66.${number}.2'/></dhcp></ip></network>`;
}

function machineXml(number: number): string {
  const nic = (network: number): string => `<interface type='network'><source network='bench-${String(network % (networkCount - 1)).padStart(3, '0')}'/><model type='virtio'/></interface>`;
  return `<domain type='qemu'><name>machine-${String(number).padStart(3, '0')}</name><title>Bench machine ${number}</title><memory unit='MiB'>512</memory><vcpu>2</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type><boot dev='hd'/></os><features><acpi/><apic/></features><cpu mode='custom'><model>qemu64</model></cpu>
<devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/var/lib/libvirt/images/machine-${number}.qcow2'/><target dev='vda' bus='virtio'/></disk>
${nic(number)}${number % 3 === 0 ? nic(number + 7) : ''}<serial type='pty'/><console type='pty'/><graphics type='vnc' port='-1' autoport='yes'/><video><model type='virtio'/></video></devices></domain>`;
}

/** One script for all of it: a process per object would take as long as what is measured. */
function populateScript(): string {
  const files: string[] = [];
  const commands: string[] = [];
  const write = (name: string, text: string): string => {
    files.push(`cat > ${name} <<'END'\n${text}\nEND`);
    return name;
  };
  // Debian's own network `default` is the hundredth.
  for (let number = 0; number < networkCount - 1; number += 1) {
    commands.push(`net-define ${write(`net-${number}.xml`, networkXml(number))}`);
    if (number < activeCount) commands.push(`net-start bench-${String(number).padStart(3, '0')}`);
    if (number < activeCount / 2) commands.push(`net-autostart bench-${String(number).padStart(3, '0')}`);
  }
  for (let number = 0; number < machineCount; number += 1) commands.push(`define ${write(`machine-${number}.xml`, machineXml(number))}`);
  return ['set -e', 'mkdir -p /tmp/bench', 'cd /tmp/bench', ...files, `cat > commands <<'END'\n${commands.join('\n')}\nEND`,
    'virsh -q -c qemu:///system < commands > said 2>&1', 'grep "^error" said && exit 1', 'exit 0', ''].join('\n');
}

/** A lab host with 100 networks of all kinds, 20 of them active, and 100 machines that are off. */
export class CrowdedHost {
  private constructor(readonly lab: LabHost, readonly networkUuids: readonly string[], readonly machineUuids: readonly string[]) {}

  static async up(say: (line: string) => void): Promise<CrowdedHost> {
    say(`Starting a lab host with ${networkCount} networks (${activeCount} active) and ${machineCount} machines …`);
    const lab = await LabHost.up('bench');
    try {
      await lab.execOrThrow(['sh'], { input: populateScript() });
      const uuids = async (list: string): Promise<string[]> => (await lab.execOrThrow(`virsh -q ${list} --all --uuid`)).split('\n').filter(Boolean);
      const [networks, machines] = [await uuids('net-list'), await uuids('list')];
      if (networks.length !== networkCount || machines.length !== machineCount) {
        throw new Error(`The lab host has ${networks.length} networks and ${machines.length} machines.`);
      }
      return new CrowdedHost(lab, networks, machines);
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  down(): Promise<void> {
    return this.lab.down();
  }
}
