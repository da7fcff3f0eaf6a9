import { attribute, childElement, childElements, textOf } from '../../../../shared/domain/xml/read-element';
import { escapeXml } from '../../../../shared/domain/xml/xml-source';
import type { HostState, MachineState, NicState, RunningNic } from '../host-state';
import type { World } from '../world';
import { findNetwork } from './define-network';
import { LibvirtError } from './libvirt-error';
import { formatNode } from './format-network';
import { vlanFor } from './machines';
import { readRoot } from './read-document';

/** `virsh dumpxml`: the running definition, or the one of the next start. */
export function formatMachine(state: HostState, machine: MachineState, inactive: boolean): string {
  const running = inactive ? null : machine.running;
  const nics = running ? running.nics.map((nic, at) => runningNic(state, nic, at)) : machine.nics.map((nic, at) => stoppedNic(nic, at));
  return [
    running ? `<domain type='kvm' id='${running.id}'>` : '<domain type=\'kvm\'>',
    `  <name>${escapeXml(machine.name)}</name>`,
    `  <uuid>${machine.uuid}</uuid>`,
    ...(machine.title === null ? [] : [`  <title>${escapeXml(machine.title)}</title>`]),
    `  <memory unit='KiB'>${machine.memoryKiB}</memory>`,
    `  <currentMemory unit='KiB'>${machine.memoryKiB}</currentMemory>`,
    `  <vcpu placement='static'>${machine.vcpus}</vcpu>`,
    ...(running ? ['  <resource>', '    <partition>/machine</partition>', '  </resource>'] : []),
    '  <os>', '    <type arch=\'x86_64\' machine=\'pc-q35-7.2\'>hvm</type>', '    <boot dev=\'hd\'/>', '  </os>',
    '  <features>', '    <acpi/>', '    <apic/>', '  </features>',
    '  <cpu mode=\'host-passthrough\' check=\'none\' migratable=\'on\'/>', '  <clock offset=\'utc\'/>',
    '  <on_poweroff>destroy</on_poweroff>', '  <on_reboot>restart</on_reboot>', '  <on_crash>destroy</on_crash>',
    '  <devices>', '    <emulator>/usr/bin/qemu-system-x86_64</emulator>',
    '    <disk type=\'file\' device=\'disk\'>', '      <driver name=\'qemu\' type=\'qcow2\'/>',
    `      <source file='/var/lib/libvirt/images/${escapeXml(machine.name)}.qcow2'/>`,
    '      <target dev=\'vda\' bus=\'virtio\'/>', '    </disk>',
    ...nics.flat(),
    ...serialPort(running?.id ?? null),
    '    <input type=\'mouse\' bus=\'ps2\'/>', '    <input type=\'keyboard\' bus=\'ps2\'/>', '    <memballoon model=\'virtio\'/>',
    '  </devices>', '</domain>', '',
  ].join('\n');
}

const pciAddress = (at: number) => `      <address type='pci' domain='0x0000' bus='0x01' slot='0x0${at}' function='0x0'/>`;

function stoppedNic(nic: NicState, at: number): string[] {
  const portgroup = nic.portgroup === null ? '' : ` portgroup='${escapeXml(nic.portgroup)}'`;
  return [
    `    <interface type='${nic.type}'>`,
    `      <mac address='${nic.mac}'/>`,
    `      <source ${nic.type}='${escapeXml(nic.source)}'${portgroup}/>`,
    `      <model type='${nic.model}'/>`,
    ...(nic.linkDown ? ['      <link state=\'down\'/>'] : []),
    pciAddress(at),
    '    </interface>',
  ];
}

/** Every practice machine has one, as virt-install gives it; `id` is a running machine's. */
function serialPort(id: number | null): string[] {
  const path = `/dev/pts/${id ?? ''}`;
  const source = id === null ? [] : [`      <source path='${path}'/>`];
  const alias = id === null ? [] : ['      <alias name=\'serial0\'/>'];
  return [
    '    <serial type=\'pty\'>', ...source,
    '      <target type=\'isa-serial\' port=\'0\'>', '        <model name=\'isa-serial\'/>', '      </target>', ...alias, '    </serial>',
    id === null ? '    <console type=\'pty\'>' : `    <console type='pty' tty='${path}'>`, ...source,
    '      <target type=\'serial\' port=\'0\'/>', ...alias, '    </console>',
  ];
}

