import { contentOf, linkOf } from '../facts';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem } from '../finding';
import { formatIni, iniLine, iniValue, parseIni, setIni } from '../ini';
import type { IniSection } from '../ini';
import type { LastingFile } from '../release';
import { addressSections, ownSettings } from './profile-sections';
import { profileId } from './profile-id';

const folder = '/etc/NetworkManager/system-connections/';

/** A profile of its own for the NIC: what the bridge's says about addresses, and the port's about the link. The bridge's and the port's go. */
export function releasedProfiles(facts: ConversionFacts, spec: ConversionSpec): LastingFile[] {
  const bridge = readProfile(facts, spec.bridge);
  const port = readProfile(facts, spec.nic);
  const conf = `/etc/NetworkManager/conf.d/90-netwright-${spec.bridge}.conf`;
  return [
    { path: freeProfilePath(facts, spec.nic), mode: 0o600, content: formatIni(nicProfile(facts, spec, bridge, port)) },
    ...[bridge.path, port.path, ...contentOf(facts, conf) === undefined ? [] : [conf]].map((path) => ({ path, mode: 0o600, content: null })),
  ];
}

interface Profile { path: string; uuid: string; sections: IniSection[] }

/** The active one of a device. @throws ConfigProblem for one that can't be read, or would not be gone for good */
export function readProfile(facts: ConversionFacts, name: string): Profile {
  const device = facts.networkManager[name];
  if (!device?.uuid) throw ConfigProblem.of('config.missing', `No profile is active on ${name}`, `NetworkManager names no connection profile for ${name}.`);
  const content = device.file === null ? undefined : contentOf(facts, device.file);
  if (device.file === null || content === undefined) throw ConfigProblem.of('config.unreadable', `The profile of ${name} can't be read`, 'It stands in no file, so that what it says can\'t be carried over.');
  if (!device.file.startsWith(folder)) throw ConfigProblem.of('config.volatile', `${device.file} is no keyfile below /etc`, 'It can\'t be taken away for good.');
  return { path: device.file, uuid: device.uuid, sections: parseIni(device.file, content) };
}

/** For a profile of the NIC's own, beside those that are there. */
export function freeProfilePath(facts: ConversionFacts, nic: string): string {
  const paths = ['', ...Array.from({ length: 99 }, (_, at) => `-${at + 2}`)].map((suffix) => `${folder}${nic}${suffix}.nmconnection`);
  return paths.find((path) => !facts.files.some((file) => file.path === path))!;
}

function nicProfile(facts: ConversionFacts, spec: ConversionSpec, bridge: Profile, port: Profile): IniSection[] {
  const kept = bridge.sections.filter(({ name }) => name === 'connection').flatMap(({ lines }) => lines)
    .filter(({ key }) => key !== null && (!ownSettings.test(key) || key === 'autoconnect-priority'));
  const blank = { text: '', key: null, value: '', line: 0 };
  const connection: IniSection = {
    name: 'connection',
    lines: [iniLine('id', spec.nic), iniLine('uuid', profileId(bridge.uuid, spec.nic, 'nic')), iniLine('type', iniValue(port.sections, 'connection', 'type') ?? 'ethernet'),
      iniLine('interface-name', spec.nic), ...kept, blank],
  };
  let sections = [
    connection,
    ...port.sections.filter(({ name }) => name !== '' && name !== 'connection' && name !== 'bridge-port' && !addressSections.test(name)),
    ...bridge.sections.filter(({ name }) => addressSections.test(name)),
  ];
  const link = linkOf(facts, spec.bridge);
  const clientId = link?.dhcpClientId ?? null;
  if (clientId !== null && clientId !== `01:${link?.mac ?? ''}` && iniValue(sections, 'ipv4', 'dhcp-client-id') === undefined) sections = setIni(sections, 'ipv4', 'dhcp-client-id', clientId);
  return sections;
}
