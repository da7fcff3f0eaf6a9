import type { Element } from '@xmldom/xmldom';
import { insertElement } from '../xml/edit-element';
import type { NewElement } from '../xml/edit-element';
import { parseRoot, parseXml } from '../xml/parse-xml';
import { attribute, childElement, childElements, textOf } from '../xml/read-element';
import { writeXml } from '../xml/xml-source';
import { firmwareFiles, firmwareName } from './router-files';
import { hostKeyPath, routerImage } from './router-image';
import { newRouterMark, readRouterMark } from './router-mark';
import type { RouterMark } from './router-mark';
import { routerNetwork } from './router-network';
import { routerRules } from './router-rules';
import { namedInterfaces, plainKey } from './router-spec';
import type { RouterSpec } from './router-spec';

/** What of the host decides how its guests are made. */
export interface RouterPlatform {
  /** As uname(1) says it. */
  architecture: string;
  kvm: boolean;
}

interface Architecture { machine: string; console: string; options: string }

const architectures: Readonly<Record<string, Architecture>> = {
  // Without a timer interrupt at the moment it looks for one, which happens under emulation, a kernel would give up.
  x86_64: { machine: 'q35', console: 'ttyS0', options: ' no_timer_check' },
  aarch64: { machine: 'virt', console: 'ttyAMA0', options: '' },
};

export function canRoute(architecture: string): boolean {
  return Object.hasOwn(architectures, architecture);
}

/** Of these some 70 are the kernel and what is unpacked into memory at boot. */
const memoryMiB = 128;

/**
 * The definition of a router (https://libvirt.org/formatdomain.html): direct kernel boot of the host's image, and all that it does as text in
 * `<sysinfo type='fwcfg'>` (libvirt 6.5), so that the definition is the whole truth. libvirt 9.0 hands that text to qemu with its quotes
 * as `&quot;`, and qemu ends it at the first comma: neither may be in it. A crash, and a panic of its kernel, restart it.
 * Throws for an architecture that `canRoute` refuses.
 */
export function buildRouterXml(uuid: string, spec: RouterSpec, mark: RouterMark, { architecture, kvm }: RouterPlatform): string {
  const platform = Object.hasOwn(architectures, architecture) ? architectures[architecture] : undefined;
  if (!platform) throw new Error(`No router can be made for ${architecture}`);
  const document = parseXml(`<domain type='${kvm ? 'kvm' : 'qemu'}'/>\n`);
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  // libvirt takes no entry without text.
  const files = { network: routerNetwork(spec), rules: routerRules(spec), ...spec.ssh ? { keys: ['# Who may log in.', ...spec.ssh.keys.map(plainKey), ''].join('\n') } : {} };
  const elements: NewElement[] = [
    { name: 'name', text: spec.name },
    { name: 'uuid', text: uuid },
    ...spec.title === null ? [] : [{ name: 'title', text: spec.title }],
    newRouterMark(mark),
    { name: 'memory', attributes: { unit: 'MiB' }, text: String(memoryMiB) },
    { name: 'vcpu', text: '1' },
    {
      name: 'sysinfo', attributes: { type: 'fwcfg' }, children: [
        ...Object.entries(files).map(([name, text]) => ({ name: 'entry', attributes: { name: firmwareName(name) }, text })),
        // A secret, and whoever may read definitions would read it there: so it is a file, which qemu reads.
        ...spec.ssh ? [{ name: 'entry', attributes: { name: firmwareName('hostkey'), file: hostKeyPath(uuid) } }] : [],
      ],
    },
    {
      name: 'os', children: [
        { name: 'type', attributes: { arch: architecture, machine: platform.machine }, text: 'hvm' },
        { name: 'kernel', text: routerImage.kernel }, { name: 'initrd', text: routerImage.initrd },
        { name: 'cmdline', text: `console=${platform.console} quiet panic=5${platform.options}` },
      ],
    },
    // Its files come by ACPI, as does the wish that it shut down.
    { name: 'features', children: [{ name: 'acpi' }] },
    { name: 'cpu', attributes: { mode: kvm ? 'host-passthrough' : 'maximum' } },
    { name: 'clock', attributes: { offset: 'utc' } },
    { name: 'on_poweroff', text: 'destroy' }, { name: 'on_reboot', text: 'restart' }, { name: 'on_crash', text: 'restart' },
    {
      name: 'devices', children: [
        ...nicsOf(spec),
        { name: 'serial', attributes: { type: 'pty' } }, { name: 'console', attributes: { type: 'pty' } },
        { name: 'memballoon', attributes: { model: 'none' } },
      ],
    },
  ];
  for (const element of elements) insertElement(root, element);
  return writeXml(document);
}

function nicsOf(spec: RouterSpec): NewElement[] {
  const all = namedInterfaces(spec);
  return all.filter(({ mac }, at) => all.findIndex((other) => other.mac === mac) === at).map(({ mac, network, portgroup, fillsChecksums }) => ({
    name: 'interface', attributes: { type: 'network' }, children: [
      { name: 'mac', attributes: { address: mac } }, { name: 'source', attributes: { network, portgroup } }, { name: 'model', attributes: { type: 'virtio' } },
      ...fillsChecksums ? [{ name: 'driver', children: [{ name: 'host', attributes: { csum: 'off' } }] }] : [],
    ],
  }));
}

/**
 * All of a definition that a router depends on, as text that is the same for two definitions of the same router: libvirt adds places and
 * names to what it was given. Throws AppError `libvirt.xml-invalid`.
 */
export function routerEssence(xml: string): string {
  const root = parseRoot(xml, 'domain');
  const os = childElement(root, 'os');
  const text = (parent: Element | null, name: string): string | null => textOf(childElement(parent, name))?.trim() ?? null;
  const devices = childElement(root, 'devices');
  return JSON.stringify({
    name: text(root, 'name'), title: text(root, 'title'), mark: readRouterMark(root), crash: text(root, 'on_crash'),
    kernel: text(os, 'kernel'), initrd: text(os, 'initrd'), options: text(os, 'cmdline'),
    files: Object.entries(firmwareFiles(root)).sort(([a], [b]) => (a < b ? -1 : 1)),
    nics: (devices ? childElements(devices, 'interface') : []).map((nic) => ({
      mac: attribute(childElement(nic, 'mac'), 'address')?.toLowerCase(), network: attribute(childElement(nic, 'source'), 'network'),
      portgroup: attribute(childElement(nic, 'source'), 'portgroup'), isDown: attribute(childElement(nic, 'link'), 'state') === 'down',
    })),
  });
}

/** What a router of this definition does, as it was written into it; `hostkey`: where the file with its host key is. */
export function filesOfRouter(xml: string): { network?: string; rules?: string; keys?: string; hostkey?: string } {
  return firmwareFiles(parseRoot(xml, 'domain'));
}