/** As libvirt shows a NIC of a running machine: with tap, bridge and port, a bridged one with its own type. */
function runningNic(state: HostState, nic: RunningNic, at: number): string[] {
  const definition = nic.type === 'network' ? findNetwork(state, nic.source)?.running ?? null : null;
  const type = definition?.forward?.mode === 'bridge' ? 'bridge' : nic.type;
  const portgroup = nic.portgroup === null ? '' : ` portgroup='${escapeXml(nic.portgroup)}'`;
  const place = nic.type === 'network'
    ? `network='${escapeXml(nic.source)}'${portgroup} portid='${nic.portId ?? ''}' bridge='${escapeXml(nic.bridge ?? '')}'`
    : `bridge='${escapeXml(nic.source)}'`;
  const vlan = vlanFor(definition, nic.portgroup);
  const isOvs = definition?.virtualPort?.attributes.some(([key, value]) => key === 'type' && value === 'openvswitch') ?? false;
  return [
    `    <interface type='${type}'>`,
    `      <mac address='${nic.mac}'/>`,
    `      <source ${place}/>`,
    ...(isOvs && vlan ? formatNode(vlan).map((line) => `      ${line}`) : []),
    ...(isOvs ? ['      <virtualport type=\'openvswitch\'>', `        <parameters interfaceid='${nic.portId ?? ''}'/>`, '      </virtualport>'] : []),
    `      <target dev='${nic.target}'/>`,
    `      <model type='${nic.model}'/>`,
    ...(nic.linkDown ? ['      <link state=\'down\'/>'] : []),
    `      <alias name='net${at}'/>`,
    pciAddress(at),
    '    </interface>',
  ];
}

/** Reads a `<domain>` as far as the practice host keeps one: name, UUID, size and NICs. Throws LibvirtError. */
export function parseMachine(world: World, xml: string): MachineState {
  const root = readRoot(xml, 'domain_definition', 'domain');
  const name = textOf(childElement(root, 'name'));
  if (!name) throw new LibvirtError('missing domain name information');
  const devices = childElement(root, 'devices');
  return {
    uuid: textOf(childElement(root, 'uuid'))?.trim().toLowerCase() ?? world.newUuid(),
    name,
    title: textOf(childElement(root, 'title')),
    memoryKiB: memoryKiB(textOf(childElement(root, 'memory')), attribute(childElement(root, 'memory'), 'unit')),
    vcpus: Number(textOf(childElement(root, 'vcpu')) ?? 1),
    autostart: false, persistent: true, running: null, sendsHostname: false,
    nics: (devices ? childElements(devices, 'interface') : []).flatMap((nic): NicState[] => {
      const source = childElement(nic, 'source');
      const type = attribute(nic, 'type');
      if (type !== 'network' && type !== 'bridge') throw new LibvirtError(`unsupported configuration: the practice host has no interfaces of type '${type ?? ''}'`);
      return [{
        type, source: attribute(source, type) ?? '', portgroup: attribute(source, 'portgroup'),
        mac: attribute(childElement(nic, 'mac'), 'address')?.toLowerCase() ?? world.newMac(),
        model: attribute(childElement(nic, 'model'), 'type') ?? 'virtio', linkDown: attribute(childElement(nic, 'link'), 'state') === 'down',
      }];
    }),
  };
}

function memoryKiB(text: string | null, unit: string | null): number {
  const factor = { MiB: 1024, M: 1024, GiB: 1024 * 1024, G: 1024 * 1024, b: 1 / 1024, bytes: 1 / 1024 }[unit ?? 'KiB'] ?? 1;
  return Math.round(Number(text ?? 0) * factor);
}
