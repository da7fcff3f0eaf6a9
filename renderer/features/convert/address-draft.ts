import { ipSchema, ipv4Schema, ipv6Schema } from '../../../shared/domain/address';
import { domainNameSchema } from '../../../shared/domain/addressed-spec';
import type { ConversionFinding } from '../../../shared/domain/conversion/finding';
import type { AddressRequest } from '../../../shared/domain/conversion/readdress/address-request';
import { addressRules } from '../../../shared/domain/conversion/readdress/address-rules';
import type { AddressedDevice, ConversionSurvey } from '../../../shared/domain/conversion/survey';

/** What is typed into the form of other addresses, as it was typed. */
export interface AddressDraft {
  /** `leased`: DHCP gives the address; where it does not yet, `address` is the one that it has to give. */
  how: 'leased' | 'fixed';
  address: string;
  gateway: string;
  /** Fixed IPv6 addresses, and the fixed gateway of IPv6. */
  address6: string;
  gateway6: string;
  dns: string;
  search: string;
  mtu: string;
}
export type AddressField = 'address' | 'gateway' | 'address6' | 'gateway6' | 'dns' | 'search' | 'mtu';

export const noAddressDraft: AddressDraft = { how: 'fixed', address: '', gateway: '', address6: '', gateway6: '', dns: '', search: '', mtu: '' };

/** What a draft is judged by. */
export type DraftGround = Pick<ConversionSurvey, 'ground' | 'nameServers' | 'searchDomains'>;

/** What the host has now. Its name servers belong to the device that has the default route. */
export function addressDraftOf(device: AddressedDevice, { nameServers, searchDomains }: DraftGround): AddressDraft {
  const looksUp = device.gateway !== null && device.noNameServers === null;
  return {
    how: device.isLeased ? 'leased' : 'fixed', address: device.replaced ?? '', gateway: device.gateway ?? '', address6: device.fixed6.join(', '), gateway6: device.gateway6 ?? '',
    dns: looksUp ? nameServers.join(', ') : '', search: looksUp ? searchDomains.join(', ') : '', mtu: String(device.outlook.mtu),
  };
}

/** As a finished address: one without a prefix has that of the address it replaces. */
function cidrOf(text: string, device: AddressedDevice): string {
  const trimmed = text.trim();
  const prefix = device.replaced?.split('/')[1];
  return trimmed.includes('/') || prefix === undefined || trimmed === '' ? trimmed : `${trimmed}/${prefix}`;
}

/** A single computer's own network is a LAN of 64 bits (RFC 4291), where nothing is said of it. */
const sixOf = (text: string): string[] => wordsOf(text).map((word) => (word.includes('/') ? word : `${word}/64`));
const wordsOf = (text: string): string[] => text.split(/[\s,;]+/).filter((word) => word !== '');
const same = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ');

/** DHCP is to give what it does not give yet. */
export const takesLease = ({ how }: Pick<AddressDraft, 'how'>, device: AddressedDevice): boolean => how === 'leased' && !device.isLeased;

/** What of the draft is another than today: the rest is not asked for. A lease that ends takes its gateway's name servers along, so they are named. */
function changesOf(draft: AddressDraft, today: AddressDraft, device: AddressedDevice): Partial<Record<AddressField, string>> {
  const fixes = draft.how === 'fixed' && device.isLeased;
  const takes = takesLease(draft, device);
  const address = cidrOf(draft.address, device);
  return {
    ...(draft.how === 'fixed' || takes) && (fixes || address !== today.address) ? { address } : {},
    ...draft.gateway.trim() === today.gateway ? {} : { gateway: draft.gateway.trim() },
    ...same(sixOf(draft.address6), sixOf(today.address6)) ? {} : { address6: draft.address6 },
    ...draft.gateway6.trim() === today.gateway6 ? {} : { gateway6: draft.gateway6.trim() },
    ...!same(wordsOf(draft.dns), wordsOf(today.dns)) || (fixes && wordsOf(draft.dns).length > 0) || (takes && device.noNameServers === null && wordsOf(draft.dns).length === 0) ? { dns: draft.dns } : {},
    ...same(wordsOf(draft.search), wordsOf(today.search)) ? {} : { search: draft.search },
    ...draft.mtu.trim() === today.mtu ? {} : { mtu: draft.mtu.trim() },
  };
}

