/** Schemes a page needs no network for. */
const localSchemes = ['app:', 'data:', 'blob:', 'devtools:', 'chrome-extension:'];

/** Sites whose pages the app links to: the manuals of what it configures. Everything else stays closed. */
const linkedHosts = [
  'libvirt.org',
  'www.openvswitch.org',
  'docs.openvswitch.org',
  'networkmanager.dev',
  'netplan.readthedocs.io',
  'wiki.debian.org',
  'manpages.debian.org',
  'www.freedesktop.org',
  'www.electronjs.org',
];

/**
 * @param devServer the dev server's address, like `http://127.0.0.1:5173`; only development bundles have one
 * @returns whether the window may load this URL at all; the last line behind the content security policy
 */
export function isAllowedRequest(url: string, devServer?: string): boolean {
  if (devServer && [devServer, devServer.replace(/^http/, 'ws')].some((origin) => url.startsWith(`${origin}/`))) return true;
  return localSchemes.some((scheme) => url.startsWith(scheme));
}

/**
 * @returns whether a link may be handed to the system's browser: https, a listed site, its usual port and no
 *   credentials (they could make a foreign address look like a listed one)
 */
export function isAllowedExternalLink(url: string): boolean {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    // What is no URL is no link.
    return false;
  }
  return (
    parsed.protocol === 'https:' &&
    parsed.port === '' &&
    parsed.username === '' &&
    parsed.password === '' &&
    linkedHosts.includes(parsed.hostname)
  );
}

/**
 * @returns an address for the system's browser, with the host as the network sees it (Punycode, port included); null for
 *   anything but http and https, and for addresses with credentials, whose host is easily misread
 */
export function readWebAddress(url: string): { href: string; host: string; isEncrypted: boolean } | null {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    // What is no URL is no address.
    return null;
  }
  if ((parsed.protocol !== 'https:' && parsed.protocol !== 'http:') || parsed.username !== '' || parsed.password !== '') return null;
  return { href: parsed.href, host: parsed.host, isEncrypted: parsed.protocol === 'https:' };
}
