import type { Element } from '@xmldom/xmldom';
import { attribute, childElement, childElements, textOf } from '../../../../shared/domain/xml/read-element';
import { escapeXml } from '../../../../shared/domain/xml/xml-source';
import type { HostState, MachineState } from '../host-state';
import type { World } from '../world';
import { LibvirtError } from './libvirt-error';
import { formatMetadata, parseMetadata } from './machine-metadata';
import { formatNic, formatRunningNic, parseNic, placed } from './nic-xml';
import { readRoot } from './read-document';

/** `virsh dumpxml`: the running definition, or the one of the next start. */
export function formatMachine(state: HostState, machine: MachineState, inactive: boolean): string {
  const running = inactive ? null : machine.running;
  const nics = running ? running.nics.map((nic, at) => formatRunningNic(state, nic, at)) : machine.nics.map((nic, at) => formatNic(nic, at));
  return [
    running ? `<domain type='kvm' id='${running.id}'>` : '<domain type=\'kvm\'>',
    `  <name>${escapeXml(machine.name)}</name>`,
    `  <uuid>${machine.uuid}</uuid>`,
    ...(machine.title === null ? [] : [`  <title>${escapeXml(machine.title)}</title>`]),
    ...formatMetadata(running ? running.metadata : machine.metadata),
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
    ...machine.hasAgent ? agentChannel(running) : [],
    '    <input type=\'mouse\' bus=\'ps2\'/>', '    <input type=\'keyboard\' bus=\'ps2\'/>', '    <memballoon model=\'virtio\'/>',
    '  </devices>', '</domain>', '',
  ].join('\n');
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

/** Reads a `<domain>` as far as the practice host keeps one: name, UUID, size and NICs. Throws LibvirtError. */
export function parseMachine(world: World, xml: string): MachineState {
  const root = readRoot(xml, 'domain_definition', 'domain');
  const name = textOf(childElement(root, 'name'));
  if (!name) throw new LibvirtError('missing domain name information');
  const devices = childElement(root, 'devices');
  const metadata = parseMetadata(root);
  return {
    uuid: textOf(childElement(root, 'uuid'))?.trim().toLowerCase() ?? world.newUuid(),
    name,
    title: textOf(childElement(root, 'title')),
    memoryKiB: memoryKiB(textOf(childElement(root, 'memory')), attribute(childElement(root, 'memory'), 'unit')),
    vcpus: Number(textOf(childElement(root, 'vcpu')) ?? 1),
    autostart: false, persistent: true, running: null, sendsHostname: false,
    nics: placed((devices ? childElements(devices, 'interface') : []).map((nic) => parseNic(world, nic))),
    ...hasAgentChannel(devices) ? { hasAgent: true } : {},
    ...metadata ? { metadata } : {},
  };
}

function hasAgentChannel(devices: Element | null): boolean {
  return devices !== null && childElements(devices, 'channel').some((channel) => attribute(childElement(channel, 'target'), 'name') === 'org.qemu.guest_agent.0');
}

function agentChannel(running: MachineState['running']): string[] {
  return [
    '    <channel type=\'unix\'>', `      <target type='virtio' name='org.qemu.guest_agent.0'${running ? ' state=\'connected\'' : ''}/>`,
    ...running ? ['      <alias name=\'channel0\'/>'] : [], '      <address type=\'virtio-serial\' controller=\'0\' bus=\'0\' port=\'1\'/>', '    </channel>',
  ];
}

function memoryKiB(text: string | null, unit: string | null): number {
  const factor = { MiB: 1024, M: 1024, GiB: 1024 * 1024, G: 1024 * 1024, b: 1 / 1024, bytes: 1 / 1024 }[unit ?? 'KiB'] ?? 1;
  return Math.round(Number(text ?? 0) * factor);
}