/** A sentence for what can't be read as what it should be; null: it can. */
function shapeProblem(field: AddressField, text: string, how: AddressDraft['how']): string | null {
  switch (field) {
    case 'address':
      if (text === '') return 'The host keeps one IPv4 address here: type another one.';
      return /^\d+\.\d+\.\d+\.\d+\/\d{1,2}$/.test(text) && ipv4Schema.safeParse(text.split('/')[0]).success ? null : 'Type an IPv4 address with its prefix, such as 192.168.1.30/24.';
    case 'gateway':
      if (text === '') return 'A gateway can’t be taken away here, only be replaced.';
      return ipv4Schema.safeParse(text).success ? null : 'Type the router’s IPv4 address, such as 192.168.1.1.';
    case 'address6': {
      const addresses = sixOf(text);
      if (addresses.length > 16) return 'More than sixteen are not for this form.';
      const odd = addresses.find((cidr) => !/\/\d{1,3}$/.test(cidr) || !ipv6Schema.safeParse(cidr.split('/')[0]).success);
      return odd === undefined ? null : `${odd} is no IPv6 address with its prefix, such as 2001:db8::30/64.`;
    }
    case 'gateway6': return text === '' || ipv6Schema.safeParse(text).success ? null : 'Type the router’s IPv6 address, such as fe80::1.';
    case 'dns': {
      const servers = wordsOf(text);
      if (servers.length === 0) return how === 'leased' ? null : 'Name one server at least.';
      if (servers.length > 8) return 'More than eight are never asked.';
      const odd = servers.find((server) => !ipSchema.safeParse(server).success);
      return odd === undefined ? null : `${odd} is no IPv4 or IPv6 address.`;
    }
    case 'search': {
      const domains = wordsOf(text);
      if (domains.length > 8) return 'More than eight make every lookup slow.';
      const odd = domains.find((domain) => !domainNameSchema.safeParse(domain).success);
      return odd === undefined ? null : `${odd} is no domain, such as lab.internal.`;
    }
    case 'mtu': return /^\d{1,5}$/.test(text) ? null : 'Type a whole number of bytes, such as 1500.';
  }
}

export interface JudgedAddresses {
  /** Of everything that can be read and is another than today. */
  request: AddressRequest;
  errors: Partial<Record<AddressField, string>>;
  warnings: Partial<Record<AddressField, string>>;
  /** Nothing differs from today. */
  isSame: boolean;
}

/** A draft by the rules that the plan is made by, each sentence at its field. */
export function judgeAddresses(draft: AddressDraft, device: AddressedDevice, survey: DraftGround): JudgedAddresses {
  const changes = changesOf(draft, addressDraftOf(device, survey), device);
  const errors: JudgedAddresses['errors'] = {};
  for (const [field, text] of Object.entries(changes) as [AddressField, string][]) {
    const problem = shapeProblem(field, text, draft.how);
    if (problem !== null) errors[field] = problem;
  }
  const readable = (field: AddressField): string | undefined => (errors[field] === undefined ? changes[field] : undefined);
  const [address, gateway, address6, gateway6, dns, search, mtu] = [readable('address'), readable('gateway'), readable('address6'), readable('gateway6'), readable('dns'), readable('search'), readable('mtu')];
  const request: AddressRequest = {
    device: device.outlook.device, ...takesLease(draft, device) ? { dhcp: true } : {}, ...address === undefined ? {} : { address }, ...gateway === undefined ? {} : { gateway },
    ...address6 === undefined ? {} : { addresses6: sixOf(address6) }, ...gateway6 === undefined ? {} : { gateway6: gateway6 === '' ? null : gateway6 },
    ...dns === undefined ? {} : { dns: wordsOf(dns) }, ...search === undefined ? {} : { search: wordsOf(search) }, ...mtu === undefined ? {} : { mtu: Number(mtu) },
  };
  const warnings: JudgedAddresses['warnings'] = {};
  for (const finding of addressRules(survey.ground, request)) {
    const field = fieldOf(finding);
    const sentences = finding.severity === 'blocker' ? errors : warnings;
    if (field !== null) sentences[field] ??= [`${finding.title}.`, finding.detail, finding.alternative ?? ''].join(' ').trim();
  }
  // Today's gateway is judged by an address that can be one.
  if (errors.address !== undefined && changes.gateway === undefined) delete errors.gateway;
  if (errors.address6 !== undefined && changes.gateway6 === undefined) delete errors.gateway6;
  return { request, errors, warnings, isSame: Object.keys(changes).length === 0 && !takesLease(draft, device) };
}

/** The part of the code before its point is the field's name, where the finding is about one. */
function fieldOf({ code }: ConversionFinding): AddressField | null {
  const [field] = code.split('.');
  return field === 'address' || field === 'gateway' || field === 'address6' || field === 'gateway6' || field === 'dns' || field === 'search' || field === 'mtu' ? field : null;
}
