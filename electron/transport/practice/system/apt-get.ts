import type { UnitState } from '../host-state';
import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';

interface Package {
  tools: readonly string[];
  units: readonly Omit<UnitState, 'load'>[];
}

const running = (name: string, description: string): Omit<UnitState, 'load'> => ({ name, description, active: 'active', sub: name.endsWith('.socket') ? 'listening' : 'running', file: 'enabled', preset: 'enabled' });

/** What of Debian 12 can be installed here, with what it brings. */
const packages: Record<string, Package> = {
  'libvirt-daemon-system': {
    tools: [], units: [
      running('libvirtd.service', 'Virtualization daemon'), running('libvirtd.socket', 'Libvirt local socket'), running('libvirtd-ro.socket', 'Libvirt local read-only socket'),
      running('libvirtd-admin.socket', 'Libvirt admin socket'),
    ],
  },
  'libvirt-clients': { tools: ['virsh'], units: [] },
  'qemu-system-x86': { tools: ['qemu-system-x86_64', 'kvm'], units: [] },
  'dnsmasq-base': { tools: ['dnsmasq'], units: [] },
  'openvswitch-switch': { tools: ['ovs-vsctl', 'ovs-appctl', 'ovsdb-client'], units: [running('openvswitch-switch.service', 'Open vSwitch')] },
  'iptables': { tools: ['iptables', 'iptables-save', 'ip6tables', 'ip6tables-save'], units: [] },
  'iproute2': { tools: ['ip', 'ss', 'bridge', 'tc'], units: [] },
};

/** apt-get(8) of Debian 12: `update`, `install`, with `--simulate`. */
export function aptGet(world: World, args: readonly string[]): ToolResult {
  const words = args.filter((word, at) => !word.startsWith('-') && args[at - 1] !== '-o');
  const [verb, ...names] = words;
  if (verb === 'update') return succeed('Reading package lists...\n');
  if (verb !== 'install') return fail(100, `E: Invalid operation ${verb ?? ''}\n`);
  const head = 'Reading package lists...\nBuilding dependency tree...\nReading state information...\n';
  const unknown = names.find((name) => !Object.hasOwn(packages, name));
  if (unknown !== undefined) return fail(100, `E: Unable to locate package ${unknown}\n`, head);
  const fresh = names.filter((name) => !isInstalled(world, packages[name]!));
  const known = names.filter((name) => !fresh.includes(name)).map((name) => `${name} is already the newest version.\n`).join('');
  const count = `0 upgraded, ${fresh.length} newly installed, 0 to remove and 0 not upgraded.\n`;
  if (args.includes('--simulate') || args.includes('-s')) return succeed(`${head}${known}${count}${fresh.map((name) => `Inst ${name}\n`).join('')}${fresh.map((name) => `Conf ${name}\n`).join('')}`);
  for (const name of fresh) install(world, packages[name]!);
  return succeed(`${head}${known}${count}${fresh.map((name) => `Unpacking ${name} ...\nSetting up ${name} ...\n`).join('')}`);
}

function isInstalled({ state }: World, { tools, units }: Package): boolean {
  return tools.every((tool) => Object.hasOwn(state.tools, tool)) && units.every((unit) => state.units.some((known) => known.name === unit.name && known.load === 'loaded'));
}

function install({ state }: World, { tools, units }: Package): void {
  for (const tool of tools) state.tools[tool] ??= `/usr/bin/${tool}`;
  for (const unit of units) {
    state.units = [...state.units.filter((known) => known.name !== unit.name || known.load === 'loaded')];
    if (!state.units.some((known) => known.name === unit.name)) state.units.push({ ...unit, load: 'loaded' });
  }
}
