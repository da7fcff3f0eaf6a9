/**
 * The policy every answer of the app protocol carries (W3C Content Security Policy 3). Styles may be inline because
 * terminal and component libraries position things by style attributes; scripts never may.
 */
const directives: Record<string, string> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'font-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'frame-ancestors': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/**
 * @param devServerSocket `ws://127.0.0.1:port` of the dev server's change notices; only development bundles pass it
 * @returns the value of the Content-Security-Policy header
 */
export function contentSecurityPolicy(devServerSocket?: string): string {
  return Object.entries(directives)
    .map(([name, value]) => (name === 'connect-src' && devServerSocket ? `${name} ${value} ${devServerSocket}` : `${name} ${value}`))
    .join('; ');
}
