import type { Element } from '@xmldom/xmldom';
import { attribute, childElement, childElements, textOf } from '../../../../shared/domain/xml/read-element';
import { escapeXml } from '../../../../shared/domain/xml/xml-source';
import { readFileOf } from '../files';
import type { DirectBoot } from '../host-state';
import type { World } from '../world';
import { LibvirtError } from './libvirt-error';

/** Null: the machine boots its disk. */
export function parseBoot(domain: Element): DirectBoot | null {
  const os = childElement(domain, 'os');
  const kernel = textOf(childElement(os, 'kernel'));
  if (kernel === null) return null;
  const entries = childElements(domain, 'sysinfo').filter((info) => attribute(info, 'type') === 'fwcfg').flatMap((info) => childElements(info, 'entry'));
  return {
    kernel, initrd: textOf(childElement(os, 'initrd')) ?? '', options: textOf(childElement(os, 'cmdline')) ?? '',
    files: entries.filter((entry) => attribute(entry, 'file') === null).map((entry): [string, string] => [attribute(entry, 'name') ?? '', textOf(entry) ?? '']),
    hostFiles: entries.flatMap((entry): [string, string][] => { const file = attribute(entry, 'file'); return file === null ? [] : [[attribute(entry, 'name') ?? '', file]]; }),
    onCrash: textOf(childElement(domain, 'on_crash')) ?? 'destroy',
  };
}

/** Above `<os>`. */
export function formatFirmwareFiles(boot: DirectBoot | undefined): string[] {
  if (!boot || boot.files.length === 0) return [];
  return [
    '  <sysinfo type=\'fwcfg\'>', ...boot.files.map(([name, text]) => `    <entry name='${escapeXml(name)}'>${escapeXml(text)}</entry>`),
    ...(boot.hostFiles ?? []).map(([name, file]) => `    <entry name='${escapeXml(name)}' file='${escapeXml(file)}'/>`), '  </sysinfo>',
  ];
}

/** In `<os>`, in place of the device to boot from. */
export function formatBoot(boot: DirectBoot | undefined): string[] {
  if (!boot) return ['    <boot dev=\'hd\'/>'];
  return [`    <kernel>${escapeXml(boot.kernel)}</kernel>`, `    <initrd>${escapeXml(boot.initrd)}</initrd>`, `    <cmdline>${escapeXml(boot.options)}</cmdline>`, '    <boot dev=\'hd\'/>'];
}

/** Throws LibvirtError where a file that it boots is not there. */
export function requireBootFiles(world: World, boot: DirectBoot | undefined): void {
  const missing = boot ? [boot.kernel, boot.initrd, ...(boot.hostFiles ?? []).map(([, path]) => path)].find((path) => path !== '' && readFileOf(world, path) === null) : undefined;
  if (missing !== undefined) throw new LibvirtError(`unable to stat: ${missing}: No such file or directory`);
}
