import { describe, expect, it } from 'vitest';
import { isAllowedExternalLink, isAllowedRequest, readWebAddress } from './allowed-addresses';

describe('isAllowedExternalLink', () => {
  it.each(['https://libvirt.org/formatnetwork.html', 'https://docs.openvswitch.org/en/latest/#top'])('opens %s', (url) => {
    expect(isAllowedExternalLink(url)).toBe(true);
  });

  it.each([
    'http://libvirt.org/', 'https://libvirt.org:8443/', 'https://libvirt.org.example.com/', 'https://example.com/?libvirt.org',
    'https://libvirt.org@example.com/', 'https://user:secret@libvirt.org/', 'javascript:alert(1)', 'file:///etc/passwd', 'libvirt.org', '',
  ])('keeps %s closed', (url) => {
    expect(isAllowedExternalLink(url)).toBe(false);
  });
});

describe('isAllowedRequest', () => {
  it('lets the page load from the app and from memory', () => {
    expect(['app://netwright/a.js', 'data:image/png;base64,', 'blob:app://netwright/1'].every((url) => isAllowedRequest(url))).toBe(true);
  });

  it('lets nothing out', () => {
    expect(['http://127.0.0.1/', 'https://api.iconify.design/lucide.json', 'ws://x/', 'file:///etc/passwd', 'ftp://x/'].some((url) => isAllowedRequest(url))).toBe(false);
  });

  it('reaches the dev server in development, and no neighbour of it', () => {
    const dev = 'http://127.0.0.1:5173';
    expect(isAllowedRequest('ws://127.0.0.1:5173/?token=x', dev)).toBe(true);
    expect(isAllowedRequest('http://127.0.0.1:5173/app/main.ts', dev)).toBe(true);
    expect(isAllowedRequest('http://127.0.0.1:51730/', dev)).toBe(false);
  });
});

describe('readWebAddress', () => {
  it('names the host as it goes over the wire', () => {
    expect(readWebAddress('https://exämple.com/a?b#c')).toEqual({ href: 'https://xn--exmple-cua.com/a?b#c', host: 'xn--exmple-cua.com', isEncrypted: true });
    expect(readWebAddress('http://10.0.0.12:8080/')).toMatchObject({ host: '10.0.0.12:8080', isEncrypted: false });
  });

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'ssh://attic', 'https://libvirt.org@evil.example/', 'attic:80', ''])('takes %s for none', (url) => {
    expect(readWebAddress(url)).toBeNull();
  });
});
