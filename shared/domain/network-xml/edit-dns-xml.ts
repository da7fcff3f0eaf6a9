import type { Element } from '@xmldom/xmldom';
import type { AddressedSpec } from '../addressed-spec';
import { isEmptyElement, removeElement, setAttribute, setText } from '../xml/edit-element';
import { attribute, childElements, textOf } from '../xml/read-element';
import { syncElements } from '../xml/sync-elements';
import {
  dnsHostElements, forwarderElements, newDnsHost, newForwarder, newHostname, newService, newText, readService, serviceElements, textElements,
} from './addressed-elements';
import { ensureInNetwork, same } from './edit-network-xml';

type Dns = Pick<AddressedSpec, 'dnsEnabled' | 'dnsForwarders' | 'dnsTexts' | 'dnsServices' | 'dnsHosts'>;

/** `<dns>` made to say `spec`; libvirt prints forwarders, texts, services and hosts in this order. */
export function setDns(root: Element, current: Dns, spec: Dns): void {
  const dns = ensureInNetwork(root, 'dns');
  if (current.dnsEnabled !== spec.dnsEnabled) setAttribute(dns, 'enable', spec.dnsEnabled ? null : 'no');
  if (!same(current.dnsForwarders, spec.dnsForwarders)) {
    const key = (address: string | null, domain: string | null): string => `${address} ${domain}`;
    syncElements({
      parent: dns, elements: forwarderElements(dns), before: firstOf(dns, ['txt', 'srv', 'host']),
      keyOf: (element) => key(attribute(element, 'addr'), attribute(element, 'domain')), keyOfValue: (item) => key(item.address, item.domain),
      update: () => undefined, make: newForwarder,
    }, spec.dnsForwarders);
  }
  if (!same(current.dnsTexts, spec.dnsTexts)) {
    syncElements({
      parent: dns, elements: textElements(dns), before: firstOf(dns, ['srv', 'host']),
      keyOf: (element) => attribute(element, 'name') ?? '', keyOfValue: (item) => item.name,
      update: (element, item) => setAttribute(element, 'value', item.value), make: newText,
    }, spec.dnsTexts);
  }
  if (!same(current.dnsServices, spec.dnsServices)) {
    syncElements({
      parent: dns, elements: serviceElements(dns), before: firstOf(dns, ['host']),
      keyOf: (element) => serviceKey(readService(element)), keyOfValue: serviceKey,
      update: (element, { port, priority, weight }) => {
        setAttribute(element, 'port', port);
        setAttribute(element, 'priority', priority);
        setAttribute(element, 'weight', weight);
      },
      make: newService,
    }, spec.dnsServices);
  }
  if (!same(current.dnsHosts, spec.dnsHosts)) {
    syncElements({
      parent: dns, elements: dnsHostElements(dns),
      keyOf: (element) => attribute(element, 'ip') ?? '', keyOfValue: (host) => host.ip,
      update: (element, host) => setHostnames(element, host.hostnames), make: newDnsHost,
    }, spec.dnsHosts);
  }
  if (isEmptyElement(dns)) removeElement(dns);
}

function firstOf(dns: Element, names: readonly string[]): Element | null {
  return childElements(dns).find((child) => names.includes(child.nodeName)) ?? null;
}

function serviceKey({ service, protocol, domain, target }: ReturnType<typeof readService>): string {
  return JSON.stringify([service, protocol, domain, target]);
}

function setHostnames(host: Element, names: readonly string[]): void {
  const name = (element: Element): string => textOf(element) ?? '';
  syncElements({
    parent: host, elements: childElements(host, 'hostname'), keyOf: name, keyOfValue: (text) => text, update: setText, make: newHostname,
  }, names);
}
